/* The matrix in a terminal: a line a requirement, a line a mutant; results stand in a column of their own, so that grep finds them. */
#include "reports/matrix.h"

#include <string.h>

#include "harness/base/text.h"
#include "harness/utf8.h"

/* Outcomes as they stand in the column, in the user's language. */
static const char *word(enum proof_outcome outcome)
{
	switch (outcome) {
	case PROOF_PROVED:
		return _("proved ");
	case PROOF_WRONG:
		return _("WRONG  ");
	case PROOF_NOTRUN:
		break;
	}
	return _("not run");
}

static void print_mutant(FILE *out, const struct matrix_mutant *mutant, struct wl_arena *arena)
{
	enum proof_outcome outcome = matrix_mutant_outcome(mutant);
	const char *words = mutant->last && outcome != PROOF_PROVED ? mutant->last->words : "";

	fprintf(out, "        %s  %s%s%s\n", word(outcome), wl_to_terminal(arena, mutant->row->folder), *words ? ": " : "",
		wl_to_terminal(arena, words));
}

static void print_requirement(FILE *out, const struct matrix_requirement *filled, struct wl_arena *arena)
{
	const struct wl_requirement *r = filled->requirement;

	fprintf(out, "    %s  %s", word(matrix_outcome(filled)), r->id);
	if (r->points)
		fprintf(out, ngettext("  %u point", "  %u points", r->points), r->points);
	else
		fputs(_("  advice"), out);
	if (filled->count)
		fprintf(out, ngettext(", %zu mutant\n", ", %zu mutants\n", filled->count), filled->count);
	else
		fputs(r->points ? _(", NO MUTANT\n") : _(", no mutant\n"), out);
	for (size_t i = 0; i < filled->count; i++)
		print_mutant(out, &filled->mutants[i], arena);
}

static void print_lesson(FILE *out, const struct matrix *matrix, struct wl_arena *arena)
{
	fprintf(out, "%s: %s\n", matrix->lesson->name, _(matrix->lesson->title));
	for (size_t i = 0; i < matrix->count; i++) {
		const struct matrix_sentence *s = &matrix->sentences[i];

		fprintf(out, "\n  %s: %s\n", s->sentence->program, _(s->sentence->text));
		for (size_t k = 0; k < s->count; k++)
			print_requirement(out, &s->requirements[k], arena);
	}
	fputc('\n', out);
}

void report_matrix(FILE *out, const struct matrix *matrices, size_t count, struct wl_arena *arena)
{
	struct matrix_totals totals = { 0 };

	for (size_t i = 0; i < count; i++) {
		print_lesson(out, &matrices[i], arena);
		matrix_add(&totals, &matrices[i]);
	}
	fprintf(out, _("sentences: %zu; requirements: %zu (with points and without a mutant: %zu)\n"), totals.sentences,
		totals.requirements, totals.orphans);
	fprintf(out, _("mutants: %zu (proved: %zu, wrong: %zu, not run: %zu)\n"), totals.mutants, totals.proved, totals.wrong,
		totals.notrun);
}
