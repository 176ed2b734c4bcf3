/*
 * tcp_server: waits for one client, takes a format and then data, unpacks the data by the format, prints them and ends.
 *
 * TCP carries bytes and no more: not where one message ends and the next begins, and not what the bytes mean. So two
 * programs agree on both. Here the first bytes to come are a format in the language of Python's struct ("11sIf": a text of 11
 * bytes, an unsigned int, a float), and the rest is what the format says. That the format is alone in the first
 * recv() is luck helped by the client, which waits before it sends on; a careful protocol would send its length first. The length
 * of the data follows from the format, so they are read until they are all there.
 *
 * The same numbers lie differently in the memory of different machines. A format therefore says the byte order (< little-endian, > and !
 * big-endian, = this machine's) and with it fixed sizes. Without such a prefix, or with @, everything is as the C compiler of this machine
 * lays it out in a struct: a long of 8 bytes here, and every number at a multiple of its size, with unused bytes before it.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#define PROGRAM "tcp_server"
#define LARGEST 1500 /* bytes of format and of data that are taken */

struct options {
	struct sockaddr_in own;
};

static const char usage[] =
	"usage: " PROGRAM " [--address ADDRESS] [--port PORT]\n"
	"Take a struct format and packed data from one TCP client and print the values.\n"
	"  --address ADDRESS  IPv4 address to wait on (0.0.0.0: all of this host's)\n"
	"  --port PORT        port to wait on (49001)\n"
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
		.own = {
			.sin_family = AF_INET,
			.sin_port = htons(49001),
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

/* A value that a format describes. */
struct field {
	char code;
	size_t offset, size;
	bool big_endian;
};

/* A format on its way through: what is left of it, and how far into the data it has come. */
struct layout {
	const char *rest;
	size_t offset;
	bool native, big_endian;
};

static struct layout begin(const char *format)
{
	const uint16_t one = 1;
	bool big_machine = *(const unsigned char *)&one == 0;
	struct layout layout = { .rest = format, .native = true, .big_endian = big_machine };

	if (*format == '\0' || !strchr("@=<>!", *format))
		return layout;
	layout.rest++;
	layout.native = *format == '@';
	if (*format == '<' || *format == '>' || *format == '!')
		layout.big_endian = *format != '<';
	return layout;
}

/* Bytes of one value of this code, 0 when the code is unknown. */
static size_t size_of(char code, bool native)
{
	switch (code) {
	case 's':
	case 'b':
	case 'B':
		return 1;
	case 'h':
	case 'H':
		return native ? sizeof(short) : 2;
	case 'i':
	case 'I':
		return native ? sizeof(int) : 4;
	case 'l':
	case 'L':
		return native ? sizeof(long) : 4;
	case 'q':
	case 'Q':
		return native ? sizeof(long long) : 8;
	case 'f':
		return sizeof(float);
	case 'd':
		return sizeof(double);
	}
	return 0;
}

/* Read the next field. Returns 1, 0 at the end of the format, -1 when it cannot be read. */
static int next_field(struct layout *layout, struct field *field)
{
	size_t count = 1, size;
	char *end;

	layout->rest += strspn(layout->rest, " \t\n");
	if (*layout->rest == '\0')
		return 0;
	if (*layout->rest >= '0' && *layout->rest <= '9') {
		count = strtoul(layout->rest, &end, 10);
		layout->rest = end;
	}
	field->code = *layout->rest;
	size = size_of(field->code, layout->native);
	if (size == 0 || count > LARGEST || (count != 1 && field->code != 's'))
		return -1;
	layout->rest++;
	if (layout->native && field->code != 's')
		layout->offset += (size - layout->offset % size) % size;
	field->offset = layout->offset;
	field->size = size * count;
	field->big_endian = layout->big_endian;
	layout->offset += field->size;
	return 1;
}

/* How many bytes the data of a format take, -1 when it cannot be read. */
static ssize_t size_by_format(const char *format)
{
	struct layout layout = begin(format);
	struct field field;
	int more;

	while ((more = next_field(&layout, &field)) > 0)
		;
	return more < 0 || layout.offset > LARGEST ? -1 : (ssize_t)layout.offset;
}

/* The bytes of a number, from the most significant to the least. */
static uint64_t gather(const struct field *field, const unsigned char *bytes)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < field->size; i++)
		bits = bits << 8 | bytes[field->big_endian ? i : field->size - 1 - i];
	return bits;
}

/* To three significant digits; Python's {:.3} writes 2 as 2.0, which is the same number. */
static void print_real(const struct field *field, uint64_t bits)
{
	uint32_t half = bits;
	double real;
	float single;

	if (field->code == 'd') {
		memcpy(&real, &bits, sizeof(real));
	} else {
		memcpy(&single, &half, sizeof(single));
		real = single;
	}
	printf("%.3g", real);
}

static void print_field(const struct field *field, const unsigned char *data)
{
	uint64_t bits, sign;

	if (field->code == 's') {
		fwrite(data + field->offset, 1, field->size, stdout);
		return;
	}
	bits = gather(field, data + field->offset);
	sign = (uint64_t)1 << (8 * field->size - 1);
	if (field->code == 'f' || field->code == 'd')
		print_real(field, bits);
	else if (strchr("bhilq", field->code))
		printf("%" PRId64, (int64_t)((bits ^ sign) - sign));
	else
		printf("%" PRIu64, bits);
}

static void print_values(const struct sockaddr_in *client, const char *format, const unsigned char *data)
{
	struct layout layout = begin(format);
	char address[INET_ADDRSTRLEN];
	struct field field;

	inet_ntop(AF_INET, &client->sin_addr, address, sizeof(address));
	printf("('%s', %u)", address, ntohs(client->sin_port));
	while (next_field(&layout, &field) > 0) {
		fputs(", ", stdout);
		print_field(&field, data);
	}
	putchar('\n');
}

static int take_data(int conn, const struct sockaddr_in *client, const char *format)
{
	ssize_t need = size_by_format(format);
	unsigned char data[LARGEST];

	if (need < 0)
		return complain("the format cannot be read");
	if (recv(conn, data, need, MSG_WAITALL) != need)
		return complain("the data are shorter than the format says");
	print_values(client, format, data);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : failed("cannot print");
}

static int serve(int sock)
{
	struct sockaddr_in client;
	socklen_t client_len = sizeof(client);
	int conn = accept(sock, (struct sockaddr *)&client, &client_len), status;
	char format[LARGEST + 1];
	ssize_t len;

	if (conn < 0)
		return failed("cannot accept a client");
	len = recv(conn, format, LARGEST, 0);
	if (len < 0) {
		status = failed("cannot receive");
	} else {
		format[len] = '\0';
		status = take_data(conn, &client, format);
	}
	close(conn);
	return status;
}

int main(int argc, char **argv)
{
	struct options options = parse_options(argc, argv);
	int sock = socket(AF_INET, SOCK_STREAM, 0);
	int on = 1, status;

	if (sock < 0)
		return failed("cannot open a TCP socket");
	/* The end that closes first keeps the port for a minute (TIME_WAIT); without this a restart would have to wait. */
	setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(sock, (struct sockaddr *)&options.own, sizeof(options.own)) < 0)
		status = failed("cannot bind the socket");
	else if (listen(sock, 5) < 0)
		status = failed("cannot listen");
	else
		status = serve(sock);
	close(sock);
	return status;
}
