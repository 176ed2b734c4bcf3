#pragma once
#include "harness/lesson.h"
#include "harness/proof_results.h"
#include "harness/proof_table.h"

/*
 * The requirement matrix of a lesson: what its task says, what checks it, what proves the check, and how that last came out.
 *
 *   sentence ── requirements ── mutants, the wrong programs that it must find ── last result
 */

struct matrix_mutant {
	const struct proof_row *row;
	const struct proof_result *last; /* NULL: it was never tried */
};

struct matrix_requirement {
	const struct wl_requirement *requirement;
	struct matrix_mutant *mutants;
	size_t count; /* 0: nothing proves it; with points that is an orphan */
};

struct matrix_sentence {
	const struct wl_sentence *sentence;
	struct matrix_requirement *requirements;
	size_t count;
};

struct matrix {
	const struct wl_lesson *lesson;
	struct matrix_sentence *sentences;
	size_t count;
};

/* How much of it there is, and how many mutants came out how. */
struct matrix_totals {
	size_t sentences, requirements, mutants, proved, wrong, notrun;
	size_t orphans; /* requirements with points that no mutant proves */
};

/* Fill MATRIX, in ARENA; it points into MUTANTS and RESULTS. An id in a sentence that is no requirement is left out. */
void matrix_fill(struct matrix *matrix, const struct wl_lesson *lesson, const struct proof_table *mutants,
	const struct proof_results *results, struct wl_arena *arena);

enum proof_outcome matrix_mutant_outcome(const struct matrix_mutant *mutant);

/* Proved when every mutant is, wrong when any is; else, and without mutants, not run. */
enum proof_outcome matrix_outcome(const struct matrix_requirement *requirement);

/* Add what MATRIX has to TOTALS. */
void matrix_add(struct matrix_totals *totals, const struct matrix *matrix);
