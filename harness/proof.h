#pragma once
#include "harness/grade.h"
#include "harness/proof_results.h"
#include "harness/proof_table.h"

/*
 * Whether a grade is what the proof demands. Pure.
 *
 *   a mutant    fails the requirement of its row and none else with points; the label of its row, and no other, explains its bytes
 *   a variant   fails nothing that has points
 *
 * What the submission has no program for is no matter; what our fault or the machine's left unjudged is wrong.
 */

/* Judge GRADE, of the submission of ROW. Fills RESULT but for round, seed and name; texts in ARENA. */
void proof_judge(const struct proof_row *row, const struct wl_submission_grade *grade, struct wl_arena *arena,
	struct proof_result *result);

/* The verdicts of GRADE on programs that are there, as a proof_result has them. */
const char *proof_verdicts(const struct wl_submission_grade *grade, struct wl_arena *arena);
