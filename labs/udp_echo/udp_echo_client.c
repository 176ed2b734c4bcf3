/*
 * udp_echo_client: asks for a line, sends it as one datagram, waits for one datagram and prints
 * what it holds.
 *
 * The socket is never bound: the first sendto() makes the kernel choose a free port, and that is
 * where the answer comes back to. Nothing is set up beforehand and nothing tells whether anybody
 * listens; if the letter or its answer is lost, recv() waits for ever. Programs that must not wait
 * so set a time and send again; this one shows the bare exchange.
 *
 * The answer is printed the way Python shows a string: in quotes, with an escape for whatever
 * cannot be seen. An empty answer, blanks at the end, or a NUL byte are then visible, where a
 * plain print would hide them.
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

#define PROGRAM "udp_echo_client"
#define LARGEST 1500 /* bytes of one datagram that are kept */

struct options {
	struct sockaddr_in server;
};

static const char usage[] =
	"usage: " PROGRAM " [--address ADDRESS] [--port PORT]\n"
	"Send one line as a UDP datagram and print the answer.\n"
	"  --address ADDRESS  IPv4 address of the server (127.0.0.1)\n"
	"  --port PORT        port of the server (49002)\n"
	"  --help             print this\n";

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
			.sin_port = htons(49002),
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

static int print_answer(int sock)
{
	unsigned char data[LARGEST];
	ssize_t len = recv(sock, data, sizeof(data), 0);

	if (len < 0)
		return failed("cannot receive");
	if (!is_utf8(data, len))
		return complain("the answer is not UTF-8 text");
	fputs("recv_data = ", stdout);
	print_repr(data, len);
	putchar('\n');
	if (fflush(stdout) != 0)
		return failed("cannot print");
	return EXIT_SUCCESS;
}

static int exchange(int sock, const struct sockaddr_in *server)
{
	char *line = NULL;
	ssize_t len = ask("payload: ", &line);
	int status = EXIT_FAILURE;

	if (len >= 0) {
		if (sendto(sock, line, len, 0, (const struct sockaddr *)server, sizeof(*server)) < 0)
			status = failed("cannot send");
		else
			status = print_answer(sock);
	}
	free(line);
	return status;
}

int main(int argc, char **argv)
{
	struct options options = parse_options(argc, argv);
	int sock = socket(AF_INET, SOCK_DGRAM, 0);
	int status;

	if (sock < 0)
		return failed("cannot open a UDP socket");
	status = exchange(sock, &options.server);
	close(sock);
	return status;
}
