/*
 * udp_asker ADDRESS PORT SOURCE_PORT [--times N] HEX...: an odd peer of a UDP server that answers
 * more than once. It asks one question after the other from one port, each when the former
 * was answered, prints `answered N` behind the N-th answer, and stays there until it is killed,
 * so that answers too many find somebody.
 *
 * The socket is not connected: whatever comes, from wherever, counts as the answer, and the wire
 * tells the rest. With --times each HEX is asked N times, with a blank and the count (1 to N)
 * behind it, so that no two questions are the same.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PROGRAM "udp_asker"
#define LARGEST 65507

static void fail(const char *what)
{
	fprintf(stderr, PROGRAM ": %s: %s\n", what, strerror(errno));
	exit(EXIT_FAILURE);
}

static void misused(const char *text)
{
	fprintf(stderr, PROGRAM ": '%s'\n"
		"usage: " PROGRAM " ADDRESS PORT SOURCE_PORT [--times N] HEX...\n", text);
	exit(2);
}

static unsigned int number(const char *text, unsigned int most)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end != '\0' || value < 1 || value > most)
		misused(text);
	return (unsigned int)value;
}

/* Returns the number of bytes that HEX stands for, without touching what lies behind them. */
static size_t decode(const char *hex, uint8_t *bytes)
{
	size_t len = 0;

	for (; hex[0] && hex[1]; hex += 2, len++) {
		char pair[] = { hex[0], hex[1], '\0' }, *end;

		if (len == LARGEST - 16)
			misused("too long");
		bytes[len] = (uint8_t)strtoul(pair, &end, 16);
		if (*end != '\0')
			misused(hex);
	}
	if (*hex)
		misused(hex);
	return len;
}

static void ask(int sock, const struct sockaddr_in *server, const uint8_t *question, size_t len)
{
	static uint8_t answer[LARGEST];
	static unsigned int answers;

	if (sendto(sock, question, len, 0, (const struct sockaddr *)server, sizeof(*server)) < 0)
		fail("cannot send");
	while (recv(sock, answer, sizeof(answer), 0) < 0)
		if (errno != ECONNREFUSED && errno != EINTR)
			fail("cannot receive");
	printf("answered %u\n", ++answers);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	static uint8_t question[LARGEST];
	struct sockaddr_in server = { .sin_family = AF_INET }, own = { .sin_family = AF_INET };
	int first = argc > 5 && strcmp(argv[4], "--times") == 0 ? 6 : 4;
	unsigned int times = first == 6 ? number(argv[5], 10000) : 0;
	int sock = socket(AF_INET, SOCK_DGRAM, 0);

	if (argc <= first || inet_pton(AF_INET, argv[1], &server.sin_addr) != 1)
		misused(argc > 1 ? argv[1] : "");
	server.sin_port = htons((uint16_t)number(argv[2], 65535));
	own.sin_port = htons((uint16_t)number(argv[3], 65535));
	if (sock < 0 || bind(sock, (struct sockaddr *)&own, sizeof(own)) < 0)
		fail("cannot bind the socket");
	for (int i = first; i < argc; i++) {
		size_t len = decode(argv[i], question);

		if (!times)
			ask(sock, &server, question, len);
		for (unsigned int n = 1; n <= times; n++)
			ask(sock, &server, question, len + (size_t)sprintf((char *)question + len, " %u", n));
	}
	for (;;)
		pause();
}
