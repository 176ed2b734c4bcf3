/* The matrix is put together from three tables by the ids of requirements and the names of mutants' folders; nothing is judged here. */
#include "harness/matrix.h"

#include <string.h>

#include "harness/registry.h"

static void fill_requirement(struct matrix_requirement *filled, const struct wl_requirement *r, const struct proof_table *mutants,
	const struct proof_results *results, struct wl_arena *arena)
{
	filled->requirement = r;
	for (size_t i = 0; i < mutants->count; i++)
		if (strcmp(mutants->rows[i].requirement, r->id) == 0)
			*(struct matrix_mutant *)wl_append(arena, &filled->mutants, &filled->count) = (struct matrix_mutant){
				&mutants->rows[i], proof_results_find(results, 0, "mutant", mutants->rows[i].folder) };
}

void matrix_fill(struct matrix *matrix, const struct wl_lesson *lesson, const struct proof_table *mutants,
	const struct proof_results *results, struct wl_arena *arena)
{
	*matrix = (struct matrix){ .lesson = lesson };
	for (const struct wl_sentence *s = lesson->task; s && s->program; s++) {
		struct matrix_sentence *filled = wl_append(arena, &matrix->sentences, &matrix->count);

		filled->sentence = s;
		for (const char *const *id = s->ids; id && *id; id++) {
			const struct wl_requirement *r = requirement_find(lesson, *id);

			if (r)
				fill_requirement(wl_append(arena, &filled->requirements, &filled->count), r, mutants, results,
					arena);
		}
	}
}

enum proof_outcome matrix_mutant_outcome(const struct matrix_mutant *mutant)
{
	return mutant->last ? mutant->last->outcome : PROOF_NOTRUN;
}

enum proof_outcome matrix_outcome(const struct matrix_requirement *requirement)
{
	bool proved = requirement->count > 0;

	for (size_t i = 0; i < requirement->count; i++) {
		enum proof_outcome outcome = matrix_mutant_outcome(&requirement->mutants[i]);

		if (outcome == PROOF_WRONG)
			return PROOF_WRONG;
		proved = proved && outcome == PROOF_PROVED;
	}
	return proved ? PROOF_PROVED : PROOF_NOTRUN;
}

static void add_requirement(struct matrix_totals *totals, const struct matrix_requirement *requirement)
{
	totals->requirements++;
	totals->mutants += requirement->count;
	totals->orphans += requirement->requirement->points > 0 && requirement->count == 0;
	for (size_t i = 0; i < requirement->count; i++) {
		enum proof_outcome outcome = matrix_mutant_outcome(&requirement->mutants[i]);

		totals->proved += outcome == PROOF_PROVED;
		totals->wrong += outcome == PROOF_WRONG;
		totals->notrun += outcome == PROOF_NOTRUN;
	}
}

void matrix_add(struct matrix_totals *totals, const struct matrix *matrix)
{
	totals->sentences += matrix->count;
	for (size_t i = 0; i < matrix->count; i++)
		for (size_t k = 0; k < matrix->sentences[i].count; k++)
			add_requirement(totals, &matrix->sentences[i].requirements[k]);
}
