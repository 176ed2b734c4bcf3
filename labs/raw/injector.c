/*
 * injector INTERFACE DSTMAC SRCMAC TYPE4HEX HEXPAYLOAD: an odd peer of a raw receiver. It puts
 * exactly this one frame on the interface, nothing padded and nothing checked, prints `sent N` (N:
 * the bytes of the frame, header included) and ends. HEXPAYLOAD may be empty (''). It works on lo
 * too.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#define PROGRAM "injector"
#define HEADER_LEN 14
#define LARGEST 65536

static const char usage[] =
	"usage: " PROGRAM " INTERFACE DSTMAC SRCMAC TYPE4HEX HEXPAYLOAD\n"
	"Send exactly this one Ethernet frame. Needs root or CAP_NET_RAW.\n";

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

/* Fill FRAME from the arguments behind the interface's name. Returns its length. */
static size_t build_frame(uint8_t *frame, size_t size, char **args)
{
	size_t payload_len = strlen(args[3]) / 2;

	if (!parse_hex(args[0], frame, 6))
		bad_argument("not a MAC", args[0]);
	if (!parse_hex(args[1], frame + 6, 6))
		bad_argument("not a MAC", args[1]);
	if (strlen(args[2]) != 4 || !parse_hex(args[2], frame + 12, 2))
		bad_argument("an ethertype has 4 hexadecimal digits", args[2]);
	if (payload_len > size - HEADER_LEN || strlen(args[3]) % 2 != 0 ||
		!parse_hex(args[3], frame + HEADER_LEN, payload_len))
		bad_argument("not a payload in hexadecimal", args[3]);
	return HEADER_LEN + payload_len;
}

int main(int argc, char **argv)
{
	static uint8_t frame[LARGEST];
	struct sockaddr_ll link = { .sll_family = AF_PACKET };
	size_t len;
	ssize_t sent;
	int sock;

	if (argc != 6) {
		fputs(usage, stderr);
		return 2;
	}
	len = build_frame(frame, sizeof(frame), argv + 2);
	link.sll_ifindex = if_nametoindex(argv[1]);
	if (link.sll_ifindex == 0)
		return failed(argv[1]);
	sock = socket(AF_PACKET, SOCK_RAW, 0);
	if (sock < 0)
		return failed("cannot open a packet socket");
	sent = sendto(sock, frame, len, 0, (struct sockaddr *)&link, sizeof(link));
	close(sock);
	if (sent < 0)
		return failed("cannot send the frame");
	printf("sent %zd\n", sent);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : failed("cannot print");
}
