/*
 * The demand on a wrong program is strict: one fault, one requirement that fails. What builds on that may only be blocked; anything
 * else that fails tells a student about a fault that he has not made.
 */
#include "harness/proof.h"

#include <string.h>

#include "harness/base/text.h"
#include "harness/lesson.h"

static bool is_there(const struct wl_submission_grade *grade, const struct wl_lesson *lesson, const char *program)
{
	bool pair = strcmp(program, "pair") == 0;

	for (size_t i = 0; i < grade->evidence->program_count; i++) {
		const struct wl_program *p = &grade->evidence->programs[i];
		bool meant = strcmp(p->lesson, lesson->name) == 0 && (pair || strcmp(p->name, program) == 0);

		if (meant && p->state == WL_PROGRAM_MISSING)
			return false;
		if (meant && !pair)
			return true;
	}
	return pair;
}

static char letter(enum wl_verdict verdict)
{
	switch (verdict) {
	case WL_PASS:
		return 'p';
	case WL_FAIL:
		return 'f';
	case WL_BLOCKED:
		return 'b';
	case WL_NOTRUN:
		return 'n';
	case WL_BROKEN:
		return 'x';
	}
	return 'x';
}

const char *proof_verdicts(const struct wl_submission_grade *grade, struct wl_arena *arena)
{
	const char *text = "";

	for (size_t i = 0; i < grade->lesson_count; i++) {
		const struct wl_lesson_grade *lesson = &grade->lessons[i];
		char *letters = wl_alloc(arena, lesson->finding_count + 1);
		size_t count = 0;

		for (size_t k = 0; k < lesson->finding_count; k++)
			if (is_there(grade, lesson->lesson, lesson->findings[k].requirement->program))
				letters[count++] = letter(lesson->findings[k].verdict);
		text = wl_format(arena, "%s%s%s:%s", text, i ? " " : "", lesson->lesson->name, letters);
	}
	return text;
}

/* What is wrong with FINDING; NULL: nothing. WANTED: the id that must fail, or NULL. */
static const char *held_against(const struct wl_finding *finding, const char *wanted, struct wl_arena *arena)
{
	const struct wl_requirement *r = finding->requirement;
	bool must_fail = wanted && strcmp(r->id, wanted) == 0;

	switch (finding->verdict) {
	case WL_PASS:
		return must_fail ? wl_format(arena, _("%s passes"), r->id) : NULL;
	case WL_FAIL:
		return must_fail || !r->points ? NULL : wl_format(arena, _("%s fails: %s"), r->id, finding->actual);
	case WL_BLOCKED:
		return must_fail || !wanted ? wl_format(arena, _("%s is blocked by %s"), r->id, finding->actual) : NULL;
	case WL_NOTRUN:
	case WL_BROKEN:
		return wl_format(arena, _("%s was not judged: %s"), r->id, finding->actual);
	}
	return wl_format(arena, _("%s was not judged: %s"), r->id, "");
}

/* What is wrong with how its bytes were explained; NULL: nothing. */
static const char *label_trouble(const struct proof_row *row, const struct wl_finding *finding, struct wl_arena *arena)
{
	return proof_label_fits(row->label, finding->label)
		? NULL
		: wl_format(arena, _("its bytes are explained as %s, not %s"), finding->label ? finding->label : "-",
			  row->label ? row->label : "-");
}

static void complain(struct proof_result *result, const char *trouble, struct wl_arena *arena)
{
	if (!trouble)
		return;
	result->words = *result->words ? wl_format(arena, "%s; %s", result->words, trouble) : trouble;
	result->outcome = PROOF_WRONG;
}

void proof_judge(const struct proof_row *row, const struct wl_submission_grade *grade, struct wl_arena *arena,
	struct proof_result *result)
{
	size_t judged = 0;

	result->kind = row->requirement ? "mutant" : "variant";
	result->requirement = row->requirement;
	result->outcome = PROOF_PROVED;
	result->words = "";
	result->label = NULL;
	result->verdicts = proof_verdicts(grade, arena);
	complain(result, grade->evidence->trouble, arena);
	for (size_t i = 0; i < grade->lesson_count; i++)
		for (size_t k = 0; k < grade->lessons[i].finding_count; k++) {
			const struct wl_finding *finding = &grade->lessons[i].findings[k];

			if (!is_there(grade, grade->lessons[i].lesson, finding->requirement->program))
				continue;
			judged += !row->requirement || strcmp(finding->requirement->id, row->requirement) == 0;
			complain(result, held_against(finding, row->requirement, arena), arena);
			if (row->requirement && strcmp(finding->requirement->id, row->requirement) == 0) {
				result->label = finding->label;
				complain(result, label_trouble(row, finding, arena), arena);
			}
		}
	if (!judged)
		complain(result, _("it was not judged on what it is there for"), arena);
}
