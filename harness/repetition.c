/*
 * Runs of one submission have the same lessons and requirements, unless a run came to grief as a whole: then its part is BROKEN.
 */
#include "harness/repetition.h"

#include "harness/judge.h"

/* The worse for the submission counts; that we could not judge counts only where no run could. */
static int weight(enum wl_verdict verdict)
{
	switch (verdict) {
	case WL_FAIL:
		return 4;
	case WL_BLOCKED:
		return 3;
	case WL_PASS:
		return 2;
	case WL_NOTRUN:
		return 1;
	case WL_BROKEN:
		return 0;
	}
	return 0;
}

bool wl_is_unstable(const struct wl_finding *finding, size_t run_count)
{
	for (size_t i = 1; finding->runs && i < run_count; i++)
		if (finding->runs[i] != finding->runs[0])
			return true;
	return false;
}

static const struct wl_lesson_grade *lesson_of(const struct wl_submission_grade *run, const struct wl_lesson *lesson)
{
	for (size_t i = 0; i < run->lesson_count; i++)
		if (run->lessons[i].lesson == lesson)
			return &run->lessons[i];
	return NULL;
}

static struct wl_finding merge_finding(const struct wl_submission_grade *runs, size_t count,
	const struct wl_lesson *lesson, size_t place, struct wl_arena *arena)
{
	enum wl_verdict *verdicts = wl_alloc_array(arena, count, sizeof(*verdicts));
	const struct wl_finding *chosen = NULL;
	struct wl_finding merged;

	for (size_t i = 0; i < count; i++) {
		const struct wl_lesson_grade *grade = lesson_of(&runs[i], lesson);
		const struct wl_finding *finding = grade && place < grade->finding_count ? &grade->findings[place] : NULL;

		verdicts[i] = finding ? finding->verdict : WL_BROKEN;
		if (finding && (!chosen || weight(finding->verdict) > weight(chosen->verdict)))
			chosen = finding;
	}
	merged = *chosen; /* the run that the lesson was taken from has it */
	merged.runs = verdicts;
	return merged;
}

static void merge_lesson(const struct wl_submission_grade *runs, size_t count, const struct wl_lesson_grade *first,
	struct wl_arena *arena, struct wl_lesson_grade *grade)
{
	*grade = (struct wl_lesson_grade){ .lesson = first->lesson };
	for (size_t k = 0; k < first->finding_count; k++)
		*wl_append(arena, &grade->findings, &grade->finding_count) =
			merge_finding(runs, count, first->lesson, k, arena);
	judge_settle(grade);
}

void repetition_merge(const struct wl_submission_grade *runs, size_t count, struct wl_arena *arena,
	struct wl_submission_grade *grade)
{
	const struct wl_submission_grade *fullest = &runs[0];

	for (size_t i = 1; i < count; i++)
		if (runs[i].lesson_count > fullest->lesson_count)
			fullest = &runs[i];
	*grade = (struct wl_submission_grade){ .evidence = fullest->evidence, .runs = runs, .run_count = count };
	for (size_t i = 0; i < fullest->lesson_count; i++) {
		struct wl_lesson_grade *lesson = wl_append(arena, &grade->lessons, &grade->lesson_count);

		merge_lesson(runs, count, &fullest->lessons[i], arena, lesson);
		grade->points += lesson->points;
		grade->out_of += lesson->out_of;
	}
}
