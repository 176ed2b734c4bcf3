#pragma once
#include <linux/if_packet.h>
#include <pthread.h>

#include "harness/capture.h"

/* What capture.c opens and capture_read.c reads; no other file needs it. */

#define TAP_BLOCK (256u << 10) /* bytes of a block of the ring; slots do not cross its end */

/* One packet socket at one point. */
struct tap {
	int fd;
	unsigned char *ring;
	unsigned int blocks; /* of the ring */
	size_t snaplen;      /* bytes of a frame that are kept */
	size_t next;         /* slot, to be read */
	bool open;
	uint32_t point;
	bool within;    /* on lo: what passes is neither from the host nor to it */
	uint64_t taken; /* frames read that the host sent, those beyond the most that are kept too */
	uint64_t lost;  /* frames that found no slot, so far */
	int counters;   /* /proc/net/dev of its network namespace */
	uint64_t sent_before; /* by the host through this interface, when the tap was opened */

	/* for opening it */
	pthread_t thread;
	bool started;
	int netns;
	const char *interface;
	struct wl_err err;
};

struct capture {
	struct wl_observation *seen;
	struct wl_arena *arena;
	struct tap *taps;
	size_t count;
};

/* A slot: struct tpacket2_hdr, struct sockaddr_ll, a gap for alignment of less than 32 bytes, the frame. */
static inline size_t tap_slot_size(const struct tap *tap)
{
	return TPACKET_ALIGN(TPACKET2_HDRLEN + 32 + tap->snaplen);
}

static inline size_t tap_slots_in_block(const struct tap *tap)
{
	return TAP_BLOCK / tap_slot_size(tap);
}

/*
 * The frames that the host has sent through the tap's interface, by the kernel's counter: what the
 * wire's end of a cable received is what the host's end sent, and lo receives what it sends. 0 when
 * it cannot be read.
 */
uint64_t tap_sent(const struct tap *tap);
