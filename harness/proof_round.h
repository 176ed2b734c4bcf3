#pragma once
#include "harness/grading.h"
#include "harness/intake.h"
#include "harness/proof.h"

/* One round of a proof: all cases, graded once, in an enclave of its own. */

#define VARIANTS_PER_MUTANT 4

struct proof_plan {
	const char *home;         /* folder of the running program: its labs/ has ours */
	const char *fixtures;     /* folder with mutants/ and variants/ */
	struct proof_table mutants, variants;
	const char *only;         /* cases whose folder or requirement begins so; "": all */
	unsigned int most;        /* wrong programs of a requirement, and VARIANTS_PER_MUTANT times as many right ones of a role; 0: all */
	const struct wl_lesson *nulls_on; /* the lesson whose nulls are tried; NULL: every one */
	bool nulls;               /* whether they are tried at all */
	unsigned int jobs;        /* gradings at a time */
	unsigned int hogs;        /* processes that only compute, beside them */
	bool quiet;               /* no progress */
	int log;                  /* where lines of results go */
	struct wl_arena *arena;   /* the caller's */
};

/* Whether PLAN asks for this row. */
bool proof_wants(const struct proof_plan *plan, const struct proof_row *row);

/*
 * Perform ROUND (from 1), drawing from SEED, but for the cases of which DONE has a result. Returns 0 or -1. Must be called while the process has a
 * single thread.
 */
int proof_round(const struct proof_plan *plan, unsigned int round, uint64_t seed, const struct proof_results *done,
	struct wl_err *err);
