/*
 * tcp_asker ADDRESS PORT HOW ...: an odd peer of a TCP server, a client in one of several moods:
 *
 *   ask HEX        connect, send the bytes, read until the server closes, end
 *   brief HEX      the same, but leave after a second without an answer
 *   hold MS HEX    as ask, but silent for MS milliseconds between connecting and sending
 *   many COUNT HEX ask COUNT times, one after the other, print `served N.` for each; give up when the
 *                  server takes more than 8 seconds for one of them
 *   silent COUNT   open COUNT connections, print `silent`, say nothing and stay until it is killed
 *   reset HEX      connect and reset the connection, then connect, send and reset, three times; print `reset`
 *   leave          connect, close without a word, print `left`
 *
 * It closes its own end only when the server has closed: who closes first sits in TIME_WAIT.
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
#include <time.h>
#include <unistd.h>

#define PROGRAM "tcp_asker"
#define LARGEST 65536

static const char usage[] = "usage: " PROGRAM " ADDRESS PORT ask HEX | brief HEX | hold MS HEX | many COUNT HEX |\n"
	"       silent COUNT | reset HEX | leave\nAsk a TCP server, or bother it.\n";

static struct sockaddr_in server = { .sin_family = AF_INET };
static uint8_t payload[LARGEST];
static size_t payload_len;

static void fail(const char *what)
{
	fprintf(stderr, PROGRAM ": %s: %s\n", what, strerror(errno));
	exit(EXIT_FAILURE);
}

static void bad_argument(const char *what, const char *text)
{
	fprintf(stderr, PROGRAM ": %s: '%s'\n%s", what, text, usage);
	exit(2);
}

static unsigned long parse_number(const char *text, unsigned long most)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (strspn(text, "0123456789") == 0 || *end != '\0' || number > most)
		bad_argument("not a number in range", text);
	return number;
}

static void parse_payload(const char *text)
{
	size_t len = strlen(text) / 2;
	unsigned int byte;

	if (strlen(text) % 2 != 0 || len > LARGEST || strspn(text, "0123456789abcdefABCDEF") != 2 * len)
		bad_argument("not a payload in hexadecimal", text);
	for (size_t i = 0; i < len; i++) {
		sscanf(text + 2 * i, "%2x", &byte);
		payload[i] = (uint8_t)byte;
	}
	payload_len = len;
}

static void say(const char *word)
{
	puts(word);
	fflush(stdout);
}

static void wait_ms(unsigned long ms)
{
	struct timespec time = { (time_t)(ms / 1000), (long)(ms % 1000) * 1000000 };

	nanosleep(&time, NULL);
}

static int connected(void)
{
	int sock = socket(AF_INET, SOCK_STREAM, 0);

	if (sock < 0 || connect(sock, (struct sockaddr *)&server, sizeof(server)) < 0)
		fail("cannot connect");
	return sock;
}

static void send_payload(int sock)
{
	if (send(sock, payload, payload_len, MSG_NOSIGNAL) != (ssize_t)payload_len)
		fail("cannot send");
}

/* Until the server has closed; a reset is an end, too. False when there is none in time. */
static bool read_all(int sock)
{
	static uint8_t bytes[LARGEST];
	ssize_t got;

	do
		got = recv(sock, bytes, sizeof(bytes), 0);
	while (got > 0);
	return got == 0 || errno != EAGAIN;
}

/* Waits PATIENCE_S seconds for each piece of the answer, 0: for ever. */
static bool ask(unsigned long held_ms, time_t patience_s)
{
	const struct timeval patience = { patience_s, 0 };
	int sock = connected();
	bool closed;

	if (setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0)
		fail("cannot set SO_RCVTIMEO");
	if (held_ms)
		wait_ms(held_ms);
	send_payload(sock);
	closed = read_all(sock);
	close(sock);
	return closed;
}

static void ask_many(unsigned long count)
{
	for (unsigned long i = 1; i <= count && ask(0, 8); i++) {
		printf("served %lu.\n", i);
		fflush(stdout);
	}
}

/* Not faster than a server with a short queue takes them out of it. */
static void stay_silent(unsigned long count)
{
	while (count-- > 0) {
		connected();
		wait_ms(10);
	}
	say("silent");
	pause();
}

/* With SO_LINGER at 0, close() sends RST instead of FIN. */
static void reset(int sock)
{
	const struct linger linger = { 1, 0 };

	if (setsockopt(sock, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)) < 0)
		fail("cannot set SO_LINGER");
	close(sock);
}

/* Thrice with data: a server may be quicker than the reset. */
static void reset_often(void)
{
	reset(connected());
	for (int i = 0; i < 3; i++) {
		int sock = connected();

		send_payload(sock);
		reset(sock);
	}
	say("reset");
}

static void leave(void)
{
	close(connected());
	say("left");
}

int main(int argc, char **argv)
{
	const char *how = argc > 3 ? argv[3] : "";

	if (argc < 4 || inet_pton(AF_INET, argv[1], &server.sin_addr) != 1) {
		fputs(usage, stderr);
		return 2;
	}
	server.sin_port = htons((uint16_t)parse_number(argv[2], 65535));
	if (argc > 4 && strcmp(how, "silent") != 0)
		parse_payload(argv[argc - 1]);
	if (argc == 5 && strcmp(how, "ask") == 0)
		ask(0, 0);
	else if (argc == 5 && strcmp(how, "brief") == 0)
		ask(0, 1);
	else if (argc == 6 && strcmp(how, "hold") == 0)
		ask(parse_number(argv[4], 3600000), 0);
	else if (argc == 6 && strcmp(how, "many") == 0)
		ask_many(parse_number(argv[4], 100000));
	else if (argc == 5 && strcmp(how, "silent") == 0)
		stay_silent(parse_number(argv[4], 1000));
	else if (argc == 5 && strcmp(how, "reset") == 0)
		reset_often();
	else if (argc == 4 && strcmp(how, "leave") == 0)
		leave();
	else
		bad_argument("unknown way to ask, or a wrong number of arguments", how);
	return 0;
}
