/*
 * tcp_echo_client_functions: sends ten bytes to a server and says whether the same came back, and when the server had them.
 *
 * The second form of tcp_echo_client.c: functions and global variables instead of an object. What the
 * functions share, the connection and what came from it, is global; the behaviour is the same.
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

#define PROGRAM "tcp_echo_client_functions"
#define ECHO_DATA "0123456789"
#define LARGEST 1500 /* bytes of an answer that are kept */

static int sock;
static uint8_t answer[LARGEST];
static size_t answer_len;

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
static int connect_to(const struct sockaddr_in *server)
{
	sock = socket(AF_INET, SOCK_STREAM, 0);
	if (sock < 0)
		return failed("cannot open a TCP socket");
	if (connect(sock, (const struct sockaddr *)server, sizeof(*server)) == 0)
		return 0;
	failed("cannot connect");
	close(sock);
	return -1;
}

static int ask(void)
{
	ssize_t got = 1;

	if (send(sock, ECHO_DATA, strlen(ECHO_DATA), MSG_NOSIGNAL) < 0)
		return failed("cannot send");
	while (got > 0 && answer_len < sizeof(answer)) {
		got = recv(sock, answer + answer_len, sizeof(answer) - answer_len, 0);
		answer_len += got > 0 ? (size_t)got : 0;
	}
	return got < 0 ? failed("cannot receive") : 0;
}

/* The answer is a double, then the very bytes that were sent. */
static bool is_right(void)
{
	return answer_len == sizeof(double) + strlen(ECHO_DATA) &&
	       memcmp(answer + sizeof(double), ECHO_DATA, strlen(ECHO_DATA)) == 0;
}

static void print_answer(void)
{
	char text[64] = "";
	double stamp;
	time_t seconds;
	struct tm parts;

	if (!is_right()) {
		puts("ECHO FAIL");
		return;
	}
	memcpy(&stamp, answer, sizeof(stamp)); /* a pointer into the bytes might be misaligned */
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
	int status = EXIT_FAILURE;

	if (connect_to(&server) < 0)
		return EXIT_FAILURE;
	if (ask() == 0) {
		print_answer();
		status = EXIT_SUCCESS;
	}
	close(sock);
	return status;
}
