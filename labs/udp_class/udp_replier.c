/*
 * udp_replier PORT HEX [MILLISECONDS]: an odd peer of a UDP client. It waits on PORT of every address of its host,
 * prints `got` for each datagram and answers with the bytes of HEX, whatever was asked, at once or after so
 * many milliseconds, until it is killed.
 *
 * A client that prints what it sent, or what it thinks an echo must be, is shown by an answer that is none; one that
 * gives up is shown by a late one.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define PROGRAM "udp_replier"

static int failed(const char *what)
{
	fprintf(stderr, PROGRAM ": %s: %s\n", what, strerror(errno));
	return EXIT_FAILURE;
}

static size_t decode(const char *hex, uint8_t *bytes, size_t size)
{
	size_t len = 0;

	for (unsigned int byte; len < size && sscanf(hex + 2 * len, "%2x", &byte) == 1; len++)
		bytes[len] = (uint8_t)byte;
	return len;
}

int main(int argc, char **argv)
{
	struct sockaddr_in own = { .sin_family = AF_INET };
	uint8_t reply[1500], asked[65536];
	long late_ms = argc > 3 ? atol(argv[3]) : 0;
	struct timespec late = { late_ms / 1000, late_ms % 1000 * 1000000 };
	int sock = socket(AF_INET, SOCK_DGRAM, 0);
	size_t len;

	if (argc < 3 || argc > 4) {
		fputs("usage: " PROGRAM " PORT HEX [MILLISECONDS]\n", stderr);
		return 2;
	}
	own.sin_port = htons((uint16_t)atoi(argv[1]));
	len = decode(argv[2], reply, sizeof(reply));
	if (sock < 0 || bind(sock, (struct sockaddr *)&own, sizeof(own)) < 0)
		return failed("cannot bind the socket");
	for (;;) {
		struct sockaddr_in from;
		socklen_t from_len = sizeof(from);

		if (recvfrom(sock, asked, sizeof(asked), 0, (struct sockaddr *)&from, &from_len) < 0)
			return failed("cannot receive");
		puts("got");
		fflush(stdout);
		nanosleep(&late, NULL);
		if (sendto(sock, reply, len, 0, (struct sockaddr *)&from, from_len) < 0)
			return failed("cannot answer");
	}
}
