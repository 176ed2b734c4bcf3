#pragma once
#include <pcap/pcap.h>
#include <pthread.h>

#include "harness/capture.h"

/* What capture.c opens and capture_read.c reads; no other file needs it. */

/* One libpcap handle: one direction at one point. */
struct tap {
	pcap_t *pcap;
	struct capture *capture;
	uint32_t point;
	enum wl_direction direction;
	uint64_t taken; /* frames read, those beyond the most that are kept too */

	int counters;         /* /proc/net/dev of its network namespace */
	uint64_t sent_before; /* by the host through this interface, when the tap was opened */

	/* for opening it */
	pthread_t thread;
	bool started;
	int netns;
	int snaplen, ring; /* bytes: kept of a frame, of the ring */
	const char *interface;
	struct wl_err err;
};

struct capture {
	struct wl_observation *seen;
	struct wl_arena *arena;
	struct tap *taps;
	size_t count;
};

/*
 * The frames that the host has sent through the tap's interface, by the kernel's counter: what the
 * wire's end of a cable received is what the host's end sent, and lo receives what it sends. 0 when
 * it cannot be read.
 */
uint64_t tap_sent(const struct tap *tap);
