/*
 * For each requirement, in the lesson's order:
 *
 *   1. a program of its play is missing or does not build  ─▶ FAIL where that program is at fault and nothing before it
 *                                                              said so already, else BLOCKED
 *   2. something it needs did not pass                      ─▶ BLOCKED (BROKEN and NOTRUN are handed on as what they are)
 *   3. the performance failed by our fault                  ─▶ BROKEN
 *   4. the verbs of its check                               ─▶ the first that does not pass decides
 *
 * A verdict that rests on a capture with losses is BROKEN unless the program itself flooded the wire.
 */
#include "harness/judge.h"

#include <string.h>

#include "harness/checks.h"
#include "harness/registry.h"

#define FLOOD_FRAMES 30000 /* more than any play of ours has: 330 clients answered byte by byte make 25,000 */

const char *wl_verdict_name(enum wl_verdict verdict)
{
	switch (verdict) {
	case WL_PASS:
		return "pass";
	case WL_FAIL:
		return "fail";
	case WL_BLOCKED:
		return "blocked";
	case WL_NOTRUN:
		return "notrun";
	case WL_BROKEN:
		return "broken";
	}
	return "broken";
}

static const struct wl_program *find_program(const struct wl_lesson *lesson,
	const struct wl_evidence *evidence, const char *name)
{
	for (size_t i = 0; i < evidence->program_count; i++)
		if (strcmp(evidence->programs[i].lesson, lesson->name) == 0 &&
			strcmp(evidence->programs[i].name, name) == 0)
			return &evidence->programs[i];
	return NULL;
}

bool scenario_playable(const struct wl_lesson *lesson, const struct wl_scenario *scenario,
	const struct wl_evidence *evidence, const struct wl_program **missing)
{
	for (const struct wl_actor *actor = scenario->actors; actor->name; actor++) {
		const struct wl_program *program;

		if (!actor->role)
			continue;
		program = find_program(lesson, evidence, actor->role);
		if (program && program->state == WL_PROGRAM_FOUND)
			continue;
		if (missing)
			*missing = program;
		return false;
	}
	return true;
}

static const struct wl_observation *find_observation(const struct wl_evidence *evidence,
	const struct wl_lesson *lesson, const struct wl_scenario *scenario)
{
	for (size_t i = 0; i < evidence->observation_count; i++)
		if (strcmp(evidence->observations[i]->lesson, lesson->name) == 0 &&
			strcmp(evidence->observations[i]->scenario, scenario->name) == 0)
			return evidence->observations[i];
	return NULL;
}

static const struct wl_finding *find_finding(const struct wl_lesson_grade *grade, const char *id)
{
	for (size_t i = 0; i < grade->finding_count; i++)
		if (strcmp(grade->findings[i].requirement->id, id) == 0)
			return &grade->findings[i];
	return NULL;
}

/* What the requirements that R needs leave of it: PASS, or why it cannot be judged. */
static enum wl_verdict needs_of(const struct wl_requirement *r, const struct wl_evidence *evidence,
	const struct wl_lesson_grade *grade, struct wl_finding *finding)
{
	for (const char *const *id = r->needs; id && *id; id++) {
		const struct wl_finding *need = find_finding(grade, *id);
		enum wl_verdict verdict = need ? need->verdict : evidence->partial ? WL_PASS : WL_BROKEN;

		if (verdict == WL_PASS)
			continue;
		finding->actual = *id;
		return verdict == WL_BROKEN || verdict == WL_NOTRUN ? verdict : WL_BLOCKED;
	}
	return WL_PASS;
}

static enum wl_verdict fail_without_program(const struct wl_lesson *lesson,
	const struct wl_requirement *r, const struct wl_program *program, struct wl_arena *arena,
	struct wl_finding *finding)
{
	const struct wl_role *role = program ? role_find(lesson, program->name) : NULL;

