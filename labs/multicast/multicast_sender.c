/*
 * multicast_sender: asks a multicast group once and prints every answer, until none has come for 0.2 seconds.
 *
 * A sender need not be a member. It writes one datagram to the group's address, and as many copies arrive as there are members;
 * how many that is, nobody knows. So the end cannot be counted, it can only be waited for: SO_RCVTIMEO makes recvfrom() give up
 * after a time without a datagram, and each call waits anew.
 *
 * The TTL is how many routers a multicast datagram may reach, the first not counted: 1, the default, stays on the own network, 2
 * crosses one router.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>
#include <unistd.h>

#define PROGRAM "multicast_sender"
#define LARGEST 65536

static const char usage[] =
	"usage: " PROGRAM " [--group GROUP] [--port PORT]\n"
	"Send \"echo data\" to a multicast group and print the answers, until none comes for 0.2 s.\n"
	"  --group GROUP  IPv4 address of the group (224.1.1.1)\n"
	"  --port PORT    port of the group (49003)\n"
	"  --help         print this\n";

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

/* Where to send to. */
static struct sockaddr_in parse_options(int argc, char **argv)
{
	static const struct option names[] = {
		{ "group", required_argument, NULL, 'g' },
		{ "port", required_argument, NULL, 'p' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(49003) };
	int name;

	inet_pton(AF_INET, "224.1.1.1", &to.sin_addr);
	while ((name = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (name == 'g') {
			if (inet_pton(AF_INET, optarg, &to.sin_addr) != 1 || !IN_MULTICAST(ntohl(to.sin_addr.s_addr)))
				bad_argument("not an IPv4 multicast address", optarg);
		} else if (name == 'p') {
			to.sin_port = htons(parse_port(optarg));
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
	return to;
}

static int open_sender(void)
{
	struct timeval patience = { .tv_usec = 200000 };
	int sock = socket(AF_INET, SOCK_DGRAM, 0), ttl = 2;

	if (sock < 0 || setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0 ||
		setsockopt(sock, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof(ttl)) < 0)
		return -1;
	return sock;
}

/* Bytes need not be text: what is not printable ASCII is shown by its number. */
static void print_bytes(const uint8_t *bytes, size_t len)
{
	fputs("b'", stdout);
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] < ' ' || bytes[i] > '~')
			printf("\\x%02x", bytes[i]);
		else if (bytes[i] == '\'' || bytes[i] == '\\')
			printf("\\%c", bytes[i]);
		else
			putchar(bytes[i]);
	}
	putchar('\'');
}

static void print_datagram(const struct sockaddr_in *from, const uint8_t *bytes, size_t len)
{
	char address[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &from->sin_addr, address, sizeof(address));
	printf("addr =('%s', %u), data = ", address, ntohs(from->sin_port));
	print_bytes(bytes, len);
	putchar('\n');
	fflush(stdout);
}

/* Returns 0 once it has been quiet. */
static int print_answers(int sock)
{
	static uint8_t bytes[LARGEST];

	for (;;) {
		struct sockaddr_in from;
		socklen_t from_len = sizeof(from);
		ssize_t len = recvfrom(sock, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &from_len);

		if (len < 0)
			return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
		print_datagram(&from, bytes, len);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in to = parse_options(argc, argv);
	int sock = open_sender();

	if (sock < 0)
		return failed("cannot open the socket");
	if (sendto(sock, "echo data", 9, 0, (const struct sockaddr *)&to, sizeof(to)) < 0)
		return failed("cannot send");
	if (print_answers(sock) < 0)
		return failed("cannot receive");
	close(sock);
	return EXIT_SUCCESS;
}
