/*
 * udp_prober ADDRESS PORT SOURCE_PORT HEXPAYLOAD: an odd peer of a UDP server. It sends one
 * datagram from a port of the play's choice and prints `sent`, then `reply IP PORT HEX` for every
 * datagram that comes back, until it is killed.
 *
 * The socket is not connected, so that an answer from a wrong address or port is seen too.
 * HEXPAYLOAD may be empty (''), and HEX then is nothing behind the blank.
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

#define PROGRAM "udp_prober"
#define LARGEST 65536

static const char usage[] =
	"usage: " PROGRAM " ADDRESS PORT SOURCE_PORT HEXPAYLOAD\n"
	"Send one datagram from SOURCE_PORT and print what comes back, until killed.\n";

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

/* Returns only when something went wrong. */
static int print_replies(int sock)
{
	static uint8_t bytes[LARGEST];

	for (;;) {
		struct sockaddr_in from;
		socklen_t from_len = sizeof(from);
		ssize_t len = recvfrom(sock, bytes, sizeof(bytes), 0, (struct sockaddr *)&from,
			&from_len);

		if (len < 0)
			return failed("cannot receive");
		print_datagram("reply", &from, bytes, len);
	}
}

int main(int argc, char **argv)
{
	static uint8_t payload[LARGEST];
	struct sockaddr_in own = { .sin_family = AF_INET }, to = { .sin_family = AF_INET };
	size_t len;
	int sock;

	if (argc != 5) {
		fputs(usage, stderr);
		return 2;
	}
	if (inet_pton(AF_INET, argv[1], &to.sin_addr) != 1)
		bad_argument("not an IPv4 address", argv[1]);
	to.sin_port = htons(parse_port(argv[2]));
	own.sin_port = htons(parse_port(argv[3]));
	len = parse_payload(argv[4], payload, sizeof(payload));

	sock = socket(AF_INET, SOCK_DGRAM, 0);
	if (sock < 0 || bind(sock, (struct sockaddr *)&own, sizeof(own)) < 0)
		return failed("cannot bind the socket");
	if (sendto(sock, payload, len, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
		return failed("cannot send");
	puts("sent");
	fflush(stdout);
	return print_replies(sock);
}
