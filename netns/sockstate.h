#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/arena.h"
#include "harness/base/err.h"

/*
 * Socket state of one network namespace, as the kernel tells it (sock_diag(7), packet_diag,
 * igmp).
 */

struct wl_socket {
	int family;     /* AF_INET, AF_INET6, AF_PACKET */
	int protocol;   /* IPPROTO_TCP, IPPROTO_UDP; AF_PACKET: ethertype, host order, 3: all */
	char local[46]; /* address; "" for AF_PACKET */
	uint16_t local_port;    /* host byte order */
	char remote[46];        /* address; "" for AF_PACKET */
	uint16_t remote_port;   /* host byte order */
	int state;              /* TCP_LISTEN ... of netinet/tcp.h; UDP: TCP_ESTABLISHED when it is
				 * connected, else TCP_CLOSE; 0 for AF_PACKET */
	uint32_t receive_queue; /* bytes of memory that wait to be read; of a listening socket,
				 * connections that wait to be accepted */
	unsigned int ifindex; /* AF_PACKET: the interface, 0 for all; else the bound device or 0 */
	uint64_t inode;       /* 0: nobody holds it any more (TIME_WAIT) */
};

struct wl_membership {
	char interface[16];
	char group[16]; /* IPv4 */
	unsigned int users;
};

struct sockstate; /* an open question to one network namespace */

/*
 * NETNS is borrowed for the call; the process's own network namespace is as before. Returns 0 or
 * -1.
 */
int sockstate_open(struct sockstate **out, int netns, struct wl_err *err);
void sockstate_close(struct sockstate *state); /* NULL is fine */

/* What to ask for: each kind is a question of its own to the kernel. */
#define SOCKSTATE_TCP 1u
#define SOCKSTATE_UDP 2u
#define SOCKSTATE_PACKET 4u
#define SOCKSTATE_ALL 7u

/*
 * The sockets of KINDS, TCP and UDP of both families, appended to *SOCKETS in ARENA
 * (*COUNT counts; start with NULL and 0). A TCP connection whose handshake is not over yet at the
 * listening side may be left out. Returns 0 or -1.
 */
int sockstate_sockets(struct sockstate *state, unsigned int kinds, struct wl_arena *arena,
	struct wl_socket **sockets, size_t *count, struct wl_err *err);

/* IPv4 multicast memberships, the same way. */
int sockstate_memberships(struct sockstate *state, struct wl_arena *arena,
	struct wl_membership **memberships, size_t *count, struct wl_err *err);
