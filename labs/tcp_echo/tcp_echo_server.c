/*
 * tcp_echo_server: answers every client with the time and with the client's own bytes, until Enter is pressed.
 *
 * The server is an object: a struct with what belongs together (the listening socket and the thread that
 * waits on it) and functions that get it as their first argument, its methods. echo_server_init() makes
 * it live, echo_server_term() ends it. tcp_echo_server_functions.c is the same program without it.
 *
 * Three things go on at once, each in a thread of its own: main() waits for the Enter key, accept_clients() for
 * clients, and one serve() per client for the client's bytes. So a client that connects and says nothing
 * holds up nobody.
 *
 * accept() hands out a new socket for each client; the listening one goes on listening. The side that
 * closes first keeps its half of the connection for a minute (TIME_WAIT), here the server; without
 * SO_REUSEADDR the port could not be bound again until that is over.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define PROGRAM "tcp_echo_server"
#define LARGEST 1500 /* bytes of one question */

struct echo_server {
	int sock;
	pthread_t acceptor;
};

static const char usage[] =
	"usage: " PROGRAM " [--address ADDRESS] [--port PORT]\n"
	"Answer TCP clients with the time and their own bytes, until Enter is pressed.\n"
	"  --address ADDRESS  IPv4 address to listen on (0.0.0.0: all of this host's)\n"
	"  --port PORT        port to listen on (49001)\n"
	"  --help             print this\n";

static int failed(const char *what)
{
	fprintf(stderr, PROGRAM ": %s: %s\n", what, strerror(errno));
	return -1;
}

/* Seconds since the epoch, with their fraction. */
static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* One line, whole, even when another thread prints too. */
static void print_exchange(double stamp, const uint8_t *data, size_t len)
{
	flockfile(stdout);
	printf("%.6f ", stamp);
	fwrite(data, 1, len, stdout); /* not %s: a NUL byte would end it */
	putchar('\n');
	fflush(stdout);
	funlockfile(stdout);
}

/* TCP is a stream of bytes: send() may take fewer than it is given. */
static bool send_all(int sock, const uint8_t *bytes, size_t len)
{
	while (len > 0) {
		ssize_t sent = send(sock, bytes, len, MSG_NOSIGNAL);

		if (sent < 0)
			return false;
		bytes += sent;
		len -= (size_t)sent;
	}
	return true;
}

/* A client that has left, or resets, is served no more; the others are. */
static void answer(int sock)
{
	uint8_t reply[sizeof(double) + LARGEST];
	ssize_t len = recv(sock, reply + sizeof(double), LARGEST, 0);
	double stamp = now();

	if (len <= 0)
		return;
	memcpy(reply, &stamp, sizeof(stamp));
	if (send_all(sock, reply, sizeof(stamp) + (size_t)len))
		print_exchange(stamp, reply + sizeof(stamp), (size_t)len);
}

static void *serve(void *argument)
{
	int sock = (int)(intptr_t)argument;

	answer(sock);
	close(sock);
	return NULL;
}

static void start_serving(int sock, const struct sockaddr_in *client)
{
	char address[INET_ADDRSTRLEN];
	pthread_t thread;

	inet_ntop(AF_INET, &client->sin_addr, address, sizeof(address));
	printf("Client IP: %s, Port: %u\n", address, ntohs(client->sin_port));
	fflush(stdout);
	if (pthread_create(&thread, NULL, serve, (void *)(intptr_t)sock) != 0)
		close(sock);
	else
		pthread_detach(thread);
}

/* Until the listening socket is shut down. A client that was gone before it was accepted is no reason to stop. */
static void *accept_clients(void *argument)
{
	const struct echo_server *server = argument;

	for (;;) {
		struct sockaddr_in client;
		socklen_t len = sizeof(client);
		int sock = accept(server->sock, (struct sockaddr *)&client, &len);

		if (sock >= 0)
			start_serving(sock, &client);
		else if (errno == EINVAL || errno == EBADF)
			return NULL;
	}
}

/* Returns 0, or -1 when it could not be started; then there is nothing to end. */
static int echo_server_init(struct echo_server *server, const struct sockaddr_in *own)
{
	int on = 1;

	server->sock = socket(AF_INET, SOCK_STREAM, 0);
	if (server->sock < 0)
		return failed("cannot open a TCP socket");
	setsockopt(server->sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(server->sock, (const struct sockaddr *)own, sizeof(*own)) == 0 && listen(server->sock, 5) == 0 &&
		pthread_create(&server->acceptor, NULL, accept_clients, server) == 0)
		return 0;
	failed("cannot listen");
	close(server->sock);
	return -1;
}

/* shutdown() wakes the thread that waits in accept(); close() alone would not. */
static void echo_server_term(struct echo_server *server)
{
	shutdown(server->sock, SHUT_RDWR);
	pthread_join(server->acceptor, NULL);
	close(server->sock);
}

static void bad_argument(const char *what, const char *text)
{
	fprintf(stderr, PROGRAM ": %s: '%s'\n%s", what, text, usage);
	exit(2);
}

static uint16_t parse_port(const char *text)
{
	char *end;
	unsigned long port = strtoul(text, &end, 10);

	if (strspn(text, "0123456789") == 0 || *end != '\0' || port < 1 || port > 65535)
		bad_argument("a port is a number from 1 to 65535", text);
	return port;
}

static struct sockaddr_in parse_options(int argc, char **argv)
{
	static const struct option names[] = {
		{ "address", required_argument, NULL, 'a' },
		{ "port", required_argument, NULL, 'p' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct sockaddr_in own = { .sin_family = AF_INET, .sin_port = htons(49001) };
	int name;

	while ((name = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (name == 'a') {
			if (inet_pton(AF_INET, optarg, &own.sin_addr) != 1)
				bad_argument("not an IPv4 address", optarg);
		} else if (name == 'p') {
			own.sin_port = htons(parse_port(optarg));
		} else if (name == 'h') {
			fputs(usage, stdout);
			exit(EXIT_SUCCESS);
		} else {
			fputs(usage, stderr);
			exit(2);
		}
	}
	if (optind < argc)
		bad_argument("unexpected argument", argv[optind]);
	return own;
}

int main(int argc, char **argv)
{
	struct sockaddr_in own = parse_options(argc, argv);
	struct echo_server server;
	int key;

	if (echo_server_init(&server, &own) < 0)
		return EXIT_FAILURE;
	puts("Press the Enter key to exit.");
	fflush(stdout);
	while ((key = getchar()) != '\n' && key != EOF)
		;
	echo_server_term(&server);
	return EXIT_SUCCESS;
}
