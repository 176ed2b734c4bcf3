#pragma once
#include "harness/observation.h"
#include "netns/topo.h"

/*
 * Capture on every cable end in the wire namespace, both directions, and on lo of every host;
 * libpcap, nanosecond times. Frames go straight into an observation.
 */
struct capture;

/*
 * Open all points of TOPO and add them to SEEN (points, in the order: cables, then lo of each
 * host). STAGE is what the topo was built of. Frames, points and the capture itself are in ARENA.
 * Threads do the work and have ended on return; the network namespace of the caller is as before.
 * The kernel counts from the return of this call on. Returns 0, or -1 with *OUT NULL.
 */
int capture_open(struct capture **out, const struct topo *topo, const struct wl_stage *stage,
	struct wl_observation *seen, struct wl_arena *arena, struct wl_err *err);

/* Fill FDS (room for capture_fd_count()) with descriptors to poll for POLLIN. */
size_t capture_fd_count(const struct capture *capture);
void capture_fds(const struct capture *capture, int *fds);

/*
 * Move all frames that wait into the observation, unsorted. Returns how many came; what goes beyond
 * 20,000 frames in all is counted as dropped at its point, and so is an interface that cannot be
 * read.
 */
size_t capture_read(struct capture *capture);

/*
 * Whether the capture has (or counted as dropped) every frame that the hosts' interfaces have sent
 * since it was opened, by their own counters. A frame counts as sent at once, but on a busy machine
 * the capture may see it later.
 */
bool capture_settled(struct capture *capture);

/*
 * The last read: moves what waits, notes the drop counters and puts the frames in the order of time
 * (stable: from-host before to-host). The capture stays open: closing a packet socket waits for the
 * kernel, the end of the process does it.
 */
void capture_finish(struct capture *capture);

/*
 * Give the handles back, some 10 ms each. Not on the way of a performance: there the end of the
 * process does it. For tests, and for who goes on living without the capture. NULL is fine; what
 * was captured stays in the observation.
 */
void capture_close(struct capture *capture);
