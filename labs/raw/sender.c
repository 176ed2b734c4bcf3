/*
 * sender: asks for a line and puts it on the cable as one Ethernet frame, built by hand.
 *
 * Below IP there are only frames. A frame starts with 14 bytes: who shall take it (destination
 * MAC, 6 bytes), who sends it (source MAC, 6 bytes), and what it carries (ethertype, 2 bytes, the
 * high byte first). Behind them stands the payload as it is: no length, no end mark, so not one
 * byte may follow it. The check sum behind the payload and the padding of short frames are the
 * network card's work.
 *
 * A packet socket (AF_PACKET) with SOCK_RAW hands such bytes to an interface untouched. It asks
 * for the right to do so (CAP_NET_RAW, or root), because it can claim any sender. The protocol 0
 * says that this socket wants to hear nothing.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#define PROGRAM "sender"
#define HEADER_LEN 14

struct options {
	const char *interface;
	uint8_t header[HEADER_LEN]; /* dst, src, type: as on the cable */
};

static const char usage[] =
	"usage: " PROGRAM " [--interface NAME] [--dst MAC] [--src MAC] [--type TYPE]\n"
	"Send one line as one Ethernet frame. Needs root or CAP_NET_RAW.\n"
	"  --interface NAME  interface to send on (eth0)\n"
	"  --dst MAC         destination (00:15:5d:11:c9:ca; colons may be left out)\n"
	"  --src MAC         source (the same)\n"
	"  --type TYPE       ethertype, 4 hexadecimal digits (0800)\n"
	"  --help            print this\n";

static int failed(const char *what)
{
	fprintf(stderr, PROGRAM ": %s: %s\n", what, strerror(errno));
	return EXIT_FAILURE;
}

static int complain(const char *what)
{
	fprintf(stderr, PROGRAM ": %s\n", what);
	return EXIT_FAILURE;
}

static void bad_argument(const char *what, const char *text)
{
	fprintf(stderr, PROGRAM ": %s: '%s'\n%s", what, text, usage);
	exit(2);
}

static int digit_value(char digit)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = digit == '\0' ? NULL : strchr(digits, digit | 0x20);

	return found ? (int)(found - digits) : -1;
}

/* Exactly LEN bytes from hexadecimal digits; colons may stand between the bytes. */
static bool parse_hex(const char *text, uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		int high, low;

		if (i > 0 && *text == ':')
			text++;
		high = digit_value(text[0]);
		low = high < 0 ? -1 : digit_value(text[1]);
		if (low < 0)
			return false;
		bytes[i] = high << 4 | low;
		text += 2;
	}
	return *text == '\0';
}

static struct options parse_options(int argc, char **argv)
{
	static const struct option names[] = {
		{ "interface", required_argument, NULL, 'i' },
		{ "dst", required_argument, NULL, 'd' },
		{ "src", required_argument, NULL, 's' },
		{ "type", required_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct options options = {
		.interface = "eth0",
		.header = {
			0x00, 0x15, 0x5d, 0x11, 0xc9, 0xca, /* dst */
			0x00, 0x15, 0x5d, 0x11, 0xc9, 0xca, /* src */
			0x08, 0x00, /* type: IPv4 */
		},
	};
	int name;

	while ((name = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (name == 'i') {
			options.interface = optarg;
		} else if (name == 'd') {
			if (!parse_hex(optarg, options.header, 6))
				bad_argument("not a MAC", optarg);
		} else if (name == 's') {
			if (!parse_hex(optarg, options.header + 6, 6))
				bad_argument("not a MAC", optarg);
		} else if (name == 't') {
			if (strlen(optarg) != 4 || !parse_hex(optarg, options.header + 12, 2))
				bad_argument("an ethertype has 4 hexadecimal digits", optarg);
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

/* Read a line, without its newline, into *LINE, the caller's to free. Returns its length or -1. */
static ssize_t ask(const char *prompt, char **line)
{
	size_t size = 0;
	ssize_t len;

	fputs(prompt, stdout);
	fflush(stdout);
	len = getline(line, &size, stdin);
	if (len < 0) {
		if (ferror(stdin))
			failed("cannot read the line");
		else
			complain("the input ended before a line was typed");
		return -1;
	}
	if (len > 0 && (*line)[len - 1] == '\n')
		len--;
	if (!is_utf8((const unsigned char *)*line, len)) {
		complain("the line is not UTF-8 text");
		return -1;
	}
	return len;
}

/* A packet socket on one interface, or -1. */
static int open_link(const char *interface)
{
	struct sockaddr_ll link = { .sll_family = AF_PACKET };
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

static int send_frame(int sock, const uint8_t *header, const char *payload, size_t len)
{
	size_t frame_len = HEADER_LEN + len;
	uint8_t *frame = malloc(frame_len);
	ssize_t sent;

	if (!frame)
		return failed("cannot build the frame");
	memcpy(frame, header, HEADER_LEN);
	memcpy(frame + HEADER_LEN, payload, len);
	sent = send(sock, frame, frame_len, 0);
	free(frame);
	return sent < 0 ? failed("cannot send the frame") : EXIT_SUCCESS;
}

static int send_line(const struct options *options, const char *line, size_t len)
{
	int sock = open_link(options->interface);
	int status;

	if (sock < 0)
		return EXIT_FAILURE;
	status = send_frame(sock, options->header, line, len);
	close(sock);
	return status;
}

int main(int argc, char **argv)
{
	struct options options = parse_options(argc, argv);
	char *line = NULL;
	ssize_t len = ask("payload: ", &line);
	int status = len < 0 ? EXIT_FAILURE : send_line(&options, line, len);

	free(line);
	return status;
}
