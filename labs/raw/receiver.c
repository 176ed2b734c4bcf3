/*
 * receiver: prints every frame of one interface whose payload is text, until Ctrl-C.
 *
 * A packet socket (AF_PACKET, SOCK_RAW) gets a copy of whole frames, header included, before IP
 * looks at them. With the protocol ETH_P_ALL it gets them all: of any ethertype, whoever they are
 * addressed to, and also those that this machine sends itself. That is how every network monitor
 * works, and why it asks for CAP_NET_RAW (or root).
 *
 * The socket is opened with protocol 0, which means: nothing yet. Only bind() names the interface
 * and the protocol, both at once. Opened with ETH_P_ALL it would hear every interface, lo too,
 * between the two calls. And it is one socket for the program's whole life: frames that come while
 * a frame is printed wait in its queue.
 *
 * Much that passes by is not text. UTF-8 has rules that other bytes rarely keep by chance, so a
 * payload that breaks them is taken for something else and skipped.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#define PROGRAM "receiver"
#define HEADER_LEN 14
#define LARGEST 65536 /* bytes of one frame that are kept */

static const char usage[] =
	"usage: " PROGRAM " [--interface NAME]\n"
	"Print every frame whose payload is UTF-8 text, until Ctrl-C. Needs root or CAP_NET_RAW.\n"
	"  --interface NAME  interface to listen on (eth0)\n"
	"  --help            print this\n";

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

/* The interface that the arguments name. */
static const char *parse_options(int argc, char **argv)
{
	static const struct option names[] = {
		{ "interface", required_argument, NULL, 'i' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *interface = "eth0";
	int name;

	while ((name = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (name == 'i') {
			interface = optarg;
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
	return interface;
}

/* Decode TEXT's first character into *C. Returns the bytes it takes, 0 when they are not UTF-8. */
static size_t utf8_decode(const unsigned char *text, size_t len, uint32_t *c)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t need = text[0] < 0x80 ? 1 : text[0] >> 5 == 0x06 ? 2 :
		text[0] >> 4 == 0x0e ? 3 : text[0] >> 3 == 0x1e ? 4 : 0;

	if (need == 0 || need > len)
		return 0;
	*c = need == 1 ? text[0] : text[0] & (0x7f >> need);
	for (size_t i = 1; i < need; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (text[i] & 0x3f);
	}
	if (*c < smallest[need] || *c > 0x10ffff || (*c >= 0xd800 && *c <= 0xdfff))
		return 0;
	return need;
}

static bool is_utf8(const unsigned char *text, size_t len)
{
	while (len > 0) {
		uint32_t c;
		size_t used = utf8_decode(text, len, &c);

		if (used == 0)
			return false;
		text += used;
		len -= used;
	}
	return true;
}

/* Characters without a shape: controls, blanks but the space, format and private characters. */
static bool is_invisible(uint32_t c)
{
	static const uint32_t ranges[][2] = {
		{ 0x0000, 0x001f }, { 0x007f, 0x00a0 }, { 0x00ad, 0x00ad }, { 0x0600, 0x0605 },
		{ 0x061c, 0x061c }, { 0x06dd, 0x06dd }, { 0x070f, 0x070f }, { 0x0890, 0x0891 },
		{ 0x08e2, 0x08e2 }, { 0x1680, 0x1680 }, { 0x180e, 0x180e }, { 0x2000, 0x200f },
		{ 0x2028, 0x202f }, { 0x205f, 0x206f }, { 0x3000, 0x3000 }, { 0xe000, 0xf8ff },
		{ 0xfeff, 0xfeff }, { 0xfff0, 0xfffb }, { 0xfffe, 0xffff }, { 0x110bd, 0x110bd },
		{ 0x110cd, 0x110cd }, { 0x13430, 0x13438 }, { 0x1bca0, 0x1bca3 },
		{ 0x1d173, 0x1d17a }, { 0xe0000, 0xe00ff }, { 0xf0000, 0x10ffff },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (c >= ranges[i][0] && c <= ranges[i][1])
			return true;
	return false;
}

static void print_character(const unsigned char *bytes, size_t len, uint32_t c, uint32_t quote)
{
	if (c == quote || c == '\\')
		printf("\\%c", (int)c);
	else if (c == '\n')
		fputs("\\n", stdout);
	else if (c == '\r')
		fputs("\\r", stdout);
	else if (c == '\t')
		fputs("\\t", stdout);
	else if (!is_invisible(c))
		fwrite(bytes, 1, len, stdout);
	else
		printf(c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
}

/*
 * Print UTF-8 text as Python's repr() does, but for characters that Unicode has not assigned, which
 * are printed as they are. TEXT was found to be UTF-8 before.
 */
static void print_repr(const unsigned char *text, size_t len)
{
	uint32_t quote = memchr(text, '\'', len) && !memchr(text, '"', len) ? '"' : '\'';
	uint32_t c;

	putchar(quote);
	for (size_t used; len > 0; text += used, len -= used) {
		used = utf8_decode(text, len, &c);
		print_character(text, used, c, quote);
	}
	putchar(quote);
}

static void print_mac(const char *label, const unsigned char *mac)
{
	printf("%s = '%02x:%02x:%02x:%02x:%02x:%02x'\n", label, mac[0], mac[1], mac[2], mac[3],
		mac[4], mac[5]);
}

static int print_frame(const unsigned char *frame, size_t len)
{
	if (len < HEADER_LEN || !is_utf8(frame + HEADER_LEN, len - HEADER_LEN))
		return 0;
	print_mac("dst", frame);
	print_mac("src", frame + 6);
	printf("type = '%02x%02x'\n", frame[12], frame[13]);
	fputs("payload = ", stdout);
	print_repr(frame + HEADER_LEN, len - HEADER_LEN);
	putchar('\n');
	return fflush(stdout);
}

/* A packet socket that hears all protocols on one interface, or -1. */
static int open_link(const char *interface)
{
	struct sockaddr_ll link = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	int sock = socket(AF_PACKET, SOCK_RAW, 0);

	if (sock < 0) {
		failed("cannot open a packet socket");
		return -1;
	}
	link.sll_ifindex = if_nametoindex(interface);
	if (link.sll_ifindex == 0 || bind(sock, (struct sockaddr *)&link, sizeof(link)) < 0) {
		failed(interface);
		close(sock);
		return -1;
	}
	return sock;
}

/* Returns only when something went wrong. */
static int print_frames(int sock)
{
	static unsigned char frame[LARGEST];

	for (;;) {
		ssize_t len = recv(sock, frame, sizeof(frame), 0);

		if (len < 0)
			return failed("cannot receive");
		if (print_frame(frame, len) != 0)
			return failed("cannot print");
	}
}

/* All frames were flushed when they were printed, so nothing is left to do. */
static void end(int signal_number)
{
	(void)signal_number;
	_exit(EXIT_SUCCESS);
}

int main(int argc, char **argv)
{
	const char *interface = parse_options(argc, argv);
	struct sigaction on_interrupt = { .sa_handler = end };
	int sock, status;

	sigaction(SIGINT, &on_interrupt, NULL);
	sock = open_link(interface);
	if (sock < 0)
		return EXIT_FAILURE;
	status = print_frames(sock);
	close(sock);
	return status;
}
