#pragma once
#include "harness/grade.h"
#include "harness/intake.h"
#include "harness/perform.h"

/* Grading: from copied submissions to the evidence on each. What it is worth is judged from that (judge.h). */

struct grading_plan {
	const struct wl_lesson *only; /* this lesson alone, even if none of its programs is there; NULL: all that are there */
	uint64_t seed;
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

/* Told several times a second: FINISHED of all gradings are over. ALL: one element a submission. */
typedef void grading_told(void *context, size_t finished, const struct grading_progress *all);

/*
 * Grade COUNT submissions, PLAN->jobs at a time, each in a process of its own: one that crashes costs its own grading alone,
 * and its evidence says so. EVIDENCE: COUNT elements, filled in the order of SUBMISSIONS; everything in ARENA. TOLD may
 * be NULL.
 */
void grading_all(const struct grading_plan *plan, const struct intake_submission *submissions, size_t count,
	struct wl_arena *arena, struct wl_evidence *evidence, grading_told *told, void *context);

/* The same for one submission, in the calling process. Never fails: trouble is in EVIDENCE. */
void grading_one(const struct grading_plan *plan, const struct intake_submission *submission, struct wl_arena *arena,
	perform_progress *progress, void *context, struct wl_evidence *evidence);
