#pragma once
#include "harness/board.h"
#include "harness/play.h"

/* Told after each performance: how many of TOTAL are done. */
typedef void perform_progress(void *context, size_t done, size_t total);

/*
 * Perform COUNT plans, each in a process of its own, as many at a time as BOARD has room for, those with the longest pauses
 * first. SEEN gets one observation for each plan, in the order of the plans, in ARENA; one whose process crashed or hung carries
 * `trouble`. PROGRESS may be NULL.
 */
void perform_all(const struct play_plan *plans, size_t count, struct board *board, struct wl_arena *arena,
	struct wl_observation **seen, perform_progress *progress, void *context);
