/*
 * multicast_receiver: joins a multicast group, prints every datagram that comes to it and answers each with "ack".
 *
 * A group is an address that nobody owns. Two things bring its datagrams here. bind() says which port the socket listens to, as for
 * any UDP program; IP_ADD_MEMBERSHIP tells the kernel that this machine wants what is sent to the group, and the kernel tells the
 * routers (an IGMP report). With INADDR_ANY as interface the kernel takes the one that its route to the group goes through.
 *
 * Any number of receivers may wait on one machine. For that each of them says SO_REUSEADDR before bind(), and each gets its own
 * copy. The answer, however, is no multicast: it goes to the address and port that the datagram came from.
 *
 * Ctrl-C ends it; the kernel then closes the socket and leaves the group.
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
#include <sys/types.h>

#define PROGRAM "multicast_receiver"
#define LARGEST 65536

static const char usage[] =
	"usage: " PROGRAM " [--group GROUP] [--port PORT]\n"
	"Print what comes to a multicast group and answer \"ack\", until Ctrl-C.\n"
	"  --group GROUP  IPv4 address of the group (224.1.1.1)\n"
	"  --port PORT    port to wait on (49003)\n"
	"  --help         print this\n";

struct options {
	struct in_addr group;
	uint16_t port; /* host byte order */
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
		{ "group", required_argument, NULL, 'g' },
		{ "port", required_argument, NULL, 'p' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct options options = { .port = 49003 };
	int name;

	inet_pton(AF_INET, "224.1.1.1", &options.group);
	while ((name = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (name == 'g') {
			if (inet_pton(AF_INET, optarg, &options.group) != 1 ||
				!IN_MULTICAST(ntohl(options.group.s_addr)))
				bad_argument("not an IPv4 multicast address", optarg);
		} else if (name == 'p') {
			options.port = parse_port(optarg);
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

/* A socket on the port of every address, in the group; -1 when that fails. */
static int open_member(const struct options *options)
{
	struct sockaddr_in own = { .sin_family = AF_INET, .sin_port = htons(options->port),
		.sin_addr.s_addr = htonl(INADDR_ANY) };
	struct ip_mreq membership = { .imr_multiaddr = options->group, .imr_interface.s_addr = htonl(INADDR_ANY) };
	int sock = socket(AF_INET, SOCK_DGRAM, 0), on = 1;

	if (sock < 0 || setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
		bind(sock, (const struct sockaddr *)&own, sizeof(own)) < 0 ||
		setsockopt(sock, IPPROTO_IP, IP_ADD_MEMBERSHIP, &membership, sizeof(membership)) < 0)
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

/* Returns only when something went wrong. */
static int serve(int sock)
{
	static uint8_t bytes[LARGEST];

	for (;;) {
		struct sockaddr_in from;
		socklen_t from_len = sizeof(from);
		ssize_t len = recvfrom(sock, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &from_len);

		if (len < 0)
			return failed("cannot receive");
		print_datagram(&from, bytes, len);
		if (sendto(sock, "ack", 3, 0, (const struct sockaddr *)&from, from_len) < 0)
			return failed("cannot answer");
	}
}

int main(int argc, char **argv)
{
	struct options options = parse_options(argc, argv);
	int sock = open_member(&options);

	if (sock < 0)
		return failed("cannot join the group");
	return serve(sock);
}