	if (!program)
		return WL_BROKEN;
	finding->actual = program->name;
	if (strcmp(program->name, r->program) != 0)
		return WL_BLOCKED;
	finding->expected = wl_format(arena, _("a program %s: %s"), program->name,
		role ? _(role->text) : "");
	switch (program->state) {
	case WL_PROGRAM_MISSING:
		finding->actual = wl_format(arena,
			_("No %s was found (looked for %s, %s.py, %s.sh, %s.c and a Makefile that makes it)."),
			program->name, program->name, program->name, program->name, program->name);
		return WL_FAIL;
	case WL_PROGRAM_REFUSED:
	case WL_PROGRAM_UNBUILT:
		finding->actual = program->words;
		return WL_FAIL;
	case WL_PROGRAM_FOUND:
		break;
	}
	return WL_BROKEN;
}

/* What is lost on the lo of a host with one performer is what that one said to itself. */
static bool hides_something(const struct wl_observation *seen, const struct wl_point *point)
{
	size_t performers = 0;

	for (size_t i = 0; i < seen->performer_count; i++)
		performers += strcmp(seen->performers[i].host, point->host) == 0;
	return point->dropped && (*point->mac || performers > 1);
}

static bool lossy(const struct wl_observation *seen)
{
	uint64_t dropped = 0;
	bool hidden = false;

	for (size_t i = 0; i < seen->point_count; i++) {
		hidden = hidden || hides_something(seen, &seen->points[i]);
		dropped += seen->points[i].dropped;
	}
	return hidden && seen->frame_count + dropped < FLOOD_FRAMES;
}

static enum wl_verdict judge_seen(const struct wl_requirement *r, const struct wl_observation *seen,
	struct wl_arena *arena, struct wl_finding *finding)
{
	for (const struct wl_check *check = r->check; check->verb; check++) {
		struct wl_case c = { seen, r, check, arena };
		enum wl_verdict verdict = check->verb(&c, finding);

		if (verdict != WL_FAIL)
			finding->label = finding->explanation = NULL;
		if (verdict == WL_PASS)
			continue;
		if (verdict == WL_FAIL && lossy(seen))
			return wl_unclear(&c, finding, _("the capture lost frames"));
		return verdict ? verdict : WL_BROKEN; /* silence is not a verdict */
	}
	return r->check->verb ? WL_PASS : WL_BROKEN;
}

/* Without what R needs. */
static enum wl_verdict judge_itself(const struct wl_lesson *lesson, const struct wl_requirement *r,
	const struct wl_evidence *evidence, struct wl_arena *arena, struct wl_finding *finding)
{
	const struct wl_program *missing = NULL;

	if (!scenario_playable(lesson, r->scenario, evidence, &missing))
		return fail_without_program(lesson, r, missing, arena, finding);
	finding->seen = find_observation(evidence, lesson, r->scenario);
	if (!finding->seen) {
		finding->actual = _("this play was not performed");
		return WL_BROKEN;
	}
	if (finding->seen->trouble) {
		finding->actual = finding->seen->trouble;
		return WL_BROKEN;
	}
	return judge_seen(r, finding->seen, arena, finding);
}

static enum wl_verdict judge_one(const struct wl_lesson *lesson, const struct wl_requirement *r,
	const struct wl_evidence *evidence, const struct wl_lesson_grade *grade, struct wl_arena *arena,
	struct wl_finding *finding)
{
	enum wl_verdict needed = needs_of(r, evidence, grade, finding);

	return needed == WL_PASS ? judge_itself(lesson, r, evidence, arena, finding) : needed;
}

struct wl_finding judge_by_play(const struct wl_lesson *lesson, const struct wl_requirement *r,
	const struct wl_evidence *evidence, struct wl_arena *arena)
{
	struct wl_finding finding = { .requirement = r, .verdict = WL_PASS, .expected = "", .actual = "" };

	for (const char *const *id = r->needs; id && *id && finding.verdict == WL_PASS; id++) {
		const struct wl_requirement *need = requirement_find(lesson, *id);

		if (need && need->scenario == r->scenario &&
			judge_by_play(lesson, need, evidence, arena).verdict != WL_PASS) {
			finding.verdict = WL_BLOCKED;
			finding.actual = *id;
		}
	}
	if (finding.verdict == WL_PASS)
		finding.verdict = judge_itself(lesson, r, evidence, arena, &finding);
	return finding;
}

