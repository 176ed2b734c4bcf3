/*
 * udp_echo_client2: asks for a line, sends it as one datagram, waits for one answer and prints it.
 *
 * The other child of simple_udp. It needs no port of its own, so nothing is bound, and its function
 * wants to be called once: it returns false, the thread ends, and main(), which waited for that,
 * cleans up. Nothing of sockets, threads and stopping is written twice.
 */
#include "simple_udp.h"

#define PROGRAM "udp_echo_client2"

static const char usage[] =
	"usage: " PROGRAM " [--address ADDRESS] [--port PORT]\n"
	"Send one line as a UDP datagram and print the answer.\n"
	"  --address ADDRESS  IPv4 address of the server (127.0.0.1)\n"
	"  --port PORT        port of the server (49002)\n"
	"  --help             print this\n";

struct echo_client {
	struct simple_udp udp; /* the parent, first: an echo_client is a simple_udp */
	struct sockaddr_in server;
	int status; /* for exit() */
};

static int failed(const char *what)
{
	fprintf(stderr, PROGRAM ": %s: %s\n", what, errno ? strerror(errno) : "end of input");
	return EXIT_FAILURE;
}

/* Read a line, without its newline, into *LINE, the caller's to free. Returns its length or -1. */
static ssize_t ask(const char *prompt, char **line)
{
	size_t size = 0;
	ssize_t len;

	fputs(prompt, stdout);
	fflush(stdout);
	errno = 0;
	len = getline(line, &size, stdin);
	if (len > 0 && (*line)[len - 1] == '\n')
		len--;
	return len;
}

static int print_answer(struct echo_client *client)
{
	unsigned char data[SIMPLE_UDP_LARGEST];
	struct sockaddr_in from;
	ssize_t len = simple_udp_receive(&client->udp, data, sizeof(data), &from);

	if (len < 0)
		return failed("cannot receive");
	fputs("recv data: ", stdout);
	fwrite(data, 1, (size_t)len, stdout); /* not %s: a NUL byte would end it */
	putchar('\n');
	return fflush(stdout) == 0 ? EXIT_SUCCESS : failed("cannot print");
}

static bool echo(void *context)
{
	struct echo_client *client = context;
	char *line = NULL;
	ssize_t len = ask("data: ", &line);

	if (len < 0)
		client->status = failed("cannot read the line");
	else if (simple_udp_send(&client->udp, line, (size_t)len, &client->server) < 0)
		client->status = failed("cannot send");
	else
		client->status = print_answer(client);
	free(line);
	return false;
}

int main(int argc, char **argv)
{
	struct echo_client client = { .server = { .sin_family = AF_INET, .sin_port = htons(49002),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) } };

	simple_udp_arguments(argc, argv, usage, &client.server);
	if (simple_udp_init(&client.udp, NULL) < 0)
		return failed("cannot open the socket");
	if (simple_udp_callback(&client.udp, echo, &client) < 0)
		return failed("cannot start the thread");
	simple_udp_wait(&client.udp);
	simple_udp_term(&client.udp);
	return client.status;
}
