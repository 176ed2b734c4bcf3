#pragma once
#include "harness/checks.h"

/*
 * Observations made by hand, for tests of verbs. Every frame and every event is one millisecond
 * behind the one before it, whichever of the two that was. All memory is in the arena.
 */
struct made {
	struct wl_arena *arena;
	struct wl_observation seen;
	uint64_t now_ns;
};

void made_up(struct made *made, const char *lesson, const char *scenario);
void made_down(struct made *made);

/* Each returns the index of what it adds. A point without a MAC is lo. */
uint32_t made_point(struct made *made, const char *host, const char *mac, const char *address);
uint32_t made_performer(struct made *made, const char *actor, const char *host, bool submitted);

void made_value(struct made *made, const char *name, const char *text);
void made_event(struct made *made, uint32_t performer, enum wl_event_kind kind, int64_t number,
	const char *text);
void made_print(struct made *made, uint32_t performer, const char *text);

/* A frame of LEN bytes; returns its number, from 1. */
uint32_t made_frame(struct made *made, uint32_t point, enum wl_direction direction,
	const void *bytes, size_t len);

/* The same with header and payload (a text). */
uint32_t made_ether(struct made *made, uint32_t point, enum wl_direction direction,
	const char *destination, const char *source, uint16_t type, const char *payload);

struct made_end {
	uint32_t point;
	const char *address;
	uint16_t port;
};

/* A datagram as one point sees it. */
uint32_t made_udp(struct made *made, uint32_t point, enum wl_direction direction,
	struct made_end from, struct made_end to, const char *text);
uint32_t made_udp_bytes(struct made *made, uint32_t point, enum wl_direction direction,
	struct made_end from, struct made_end to, const void *payload, size_t len);

/*
 * A datagram over the cables: at FROM's point on its way out, at TO's on its way in. Returns the
 * number of the first frame.
 */
uint32_t made_carried(struct made *made, struct made_end from, struct made_end to,
	const char *text);

/* A TCP segment as one point sees it; FLAGS as in the header, SEQUENCE that of its first byte or SYN. */
uint32_t made_segment(struct made *made, uint32_t point, enum wl_direction direction,
	struct made_end from, struct made_end to, unsigned int flags, uint32_t sequence,
	const void *bytes, size_t len);

/* What CHECK says of it. */
struct wl_finding made_judge(struct made *made, const struct wl_check *check);

/* The label of what explains CHECK's failure, "" when nothing does or it does not fail. */
const char *made_label(struct made *made, const struct wl_check *check);

/*
 * CHECK's verdict as a letter: p(ass), f(ail), x (broken), otherwise "?". A FAIL must say what was
 * expected and what was there.
 */
char made_letter(struct made *made, const struct wl_check *check);

/*
 * Whether CHECK fails at FRAME, in words that contain EXPECTED and ACTUAL. Says what it said if
 * not.
 */
bool made_fails(struct made *made, const struct wl_check *check, uint32_t frame,
	const char *expected, const char *actual);
