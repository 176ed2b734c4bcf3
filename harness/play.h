#pragma once
#include "harness/lesson.h"
#include "harness/observation.h"

/* Performing a scenario. One performance is one process: it builds a stage, plays the steps, and returns what it saw. */

/* A program that was handed in, ready to run. */
struct play_program {
	const char *role;
	const char *const *argv; /* as seen in the cage; ends with NULL */
	const char *folder;      /* becomes /sub */
	const char *subfolder;   /* "" or the program's folder below it */
	unsigned int linger_ms;  /* it was seen not to end, and so long is it waited for (lingering.h); 0: it was not */
};

struct play_plan {
	const struct wl_lesson *lesson;
	const struct wl_scenario *scenario;
	uint64_t seed;
	const struct play_program *programs;
	size_t program_count;
	const char *ours; /* folder with our programs: OURS/LESSON/PROGRAM */
	volatile uint8_t *state; /* where to note that it only lets time pass (board.h); may be NULL */
	unsigned int most_ms; /* no wait for something that these programs do is longer; 0: as long as is fair */
};

/*
 * Perform PLAN, up to five times as long as the scenario's `again` says so. Never returns NULL: when the harness is at fault the
 * observation carries `trouble`. All memory is in ARENA.
 */
struct wl_observation *play_perform(const struct play_plan *plan, struct wl_arena *arena);

/* For steps of kind WL_CALL in a lesson's folder: */

/* Perform one more step; its texts may refer to values. Returns 0, or -1 when the harness is at fault. */
int wl_play_step(struct wl_play *play, const struct wl_step *step);

/* The bytes of a value, with a NUL byte behind them; none when there is no such value. They live as long as the performance. */
const char *wl_play_value(const struct wl_play *play, const char *name);

/* Set a value for this performance; it is part of the observation. */
void wl_play_set(struct wl_play *play, const char *name, const void *bytes, size_t len);
