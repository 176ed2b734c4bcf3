#pragma once
#include <stdio.h>

#include "harness/lesson.h"
#include "harness/proof_results.h"
#include "harness/proof_table.h"

/* What a proof came to, for people: a line a requirement, then sums. */

struct proof_report {
	const struct proof_table *mutants, *variants;
	const struct proof_results *results;
	unsigned int rounds;
	bool (*wants)(void *context, const struct proof_row *row); /* whether the row was to be tried */
	void *context;
	bool colour;
};

/*
 * Write it to OUT, what is wrong included. Returns whether all is proved: every row that was wanted came out as it must in every round (or could not be
 * run for a lack of the machine), every requirement with points among those tried has a wrong program, no null passed, and no verdict differed
 * between rounds.
 */
bool report_proof(FILE *out, const struct proof_report *report);
