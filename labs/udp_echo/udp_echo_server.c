/*
 * udp_echo_server: waits for one datagram, sends its bytes back to whoever sent them, prints both
 * and ends.
 *
 * UDP knows no connections. A bound socket is a letter box with a number on it, and every letter
 * carries the address of its writer. So three calls are enough: bind() puts the number up,
 * recvfrom() takes a letter out and tells who wrote it, sendto() answers that writer. Answering
 * through the same socket matters: the reply then carries the port that the client wrote to, and
 * clients (and firewalls between) may rely on it.
 *
 * A datagram keeps its boundaries. One recvfrom() gives exactly one, which may well hold no bytes
 * at all, and what does not fit into the buffer is lost. What it holds is bytes; that they are
 * text is an agreement of the two programs, and this one looks at it only behind its answer, when
 * it wants to print.
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
#include <unistd.h>

#define PROGRAM "udp_echo_server"
#define LARGEST 1500 /* bytes of one datagram that are kept */

struct options {
	struct sockaddr_in own;
};

static const char usage[] =
	"usage: " PROGRAM " [--address ADDRESS] [--port PORT]\n"
	"Echo one UDP datagram and print it.\n"
	"  --address ADDRESS  IPv4 address to wait on (0.0.0.0: all of this host's)\n"
	"  --port PORT        port to wait on (49002)\n"
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
		.own = {
			.sin_family = AF_INET,
			.sin_port = htons(49002),
			.sin_addr.s_addr = htonl(INADDR_ANY),
		},
	};
	int name;

	while ((name = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (name == 'a') {
			if (inet_pton(AF_INET, optarg, &options.own.sin_addr) != 1)
				bad_argument("not an IPv4 address", optarg);
		} else if (name == 'p') {
			options.own.sin_port = htons(parse_port(optarg));
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

/* How many bytes the first character of TEXT takes; 0 when they are not UTF-8. */
static size_t utf8_length(const unsigned char *text, size_t len)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t need = text[0] < 0x80 ? 1 : text[0] >> 5 == 0x06 ? 2 :
		text[0] >> 4 == 0x0e ? 3 : text[0] >> 3 == 0x1e ? 4 : 0;
	uint32_t c;

	if (need == 0 || need > len)
		return 0;
	c = need == 1 ? text[0] : text[0] & (0x7f >> need);
	for (size_t i = 1; i < need; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (text[i] & 0x3f);
	}
	if (c < smallest[need] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	return need;
}

static bool is_utf8(const unsigned char *text, size_t len)
{
	while (len > 0) {
		size_t used = utf8_length(text, len);

		if (used == 0)
			return false;
		text += used;
		len -= used;
	}
	return true;
}

static int print_datagram(const struct sockaddr_in *from, const unsigned char *data, size_t len)
{
	char address[INET_ADDRSTRLEN];

	if (!is_utf8(data, len)) {
		fprintf(stderr, PROGRAM ": the datagram was echoed, but it is not UTF-8 text\n");
		return EXIT_FAILURE;
	}
	inet_ntop(AF_INET, &from->sin_addr, address, sizeof(address));
	printf("addr = ('%s', %u), data = ", address, ntohs(from->sin_port));
	fwrite(data, 1, len, stdout); /* not %s: a NUL byte would end it */
	putchar('\n');
	if (fflush(stdout) != 0)
		return failed("cannot print");
	return EXIT_SUCCESS;
}

static int echo_one(int sock)
{
	unsigned char data[LARGEST];
	struct sockaddr_in from;
	socklen_t from_len = sizeof(from);
	ssize_t len;

	len = recvfrom(sock, data, sizeof(data), 0, (struct sockaddr *)&from, &from_len);
	if (len < 0)
		return failed("cannot receive");
	if (sendto(sock, data, len, 0, (struct sockaddr *)&from, from_len) < 0)
		return failed("cannot answer");
	return print_datagram(&from, data, len);
}

int main(int argc, char **argv)
{
	struct options options = parse_options(argc, argv);
	int sock = socket(AF_INET, SOCK_DGRAM, 0);
	int status;

	if (sock < 0)
		return failed("cannot open a UDP socket");
	if (bind(sock, (struct sockaddr *)&options.own, sizeof(options.own)) < 0)
		status = failed("cannot bind the socket");
	else
		status = echo_one(sock);
	close(sock);
	return status;
}
