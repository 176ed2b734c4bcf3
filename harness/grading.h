#pragma once
#include "harness/grade.h"
#include "harness/intake.h"
#include "harness/perform.h"

/* Grading: from copied submissions to the evidence on each. What it is worth is judged from that (judge.h). */

struct grading_plan {
	const struct wl_lesson *only; /* this lesson alone, even if none of its programs is there; NULL: all that are there */
	struct board *board;   /* bounds the plays at a time, over all gradings */
	unsigned int jobs;     /* gradings at a time */
	const char *ours;      /* folder with our programs: OURS/LESSON/PROGRAM */
	const char *room;      /* folder for what is made on the way */
};

/* How far each grading is: plays performed, and plays planned so far. Read while it is written. */
struct grading_progress {
	volatile size_t done, total;
	bool running;
};

/* What is to be graded: a submission, with the values that are drawn from a seed. */
struct grading_order {
	const struct intake_submission *submission;
	uint64_t seed;
};

/* Who hears of gradings while they go on. */
struct grading_listener {
	/* May be NULL. Several times a second: FINISHED of all gradings are over. ALL: one element an order. */
	void (*told)(void *context, size_t finished, const struct grading_progress *all);
	/* Order number PLACE is over. EVIDENCE is in ARENA, which is the listener's to free from then on. */
	void (*done)(void *context, size_t place, const struct wl_evidence *evidence, struct wl_arena *arena);
	void *context;
};

/*
 * Grade COUNT orders, PLAN->jobs at a time and in their order, each in a process of its own: one that crashes costs its own grading
 * alone, and its evidence says so.
 */
void grading_all(const struct grading_plan *plan, const struct grading_order *orders, size_t count,
	const struct grading_listener *listener);

/* The same for one, in the calling process. Never fails: trouble is in EVIDENCE. Everything is in ARENA. */
void grading_one(const struct grading_plan *plan, const struct grading_order *order, struct wl_arena *arena,
	perform_progress *progress, void *context, struct wl_evidence *evidence);
