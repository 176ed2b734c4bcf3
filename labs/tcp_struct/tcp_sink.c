/*
 * tcp_sink PORT: an odd peer of a TCP client. It takes every connection, one behind the other, reads until the client ends it and
 * closes; it never sends a byte, and it goes on until it is killed. For every connection it prints `heard`.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#define PROGRAM "tcp_sink"

static int failed(const char *what)
{
	fprintf(stderr, PROGRAM ": %s: %s\n", what, strerror(errno));
	return EXIT_FAILURE;
}

static void hear(int conn)
{
	char bytes[4096];

	while (recv(conn, bytes, sizeof(bytes), 0) > 0)
		;
	close(conn);
	puts("heard");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct sockaddr_in own = { .sin_family = AF_INET };
	int sock = socket(AF_INET, SOCK_STREAM, 0), on = 1, conn;

	if (argc != 2 || atoi(argv[1]) < 1 || atoi(argv[1]) > 65535) {
		fputs("usage: " PROGRAM " PORT\nTake TCP connections and say nothing, until killed.\n", stderr);
		return 2;
	}
	own.sin_port = htons((uint16_t)atoi(argv[1]));
	setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(sock, (struct sockaddr *)&own, sizeof(own)) < 0 || listen(sock, 16) < 0)
		return failed("cannot listen");
	while ((conn = accept(sock, NULL, NULL)) >= 0)
		hear(conn);
	return failed("cannot accept");
}
