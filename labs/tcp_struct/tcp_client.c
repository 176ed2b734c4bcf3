/*
 * tcp_client: sends a format, waits a moment, sends data packed by it and ends.
 *
 * What goes over a connection is bytes. How a number becomes bytes is up to the machine: "11sIf" means a text of 11 bytes, an unsigned int
 * and a float as this machine's C compiler lays them out one behind the other. An int sits at a multiple of 4, so one unused byte
 * stands behind the text, and the whole takes 20 bytes, not 19. Here the compiler itself does the packing: the
 * values are in a struct, and the struct is sent.
 *
 * TCP is free to put two sends into one segment, and a receiver that calls recv() once gets whatever is there by then. The pause of a
 * tenth of a second lets the format arrive by itself. It is a habit, not a guarantee: a protocol that must not fail
 * tells the length of every part.
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

#define PROGRAM "tcp_client"

struct options {
	struct sockaddr_in server;
};

/* What the format says, in this machine's layout. */
struct message {
	char text[11];
	unsigned int number;
	float real;
};

static const char format[] = "11sIf";

static const char usage[] =
	"usage: " PROGRAM " [--address ADDRESS] [--port PORT]\n"
	"Send a struct format and data packed by it over TCP.\n"
	"  --address ADDRESS  IPv4 address of the server (127.0.0.1)\n"
	"  --port PORT        port of the server (49001)\n"
	"  --help             print this\n";

static int failed(const char *what)
{
	fprintf(stderr, PROGRAM ": %s: %s\n", what, strerror(errno));
	return EXIT_FAILURE;
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

static struct options parse_options(int argc, char **argv)
{
	static const struct option names[] = {
		{ "address", required_argument, NULL, 'a' },
		{ "port", required_argument, NULL, 'p' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct options options = {
		.server = {
			.sin_family = AF_INET,
			.sin_port = htons(49001),
			.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		},
	};
	int name;

	while ((name = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (name == 'a') {
			if (inet_pton(AF_INET, optarg, &options.server.sin_addr) != 1)
				bad_argument("not an IPv4 address", optarg);
		} else if (name == 'p') {
			options.server.sin_port = htons(parse_port(optarg));
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
	return options;
}

/* A stream socket may take only part of what it is given. */
static bool send_all(int sock, const void *bytes, size_t len)
{
	const char *rest = bytes;

	while (len > 0) {
		ssize_t sent = send(sock, rest, len, MSG_NOSIGNAL);

		if (sent < 0)
			return false;
		rest += sent;
		len -= sent;
	}
	return true;
}

static int send_values(int sock)
{
	const struct timespec pause = { .tv_nsec = 100000000 };
	struct message message;

	memset(&message, 0, sizeof(message)); /* the unused byte, too: memory of ours is nobody's business */
	memcpy(message.text, "hi, Python!", sizeof(message.text));
	message.number = 1024;
	message.real = 3.14f;
	if (!send_all(sock, format, strlen(format)))
		return failed("cannot send the format");
	nanosleep(&pause, NULL);
	if (!send_all(sock, &message, sizeof(message)))
		return failed("cannot send the data");
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	struct options options = parse_options(argc, argv);
	int sock = socket(AF_INET, SOCK_STREAM, 0);
	int status;

	if (sock < 0)
		return failed("cannot open a TCP socket");
	if (connect(sock, (struct sockaddr *)&options.server, sizeof(options.server)) < 0)
		status = failed("cannot connect");
	else
		status = send_values(sock);
	close(sock);
	return status;
}
