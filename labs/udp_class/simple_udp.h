/*
 * simple_udp: a small class around a UDP socket, in C.
 *
 * C has no classes, but it has what they are made of. The attributes are a struct. A method is a
 * function whose first argument is that struct. A constructor and a destructor are a pair of
 * functions, init and term. To inherit, a child embeds the struct as its first member: a pointer to
 * the child is then a pointer to its parent as well, and all of the parent's functions take it.
 *
 * The parent knows how to receive, send and stop; what to do with a datagram is the child's. So the
 * child hands over a function and a context (a callback), and a thread calls it again and again
 * until it returns false or the object is stopped.
 *
 * The one hard thing is to stop a thread that sleeps in a receive: closing its socket does not wake
 * it. Trying again and again without sleeping would do, and keep a processor busy all day. Here
 * the thread sleeps in poll() on two things at once, the socket and a pipe; a byte in the pipe
 * means "stop", and stays there for whoever asks next.
 */
#pragma once
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#define SIMPLE_UDP_LARGEST 1500 /* bytes of one datagram that are kept */

/* Does one piece of work with CONTEXT. Returns whether it wants to be called again. */
typedef bool simple_udp_func(void *context);

struct simple_udp {
	int sock;
	int stop[2]; /* a pipe; something in it: stop */
	pthread_t thread;
	bool started;
	simple_udp_func *func;
	void *context;
};

/* Release all that init made, after the thread has ended. */
static inline void simple_udp_term(struct simple_udp *udp)
{
	close(udp->sock);
	close(udp->stop[0]);
	close(udp->stop[1]);
}

/* OWN: where to receive; NULL leaves the choice of a port to the first send. 0, or -1 and errno. */
static inline int simple_udp_init(struct simple_udp *udp, const struct sockaddr_in *own)
{
	*udp = (struct simple_udp){ .sock = socket(AF_INET, SOCK_DGRAM, 0), .stop = { -1, -1 } };
	if (udp->sock >= 0 && pipe(udp->stop) == 0 &&
		(!own || bind(udp->sock, (const struct sockaddr *)own, sizeof(*own)) == 0))
		return 0;
	simple_udp_term(udp);
	return -1;
}

static inline void *simple_udp_run(void *object)
{
	struct simple_udp *udp = object;

	while (udp->func(udp->context))
		;
	return NULL;
}

/* Start the thread that calls FUNC with CONTEXT. 0, or -1 and errno. */
static inline int simple_udp_callback(struct simple_udp *udp, simple_udp_func *func, void *context)
{
	udp->func = func;
	udp->context = context;
	errno = pthread_create(&udp->thread, NULL, simple_udp_run, udp);
	udp->started = errno == 0;
	return udp->started ? 0 : -1;
}

/* Wait until the thread has ended by itself. */
static inline void simple_udp_wait(struct simple_udp *udp)
{
	if (udp->started)
		pthread_join(udp->thread, NULL);
	udp->started = false;
}

/* Wake the thread, if it waits for a datagram, and let it end. */
static inline void simple_udp_stop(struct simple_udp *udp)
{
	while (write(udp->stop[1], "", 1) < 0 && errno == EINTR)
		;
	simple_udp_wait(udp);
}

/*
 * Wait for a datagram and take it: up to SIZE bytes into DATA, the sender into *FROM. Returns its
 * length, which may well be 0; or -1, with ECANCELED when the object was stopped.
 */
static inline ssize_t simple_udp_receive(struct simple_udp *udp, void *data, size_t size,
	struct sockaddr_in *from)
{
	struct pollfd waits[] = { { udp->sock, POLLIN, 0 }, { udp->stop[0], POLLIN, 0 } };
	socklen_t from_len = sizeof(*from);

	while (poll(waits, 2, -1) < 0)
		if (errno != EINTR)
			return -1;
	if (waits[1].revents) {
		errno = ECANCELED;
		return -1;
	}
	return recvfrom(udp->sock, data, size, 0, (struct sockaddr *)from, &from_len);
}

/* Send one datagram. 0, or -1 and errno. */
static inline int simple_udp_send(struct simple_udp *udp, const void *data, size_t len,
	const struct sockaddr_in *to)
{
	return sendto(udp->sock, data, len, 0, (const struct sockaddr *)to, sizeof(*to)) < 0 ? -1 : 0;
}

/*
 * The arguments of both programs: [--address ADDRESS] [--port PORT], written over ADDRESS; --help
 * prints USAGE. Ends the program when it cannot go on.
 */
static inline void simple_udp_arguments(int argc, char **argv, const char *usage,
	struct sockaddr_in *address)
{
	for (int i = 1; i < argc; i += 2) {
		const char *value = i + 1 < argc ? argv[i + 1] : "";
		char *end;
		unsigned long port = strtoul(value, &end, 10);

		if (strcmp(argv[i], "--help") == 0) {
			fputs(usage, stdout);
			exit(EXIT_SUCCESS);
		}
		if (strcmp(argv[i], "--address") == 0 && inet_pton(AF_INET, value, &address->sin_addr) == 1)
			continue;
		if (strcmp(argv[i], "--port") != 0 || *value < '0' || *value > '9' || *end != '\0' ||
			port < 1 || port > 65535) {
			fputs(usage, stderr);
			exit(2);
		}
		address->sin_port = htons((uint16_t)port);
	}
}