void judge_settle(struct wl_lesson_grade *grade)
{
	bool failed = false, unjudged = false;

	grade->points = grade->out_of = 0;
	for (size_t i = 0; i < grade->finding_count; i++) {
		const struct wl_finding *finding = &grade->findings[i];
		unsigned int points = finding->requirement->points;

		if (!points)
			continue;
		switch (finding->verdict) {
		case WL_PASS:
			grade->points += points;
			grade->out_of += points;
			break;
		case WL_FAIL:
		case WL_BLOCKED:
			grade->out_of += points;
			failed = true;
			break;
		case WL_NOTRUN:
		case WL_BROKEN:
			unjudged = true;
			break;
		}
	}
	grade->passed = failed ? 0 : unjudged ? -1 : 1;
}

void judge_lesson(const struct wl_lesson *lesson, const struct wl_evidence *evidence,
	struct wl_arena *arena, struct wl_lesson_grade *grade)
{
	*grade = (struct wl_lesson_grade){ .lesson = lesson };
	for (const struct wl_requirement *r = lesson->requirements; r->id; r++) {
		struct wl_finding finding = { .requirement = r, .expected = "", .actual = "" };
		struct wl_finding *kept;

		if (evidence->partial && !find_observation(evidence, lesson, r->scenario))
			continue;
		finding.verdict = judge_one(lesson, r, evidence, grade, arena, &finding);
		kept = wl_append(arena, &grade->findings, &grade->finding_count);
		*kept = finding;
	}
	judge_settle(grade);
}

void judge_submission(const struct wl_evidence *evidence, struct wl_arena *arena,
	struct wl_submission_grade *grade)
{
	*grade = (struct wl_submission_grade){ .evidence = evidence };
	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++) {
		struct wl_lesson_grade *judged;

		if (!find_program(*lesson, evidence, (*lesson)->roles[0].program))
			continue;
		judged = wl_append(arena, &grade->lessons, &grade->lesson_count);
		judge_lesson(*lesson, evidence, arena, judged);
		grade->points += judged->points;
		grade->out_of += judged->out_of;
	}
}

bool requirement_hopeless(const struct wl_lesson *lesson, const struct wl_requirement *r,
	const struct wl_submission_grade *grade)
{
	for (const char *const *id = r->needs; id && *id; id++) {
		const struct wl_requirement *need = requirement_find(lesson, *id);

		for (size_t i = 0; i < grade->lesson_count; i++) {
			const struct wl_finding *finding = find_finding(&grade->lessons[i], *id);

			if (finding && finding->verdict != WL_PASS)
				return true;
		}
		if (!need || requirement_hopeless(lesson, need, grade))
			return true;
	}
	return false;
}

int wl_exit_status(const struct wl_grade *grade)
{
	bool failed = false, broken = false, notrun = false;

	for (size_t i = 0; i < grade->submission_count; i++) {
		const struct wl_submission_grade *submission = &grade->submissions[i];

		if (submission->evidence->trouble && submission->evidence->trouble_is_ours)
			broken = true;
		else if (submission->evidence->trouble || !submission->lesson_count)
			failed = true;
		for (size_t k = 0; k < submission->lesson_count; k++) {
			const struct wl_lesson_grade *lesson = &submission->lessons[k];

			failed = failed || lesson->passed == 0;
			for (size_t n = 0; n < lesson->finding_count; n++) {
				enum wl_verdict verdict = lesson->findings[n].verdict;

				broken = broken || (verdict == WL_BROKEN && lesson->findings[n].requirement->points);
				notrun = notrun || (verdict == WL_NOTRUN && lesson->findings[n].requirement->points);
			}
		}
	}
	return broken ? 3 : failed ? 1 : notrun ? 4 : 0;
}
