#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/arena.h"
#include "harness/base/err.h"

/*
 * What came of proving the grader: a line of JSON for each case, written as soon as it is over, so that a run that was cut off can be
 * gone on with. The first line says of which command the results are.
 */

enum proof_outcome {
	PROOF_PROVED = 1, /* it came out as it must */
	PROOF_WRONG,      /* it did not */
	PROOF_NOTRUN,     /* the machine lacks what it needs */
};

struct proof_result {
	unsigned int round; /* from 1 */
	uint64_t seed;
	const char *kind; /* "mutant", "variant", "null" */
	const char *name; /* the folder's; of a null: "KIND REQUIREMENT" */
	const char *requirement; /* that must find the mutant, or that the null must not pass; NULL: a variant */
	enum proof_outcome outcome;
	const char *words;    /* what is wrong, or missing; "" */
	const char *label;    /* that explained the mutant's bytes; NULL: none */
	const char *verdicts; /* a letter a requirement (p, f, b, n, x), in the lessons' order: "udp_echo:ppfb" */
};

struct proof_results {
	char *command; /* of the run that wrote it; NULL: no such line */
	struct proof_result *rows;
	size_t count;
};

/*
 * Read PATH. No such file: no rows. A torn last line (the run was killed) is left out. Returns 0, or -1 with ERR filled when it
 * cannot be read or holds something else.
 */
int proof_results_read(const char *path, struct wl_arena *arena, struct proof_results *results, struct wl_err *err);

/* Cut off a torn last line of the file behind LOG, so that more can be appended. Returns 0 or -1. */
int proof_results_mend(int log, struct wl_err *err);

/* The result of that name and kind in ROUND (0: the last in the file), or NULL. */
const struct proof_result *proof_results_find(const struct proof_results *results, unsigned int round, const char *kind,
	const char *name);

/* A line for the file, newline included, in ARENA. */
char *proof_result_line(const struct proof_result *result, struct wl_arena *arena);
char *proof_head_line(const char *command, struct wl_arena *arena);

/* "proved", "wrong", "notrun". */
const char *proof_outcome_name(enum proof_outcome outcome);
