#pragma once
#include "harness/checks.h"

/*
 * Words on a program that did not do what was awaited: what it was doing, and where things went instead. They explain; no verdict depends
 * on them. Sentences are in the arena of the case, each with a blank before it; "" when nothing is known.
 */

/* What was seen of one program in one look: pointers into the observation's doings. */
struct look {
	const struct wl_case *c;
	uint32_t performer;
	const struct wl_seen_doing **rows;
	size_t count;
};

/* The first look at the performer at or behind FROM_NS, or (UINT64_MAX) the last; none has count 0. */
struct look look_at(const struct wl_case *c, uint32_t performer, uint64_t from_ns);

/* Whether the point of capture is at the performer's host. */
bool whereabouts_at_host(const struct wl_case *c, uint32_t performer, uint32_t point);

/* Whether somebody refused the datagram with an ICMP port unreachable. */
bool whereabouts_refused(const struct wl_case *c, const struct wl_datagram *sent);

/* "UDP 0.0.0.0:49002", "listening TCP [::]:49001", "a packet socket for frames of type 0800 on lo". */
const char *socket_words(const struct wl_case *c, const struct wl_socket *socket);

/* That and what lies in its queue, in brackets. */
const char *socket_and_queue(const struct look *look, const struct wl_socket *socket);

/* "10.77.0.1:40000", "[::]:49001". */
const char *socket_end(const struct wl_case *c, const char *address, uint16_t port);

/* "It waits in recvfrom() on UDP 0.0.0.0:49002 (nothing has come to it)." */
const char *doings_words(const struct look *look);

/*
 * Datagrams to the check's port that none of its sockets hears, from FROM_NS on, and why; connections for which nobody listened; where
 * the check has no port, the frame that its packet sockets do not hear, which is the first to the host from then on.
 */
const char *unheard_words(const struct look *look, uint64_t from_ns);

/* Its sockets, without those that TOLD names. */
const char *sockets_words(const struct look *look, const char *told);

/* What left the performer's host for anywhere but the check's port; what TOLD says already is left out. */
const char *astray_words(const struct wl_case *c, uint32_t performer, const char *told);
