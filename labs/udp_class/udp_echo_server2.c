/*
 * udp_echo_server2: answers every datagram with its own bytes and prints it, until Enter is pressed.
 *
 * Two things happen at once: somebody may press Enter, and somebody may send. The main thread waits
 * at the keyboard, the thread of simple_udp at the socket. What is left to write here is what
 * makes this server an echo: one function, and a struct that is a simple_udp and a buffer.
 *
 * There is one socket for all clients. Every datagram brings the address of its sender, and the
 * answer goes there; the server remembers nobody.
 */
#include "simple_udp.h"

#define PROGRAM "udp_echo_server2"

static const char usage[] =
	"usage: " PROGRAM " [--address ADDRESS] [--port PORT]\n"
	"Echo and print every UDP datagram until Enter is pressed.\n"
	"  --address ADDRESS  IPv4 address to wait on (0.0.0.0: all of this host's)\n"
	"  --port PORT        port to wait on (49002)\n"
	"  --help             print this\n";

struct echo_server {
	struct simple_udp udp; /* the parent, first: an echo_server is a simple_udp */
	unsigned char data[SIMPLE_UDP_LARGEST];
};

static int failed(const char *what)
{
	fprintf(stderr, PROGRAM ": %s: %s\n", what, strerror(errno));
	return EXIT_FAILURE;
}

static void print_datagram(const struct sockaddr_in *from, const unsigned char *data, size_t len)
{
	char address[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &from->sin_addr, address, sizeof(address));
	printf("addr = ('%s', %u), data = ", address, ntohs(from->sin_port));
	fwrite(data, 1, len, stdout); /* not %s: a NUL byte would end it */
	putchar('\n');
	fflush(stdout);
}

/* One datagram, or the end. The answer goes first: whatever the bytes are, printing cannot hold it up. */
static bool echo(void *context)
{
	struct echo_server *server = context;
	struct sockaddr_in from;
	ssize_t len = simple_udp_receive(&server->udp, server->data, sizeof(server->data), &from);

	if (len < 0) {
		if (errno != ECANCELED)
			failed("cannot receive");
		return errno != ECANCELED;
	}
	if (simple_udp_send(&server->udp, server->data, (size_t)len, &from) < 0)
		failed("cannot answer");
	print_datagram(&from, server->data, (size_t)len);
	return true;
}

static void wait_for_enter(void)
{
	int key;

	puts("Press the Enter key to exit.");
	fflush(stdout);
	do
		key = getchar();
	while (key != '\n' && key != EOF);
}

int main(int argc, char **argv)
{
	struct sockaddr_in own = { .sin_family = AF_INET, .sin_port = htons(49002) };
	struct echo_server server;

	simple_udp_arguments(argc, argv, usage, &own);
	if (simple_udp_init(&server.udp, &own) < 0)
		return failed("cannot open and bind the socket");
	if (simple_udp_callback(&server.udp, echo, &server) < 0)
		return failed("cannot start the thread");
	wait_for_enter();
	simple_udp_stop(&server.udp);
	simple_udp_term(&server.udp);
	return EXIT_SUCCESS;
}
