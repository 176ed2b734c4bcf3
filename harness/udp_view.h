#pragma once
#include "harness/checks.h"

/*
 * The datagrams of an observation from the point of view of one performer's host: what the verbs on UDP share. All text is in the
 * case's arena.
 */
struct udp_view {
	const struct wl_case *c;
	const char *host;
	bool shared; /* another program is on that host, too */
	struct wl_datagram *all;
	size_t count;
};

/* Fill VIEW for the host of ACTOR; -1 when that one was never started. */
int udp_look(struct udp_view *view, const struct wl_case *c, const char *actor);

/* Whether the datagram was seen as it reached, or as it left, the host. On lo it is both. */
bool udp_comes(const struct udp_view *view, const struct wl_datagram *datagram);
bool udp_goes(const struct udp_view *view, const struct wl_datagram *datagram);

bool udp_carries(const struct wl_datagram *datagram, const uint8_t *bytes, size_t len);

/* A library asked for a name or for an address's name: nothing that the program sent on purpose. */
bool udp_name_lookup(const struct udp_view *view, const struct wl_datagram *datagram);

/* Whether this is a question to the server on the check's port. */
bool udp_asks(const struct udp_view *view, const struct wl_datagram *datagram);

/* Whether that server sent this to somebody, on purpose. */
bool udp_tells(const struct udp_view *view, const struct wl_datagram *datagram);

/* "10.77.0.1:40000"; bytes and their number; ACTUAL and how the check's actor came to its end. */
const char *udp_endpoint(const struct udp_view *view, const char *address, uint16_t port);
const char *udp_show(const struct udp_view *view, const uint8_t *bytes, size_t len);
const char *udp_with_end(const struct wl_case *c, const char *actual);
