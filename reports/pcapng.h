#pragma once
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "harness/base/err.h"
#include "harness/observation.h"

/* What a person shall read beside a frame. */
struct pcapng_comment {
	uint32_t frame;   /* its number: place in the observation + 1 */
	const char *text; /* what is not UTF-8 is replaced */
};

/*
 * Write what was captured to FILE as pcapng (draft-ietf-opsawg-pcapng): one section, whose comment
 * says what was played; an interface a point, "HOST:eth0", with nanosecond times; the frames in the
 * observation's order, so that Wireshark numbers them as wirelab does. Directions are the host's:
 * outbound is what it sent; on lo there is none. COMMENTS may be in any order, several on a frame;
 * those on frames that are not there are left out. Everything is little-endian, whatever the
 * machine. FILE stays open; it is flushed. Returns 0, or -1 when it cannot be written.
 */
int pcapng_write(FILE *file, const struct wl_observation *seen,
	const struct pcapng_comment *comments, size_t comment_count, struct wl_err *err);
