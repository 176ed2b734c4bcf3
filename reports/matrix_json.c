/* The matrix for other tools. Each object_ function writes one level of it. */
#include <jansson.h>
#include <stdlib.h>

#include "harness/base/text.h"
#include "harness/base/version.h"
#include "harness/utf8.h"
#include "reports/matrix.h"

#define SCHEMA "wirelab-matrix/1"

static json_t *object_mutant(const struct matrix_mutant *mutant, struct wl_arena *arena)
{
	return json_pack("{s:s, s:s, s:s}", "name", wl_to_utf8(arena, mutant->row->folder), "result",
		proof_outcome_name(matrix_mutant_outcome(mutant)), "words",
		wl_to_utf8(arena, mutant->last ? mutant->last->words : ""));
}

static json_t *object_requirement(const struct matrix_requirement *filled, struct wl_arena *arena)
{
	const struct wl_requirement *r = filled->requirement;
	json_t *mutants = json_array();

	for (size_t i = 0; i < filled->count; i++)
		json_array_append_new(mutants, object_mutant(&filled->mutants[i], arena));
	return json_pack("{s:s, s:s, s:i, s:s, s:o}", "id", r->id, "text", _(r->text), "points", (int)r->points, "result",
		proof_outcome_name(matrix_outcome(filled)), "mutants", mutants);
}

static json_t *object_sentence(const struct matrix_sentence *s, struct wl_arena *arena)
{
	json_t *requirements = json_array();

	for (size_t i = 0; i < s->count; i++)
		json_array_append_new(requirements, object_requirement(&s->requirements[i], arena));
	return json_pack("{s:s, s:s, s:o}", "program", s->sentence->program, "text", _(s->sentence->text), "requirements", requirements);
}

static json_t *object_lesson(const struct matrix *matrix, struct wl_arena *arena)
{
	json_t *sentences = json_array();

	for (size_t i = 0; i < matrix->count; i++)
		json_array_append_new(sentences, object_sentence(&matrix->sentences[i], arena));
	return json_pack("{s:s, s:s, s:o}", "lesson", matrix->lesson->name, "title", _(matrix->lesson->title), "sentences", sentences);
}

static json_t *object_totals(const struct matrix_totals *totals)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "sentences", (json_int_t)totals->sentences, "requirements",
		(json_int_t)totals->requirements, "orphans", (json_int_t)totals->orphans, "mutants", (json_int_t)totals->mutants, "proved",
		(json_int_t)totals->proved, "wrong", (json_int_t)totals->wrong, "notrun", (json_int_t)totals->notrun);
}

char *report_matrix_json(const struct matrix *matrices, size_t count, struct wl_arena *arena)
{
	struct matrix_totals totals = { 0 };
	json_t *lessons = json_array(), *root;
	char *dumped, *text;

	for (size_t i = 0; i < count; i++) {
		json_array_append_new(lessons, object_lesson(&matrices[i], arena));
		matrix_add(&totals, &matrices[i]);
	}
	root = json_pack("{s:s, s:s, s:o, s:o}", "schema", SCHEMA, "version", WL_VERSION, "lessons", lessons, "totals",
		object_totals(&totals));
	dumped = json_dumps(root, JSON_INDENT(2));
	text = wl_strdup(arena, dumped);
	free(dumped);
	json_decref(root);
	return text;
}
