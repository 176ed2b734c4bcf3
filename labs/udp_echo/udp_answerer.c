/*
 * udp_answerer PORT MODE...: an odd peer of a UDP client. It waits on PORT of every address of its
 * host, prints `got IP PORT HEX` for each datagram as soon as it comes, and answers it as MODE
 * says, until it is killed.
 *
 * echo: the same bytes, at once. say HEXPAYLOAD: other bytes (none, if it is ''), at once or after
 * MILLISECONDS. late MILLISECONDS: the same bytes, after that time. mute: nothing. A client that
 * prints what it sent, and not what it received, is shown by `say`; one that does not wait by
 * `late`; one that invents its answer by `mute`.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>

#define PROGRAM "udp_answerer"
#define LARGEST 65536

static const char usage[] =
	"usage: " PROGRAM " PORT echo | say HEXPAYLOAD [MILLISECONDS] | late MILLISECONDS | mute\n"
	"Print every datagram that comes to PORT and answer it, until killed.\n";

enum mode {
	ECHO = 1,
	SAY,
	LATE,
	MUTE,
};

struct options {
	enum mode mode;
	uint16_t port;
	unsigned long late_ms;
	uint8_t said[LARGEST];
	size_t said_len;
};

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

static unsigned long parse_number(const char *what, const char *text, unsigned long min,
	unsigned long max)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (strspn(text, "0123456789") == 0 || *end != '\0' || number < min || number > max)
		bad_argument(what, text);
	return number;
}

static unsigned long parse_late(const char *text)
{
	return parse_number("not a time in milliseconds", text, 0, 3600000);
}

static int digit_value(char digit)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = digit == '\0' ? NULL : strchr(digits, digit | 0x20);

	return found ? (int)(found - digits) : -1;
}

/* Returns the number of bytes that TEXT stands for; ends the program when it is not hexadecimal. */
static size_t parse_payload(const char *text, uint8_t *bytes, size_t size)
{
	size_t len = strlen(text) / 2;

	if (strlen(text) % 2 != 0 || len > size)
		bad_argument("not a payload in hexadecimal", text);
	for (size_t i = 0; i < len; i++) {
		int high = digit_value(text[2 * i]), low = digit_value(text[2 * i + 1]);

		if (high < 0 || low < 0)
			bad_argument("not a payload in hexadecimal", text);
		bytes[i] = high << 4 | low;
	}
	return len;
}

static void parse_options(struct options *options, int argc, char **argv)
{
	const char *mode = argc < 3 ? "" : argv[2];

	if (argc == 3 && strcmp(mode, "echo") == 0) {
		options->mode = ECHO;
	} else if (argc == 3 && strcmp(mode, "mute") == 0) {
		options->mode = MUTE;
	} else if ((argc == 4 || argc == 5) && strcmp(mode, "say") == 0) {
		options->mode = SAY;
		options->late_ms = argc == 5 ? parse_late(argv[4]) : 0;
		options->said_len = parse_payload(argv[3], options->said, sizeof(options->said));
	} else if (argc == 4 && strcmp(mode, "late") == 0) {
		options->mode = LATE;
		options->late_ms = parse_late(argv[3]);
	} else {
		fputs(usage, stderr);
		exit(2);
	}
	options->port = parse_number("a port is a number from 1 to 65535", argv[1], 1, 65535);
}

static void print_datagram(const char *label, const struct sockaddr_in *from, const uint8_t *bytes,
	size_t len)
{
	char address[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &from->sin_addr, address, sizeof(address));
	printf("%s %s %u ", label, address, ntohs(from->sin_port));
	for (size_t i = 0; i < len; i++)
		printf("%02x", bytes[i]);
	putchar('\n');
	fflush(stdout);
}

static int answer(int sock, const struct options *options, const struct sockaddr_in *to,
	const uint8_t *bytes, size_t len)
{
	struct timespec late = { options->late_ms / 1000, options->late_ms % 1000 * 1000000 };

	switch (options->mode) {
	case MUTE:
		return 0;
	case SAY:
		bytes = options->said;
		len = options->said_len;
		break;
	case LATE:
	case ECHO:
		break;
	}
	nanosleep(&late, NULL);
	return sendto(sock, bytes, len, 0, (const struct sockaddr *)to, sizeof(*to)) < 0 ? -1 : 0;
}

/* Returns only when something went wrong. */
static int serve(int sock, const struct options *options)
{
	static uint8_t bytes[LARGEST];

	for (;;) {
		struct sockaddr_in from;
		socklen_t from_len = sizeof(from);
		ssize_t len = recvfrom(sock, bytes, sizeof(bytes), 0, (struct sockaddr *)&from,
			&from_len);

		if (len < 0)
			return failed("cannot receive");
		print_datagram("got", &from, bytes, len);
		if (answer(sock, options, &from, bytes, len) < 0)
			return failed("cannot answer");
	}
}

int main(int argc, char **argv)
{
	static struct options options;
	struct sockaddr_in own = { .sin_family = AF_INET };
	int sock;

	parse_options(&options, argc, argv);
	own.sin_port = htons(options.port);
	sock = socket(AF_INET, SOCK_DGRAM, 0);
	if (sock < 0 || bind(sock, (struct sockaddr *)&own, sizeof(own)) < 0)
		return failed("cannot bind the socket");
	return serve(sock, &options);
}
