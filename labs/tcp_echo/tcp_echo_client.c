/*
 * tcp_echo_client: sends ten bytes to a server and says whether the same came back, and when the server had them.
 *
 * The client is an object: a struct that holds the connection, and functions that get it as their
 * first argument, its methods. tcp_echo_client_functions.c is the same program without it.
 *
 * TCP carries bytes, not messages: an answer sent at once may come in two pieces, and two sends may come
 * as one. What tells that the answer is complete is the server, which closes behind it; so this program
 * reads until then and never asks how many pieces it took.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define PROGRAM "tcp_echo_client"
#define ECHO_DATA "0123456789"
#define LARGEST 1500 /* bytes of an answer that are kept */

struct echo_client {
	int sock;
	uint8_t answer[LARGEST];
	size_t len;
};

static const char usage[] =
	"usage: " PROGRAM " [--address ADDRESS] [--port PORT]\n"
	"Ask a TCP echo server and say whether its answer is right.\n"
	"  --address ADDRESS  IPv4 address of the server (127.0.0.1)\n"
	"  --port PORT        port of the server (49001)\n"
	"  --help             print this\n";

static int failed(const char *what)
{
	fprintf(stderr, PROGRAM ": %s: %s\n", what, strerror(errno));
	return -1;
}

/* Returns 0, or -1 when there is no connection; then there is nothing to end. */
static int echo_client_init(struct echo_client *client, const struct sockaddr_in *server)
{
	client->len = 0;
	client->sock = socket(AF_INET, SOCK_STREAM, 0);
	if (client->sock < 0)
		return failed("cannot open a TCP socket");
	if (connect(client->sock, (const struct sockaddr *)server, sizeof(*server)) == 0)
		return 0;
	failed("cannot connect");
	close(client->sock);
	return -1;
}

static void echo_client_term(struct echo_client *client)
{
	close(client->sock);
}

static int echo_client_ask(struct echo_client *client)
{
	ssize_t got = 1;

	if (send(client->sock, ECHO_DATA, strlen(ECHO_DATA), MSG_NOSIGNAL) < 0)
		return failed("cannot send");
	while (got > 0 && client->len < sizeof(client->answer)) {
		got = recv(client->sock, client->answer + client->len, sizeof(client->answer) - client->len, 0);
		client->len += got > 0 ? (size_t)got : 0;
	}
	return got < 0 ? failed("cannot receive") : 0;
}

/* The answer is a double, then the very bytes that were sent. */
static bool echo_client_is_right(const struct echo_client *client)
{
	return client->len == sizeof(double) + strlen(ECHO_DATA) &&
	       memcmp(client->answer + sizeof(double), ECHO_DATA, strlen(ECHO_DATA)) == 0;
}

static void echo_client_print(const struct echo_client *client)
{
	char text[64] = "";
	double stamp;
	time_t seconds;
	struct tm parts;

	if (!echo_client_is_right(client)) {
		puts("ECHO FAIL");
		return;
	}
	memcpy(&stamp, client->answer, sizeof(stamp)); /* a pointer into the bytes might be misaligned */
	seconds = (time_t)stamp;
	if (localtime_r(&seconds, &parts))
		strftime(text, sizeof(text), "%a %b %e %H:%M:%S %Y", &parts);
	printf("%s: ECHO OK\n", text);
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
	struct sockaddr_in server = {
		.sin_family = AF_INET,
		.sin_port = htons(49001),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int name;

	while ((name = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (name == 'a') {
			if (inet_pton(AF_INET, optarg, &server.sin_addr) != 1)
				bad_argument("not an IPv4 address", optarg);
		} else if (name == 'p') {
			server.sin_port = htons(parse_port(optarg));
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
	return server;
}

int main(int argc, char **argv)
{
	struct sockaddr_in server = parse_options(argc, argv);
	struct echo_client client;
	int status = EXIT_FAILURE;

	if (echo_client_init(&client, &server) < 0)
		return EXIT_FAILURE;
	if (echo_client_ask(&client) == 0) {
		echo_client_print(&client);
		status = EXIT_SUCCESS;
	}
	echo_client_term(&client);
	return status;
}
