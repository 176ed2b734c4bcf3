/*
 * tcp_teller ADDRESS PORT SOURCE_PORT HEXFORMAT HEXDATA [HOLD_MS]: an odd peer of a server that takes a format and then data. It
 * calls from a port of the play's choice, sends the format and prints `format` when the server's machine has it; then it waits for a
 * line on its terminal, so that the play can let the server take the format first, and for the rest of a tenth of a second. It sends the
 * data, prints `data` and ends its sending side.
 *
 * With HOLD_MS it does not end its side for so many milliseconds, unless the server ends its own first: a server that closes
 * first is left with its port in TIME_WAIT. When the connection is over on both sides it prints `closed`.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define PROGRAM "tcp_teller"
#define LARGEST 4096
#define GAP_MS 100
#define PATIENCE_MS 5000

static const char usage[] =
	"usage: " PROGRAM " ADDRESS PORT SOURCE_PORT HEXFORMAT HEXDATA [HOLD_MS]\n"
	"Send a format, wait for a line and a tenth of a second, send data, close.\n";

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
static size_t parse_bytes(const char *text, uint8_t *bytes, size_t size)
{
	size_t len = strlen(text) / 2;

	if (strlen(text) % 2 != 0 || len > size)
		bad_argument("not bytes in hexadecimal", text);
	for (size_t i = 0; i < len; i++) {
		int high = digit_value(text[2 * i]), low = digit_value(text[2 * i + 1]);

		if (high < 0 || low < 0)
			bad_argument("not bytes in hexadecimal", text);
		bytes[i] = high << 4 | low;
	}
	return len;
}

static void say(const char *word)
{
	puts(word);
	fflush(stdout);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void sleep_ms(int64_t ms)
{
	const struct timespec pause = { ms / 1000, ms % 1000 * 1000000 };

	if (ms > 0)
		nanosleep(&pause, NULL);
}

/* The other machine has acknowledged all that was sent. */
static bool arrived(int sock)
{
	int waiting;

	return ioctl(sock, SIOCOUTQ, &waiting) < 0 || waiting == 0;
}

/* Both ends are through with the connection. */
static bool over(int sock)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);

	return getsockopt(sock, IPPROTO_TCP, TCP_INFO, &info, &len) < 0 || info.tcpi_state == TCP_CLOSE ||
	       info.tcpi_state == TCP_TIME_WAIT;
}

static void await(int sock, bool (*done)(int sock))
{
	for (int64_t until = now_ms() + PATIENCE_MS; !done(sock) && now_ms() < until;)
		sleep_ms(1);
}

/* Wait until the server ends its side, at most MS (-1: for ever). What it sends is thrown away. */
static void await_end(int sock, int ms)
{
	struct pollfd wait = { sock, POLLIN, 0 };
	int64_t until = now_ms() + ms;
	char bytes[LARGEST];

	while (poll(&wait, 1, ms < 0 ? -1 : until > now_ms() ? (int)(until - now_ms()) : 0) > 0)
		if (recv(sock, bytes, sizeof(bytes), 0) <= 0)
			return;
}

static int call(const char *address, const char *port, const char *source_port)
{
	struct sockaddr_in own = { .sin_family = AF_INET }, to = { .sin_family = AF_INET };
	int sock = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	if (inet_pton(AF_INET, address, &to.sin_addr) != 1)
		bad_argument("not an IPv4 address", address);
	to.sin_port = htons(parse_port(port));
	own.sin_port = htons(parse_port(source_port));
	setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (bind(sock, (struct sockaddr *)&own, sizeof(own)) < 0 ||
		connect(sock, (struct sockaddr *)&to, sizeof(to)) < 0)
		return -1;
	return sock;
}

int main(int argc, char **argv)
{
	uint8_t format[LARGEST], data[LARGEST];
	size_t format_len, data_len;
	int64_t sent_ms;
	char line[16];
	int sock;

	if (argc != 6 && argc != 7) {
		fputs(usage, stderr);
		return 2;
	}
	format_len = parse_bytes(argv[4], format, sizeof(format));
	data_len = parse_bytes(argv[5], data, sizeof(data));
	sock = call(argv[1], argv[2], argv[3]);
	if (sock < 0)
		return failed("cannot connect");
	if (send(sock, format, format_len, MSG_NOSIGNAL) < 0)
		return failed("cannot send the format");
	await(sock, arrived);
	sent_ms = now_ms();
	say("format");
	if (!fgets(line, sizeof(line), stdin))
		return failed("cannot read the terminal");
	sleep_ms(sent_ms + GAP_MS + 1 - now_ms());
	if (send(sock, data, data_len, MSG_NOSIGNAL) < 0)
		return failed("cannot send the data");
	say("data");
	if (argc == 7)
		await_end(sock, atoi(argv[6]));
	shutdown(sock, SHUT_WR);
	await_end(sock, -1);
	await(sock, over);
	say("closed");
	close(sock);
	return EXIT_SUCCESS;
}
