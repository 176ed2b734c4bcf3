#pragma once
/*
 * A small class for multicast programs, as C has them: a struct for the attributes, functions that take it as their first argument
 * for the methods, and a pair of them that makes and unmakes one (init and term).
 *
 * simple_multicast is the parent: a UDP socket and a group, send() and recv(). A child embeds its parent as its first member, calls
 * the parent's init in its own, and adds what makes it special: a receiver binds and joins, a sender sets a TTL. What the parent
 * can do with itself, it can do with the parent inside a child. A child changes a method by putting another function into the
 * pointer.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>
#include <unistd.h>

#define SIMPLE_MULTICAST_GROUP "224.1.1.1"
#define SIMPLE_MULTICAST_PORT 49003
#define SIMPLE_MULTICAST_TIMEOUT_MS 200
#define SIMPLE_MULTICAST_TTL 2

struct simple_multicast {
	int sock;                 /* -1: none */
	struct sockaddr_in group; /* address and port */

	/* Send LEN bytes to TO, or to the group when it is NULL. Returns 0 or -1 (errno). */
	int (*send)(struct simple_multicast *self, const void *bytes, size_t len, const struct sockaddr_in *to);
	/* Receive a datagram and its sender. Returns its length, or -1; errno is EAGAIN when none came in time. */
	ssize_t (*recv)(struct simple_multicast *self, void *bytes, size_t size, struct sockaddr_in *from);
};

struct simple_multicast_receiver {
	struct simple_multicast base;
};

struct simple_multicast_sender {
	struct simple_multicast base;
	int ttl;
};

static inline int simple_multicast_send(struct simple_multicast *self, const void *bytes, size_t len,
	const struct sockaddr_in *to)
{
	to = to ? to : &self->group;
	return sendto(self->sock, bytes, len, 0, (const struct sockaddr *)to, sizeof(*to)) < 0 ? -1 : 0;
}

static inline ssize_t simple_multicast_recv(struct simple_multicast *self, void *bytes, size_t size,
	struct sockaddr_in *from)
{
	socklen_t len = sizeof(*from);

	return recvfrom(self->sock, bytes, size, 0, (struct sockaddr *)from, &len);
}

/* Frees nothing twice: a term behind a term, or behind an init that failed, does nothing. */
static inline void simple_multicast_term(struct simple_multicast *self)
{
	if (self->sock >= 0)
		close(self->sock);
	self->sock = -1;
}

/* GROUP (an IPv4 multicast address) and TIMEOUT_MS of a recv. Returns 0 or -1 (errno). */
static inline int simple_multicast_init(struct simple_multicast *self, const char *group, uint16_t port,
	unsigned int timeout_ms)
{
	struct timeval timeout = { timeout_ms / 1000, timeout_ms % 1000 * 1000 };

	*self = (struct simple_multicast){
		.sock = -1,
		.group = { .sin_family = AF_INET, .sin_port = htons(port) },
		.send = simple_multicast_send,
		.recv = simple_multicast_recv,
	};
	if (inet_pton(AF_INET, group, &self->group.sin_addr) != 1 ||
		!IN_MULTICAST(ntohl(self->group.sin_addr.s_addr))) {
		errno = EINVAL;
		return -1;
	}
	self->sock = socket(AF_INET, SOCK_DGRAM, 0);
	if (self->sock < 0)
		return -1;
	return setsockopt(self->sock, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
}

static inline void simple_multicast_receiver_term(struct simple_multicast_receiver *self)
{
	simple_multicast_term(&self->base);
}

/* Also binds to the group's port, which it shares with other receivers, and joins. Returns 0 or -1 (errno); then it needs no term. */
static inline int simple_multicast_receiver_init(struct simple_multicast_receiver *self, const char *group,
	uint16_t port)
{
	struct simple_multicast *base = &self->base;
	struct sockaddr_in own = { .sin_family = AF_INET, .sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_ANY) };
	struct ip_mreqn membership = { .imr_ifindex = 0 };
	int on = 1;

	if (simple_multicast_init(base, group, port, SIMPLE_MULTICAST_TIMEOUT_MS) < 0)
		goto fail;
	membership.imr_multiaddr = base->group.sin_addr;
	if (setsockopt(base->sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
		bind(base->sock, (const struct sockaddr *)&own, sizeof(own)) < 0 ||
		setsockopt(base->sock, IPPROTO_IP, IP_ADD_MEMBERSHIP, &membership, sizeof(membership)) < 0)
		goto fail;
	return 0;
fail:
	simple_multicast_receiver_term(self);
	return -1;
}

static inline void simple_multicast_sender_term(struct simple_multicast_sender *self)
{
	simple_multicast_term(&self->base);
}

/* Also sets the TTL of what it sends to the group. Returns 0 or -1 (errno); then it needs no term. */
static inline int simple_multicast_sender_init(struct simple_multicast_sender *self, const char *group, uint16_t port)
{
	struct simple_multicast *base = &self->base;

	self->ttl = SIMPLE_MULTICAST_TTL;
	if (simple_multicast_init(base, group, port, SIMPLE_MULTICAST_TIMEOUT_MS) == 0 &&
		setsockopt(base->sock, IPPROTO_IP, IP_MULTICAST_TTL, &self->ttl, sizeof(self->ttl)) == 0)
		return 0;
	simple_multicast_sender_term(self);
	return -1;
}

/* Print "addr =('10.77.0.1', 40000), data = b'...'". Bytes need not be text: what is not printable ASCII is shown by its number. */
static inline void simple_multicast_print(const struct sockaddr_in *from, const uint8_t *bytes, size_t len)
{
	char address[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &from->sin_addr, address, sizeof(address));
	printf("addr =('%s', %u), data = b'", address, ntohs(from->sin_port));
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] < ' ' || bytes[i] > '~')
			printf("\\x%02x", bytes[i]);
		else if (bytes[i] == '\'' || bytes[i] == '\\')
			printf("\\%c", bytes[i]);
		else
			putchar(bytes[i]);
	}
	puts("'");
	fflush(stdout);
}
