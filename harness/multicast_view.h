#pragma once
#include "harness/checks.h"

/*
 * The datagrams of an observation as the host of one performer sees them, for the verbs on multicast: no part of the vocabulary.
 * Everything is in the case's arena.
 */
struct view {
	const struct wl_case *c;
	uint32_t performer;
	const char *host;
	struct wl_datagram *all;
	size_t count;
};

/* The view of the check's actor. Returns false when it was never started, which the second function puts into words. */
bool view_open(struct view *view, const struct wl_case *c);
enum wl_verdict view_not_started(const struct wl_case *c, struct wl_finding *finding);

bool view_comes(const struct view *view, const struct wl_datagram *datagram); /* to its host, or within it */
bool view_goes(const struct view *view, const struct wl_datagram *datagram);  /* from its host, or within it */

/* Left or reached its host over a cable, addressed to the check's group and port. */
bool view_to_group(const struct view *view, const struct wl_datagram *datagram);

bool view_same(const struct wl_datagram *datagram, const uint8_t *bytes, size_t len);

/* "10.77.0.1:40000"; bytes with their number; a sentence with how the actor ended behind it. */
const char *view_endpoint(const struct view *view, const char *address, uint16_t port);
const char *view_show(const struct view *view, const uint8_t *bytes, size_t len);
const char *view_with_end(const struct wl_case *c, const char *actual);

/*
 * How many times the actor printed "addr =" with DATAGRAM's source and together with it "data =" with its bytes, in either order.
 * With BYTES_TOO false the address alone counts.
 */
size_t view_times_printed(const struct view *view, const struct wl_datagram *datagram, bool bytes_too);

/* The FAIL for a datagram that was not printed, or not often enough. */
enum wl_verdict view_not_printed(const struct view *view, struct wl_finding *finding,
	const struct wl_datagram *datagram, bool bytes_too);
