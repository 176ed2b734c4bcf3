#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "harness/base/arena.h"
#include "harness/base/err.h"

/*
 * What proves the grader, as the tables under fixtures/ list it. Lines of fields with a tab between; "#" begins a comment.
 *
 *   mutants/TABLE   folder, program, requirement that must find it, label that must explain its bytes ("-": none fits;
 *                   "LABEL|LABEL": it depends on the drawn values which)
 *   variants/TABLE  folder, program, interpreter that it needs (where it is not one that every machine has)
 */

struct proof_row {
	const char *folder;      /* under FIXTURES/KIND */
	const char *program;     /* the role that it poses as, or "pair" */
	const char *requirement; /* id; NULL: a right program */
	const char *label;       /* NULL: bytes are not the matter */
	const char *interpreter; /* "perl"; NULL: none in particular */
};

struct proof_table {
	struct proof_row *rows;
	size_t count;
};

/*
 * Read FIXTURES/KIND/TABLE; KIND is "mutants" or "variants". All memory is in ARENA. Returns 0, or -1 with ERR filled when it
 * cannot be read or a line has too few or too many fields.
 */
int proof_table_read(const char *fixtures, const char *kind, struct wl_arena *arena, struct proof_table *table,
	struct wl_err *err);

/* Whether FOUND (NULL: none) is what a row's label DUE asks for. */
bool proof_label_fits(const char *due, const char *found);
