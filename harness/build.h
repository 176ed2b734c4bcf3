#pragma once
#include "harness/grade.h"
#include "harness/intake.h"
#include "harness/play.h"

/*
 * From a copied submission to programs that can run: each role's program is found (a Makefile's target NAME; NAME that can be executed;
 * NAME.py; NAME.sh; NAME.c) and, where it must be, built in the same cage as programs run in, without a network.
 */

struct built {
	struct wl_program *programs; /* one a role of the lessons that are judged */
	size_t program_count;
	struct play_program *runnable; /* those that can run */
	size_t runnable_count;
};

/*
 * Find and build the programs of every lesson of which SUBMISSION holds at least one, and of ONLY (may be NULL) in any case;
 * with ONLY no other lesson. What must be built is built in a copy beside the submission's. Everything is in ARENA. Returns 0,
 * or -1 when the harness is at fault.
 */
int build_submission(const struct intake_submission *submission, const struct wl_lesson *only,
	struct wl_arena *arena, struct built *built, struct wl_err *err);
