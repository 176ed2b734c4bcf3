/*
 * The machine-readable result. Each object_ function writes one level of it, members in the order
 * in which the schema names them, and what was added later behind. Every text is made valid UTF-8
 * first: names, paths, compilers' words and what programs printed come from outside, and jansson
 * refuses what is not.
 */
#include "reports/json.h"

#include <jansson.h>
#include <stdlib.h>

#include "harness/base/text.h"
#include "harness/base/version.h"
#include "harness/lesson.h"
#include "harness/utf8.h"

#define SCHEMA "wirelab/1"

static void set_text(json_t *object, const char *key, const char *text, struct wl_arena *arena)
{
	json_object_set_new(object, key, json_string(wl_to_utf8(arena, text)));
}

static void set_text_or_null(json_t *object, const char *key, const char *text, struct wl_arena *arena)
{
	json_object_set_new(object, key, text ? json_string(wl_to_utf8(arena, text)) : json_null());
}

static void set_count(json_t *object, const char *key, unsigned int count)
{
	json_object_set_new(object, key, json_integer(count));
}

/* gettext("") would be the catalogue's header. */
static const char *translated(const char *text)
{
	return text && *text ? _(text) : "";
}

static json_t *array_hints(const struct wl_requirement *requirement, struct wl_arena *arena)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < sizeof(requirement->hints) / sizeof(requirement->hints[0]); i++)
		if (requirement->hints[i])
			json_array_append_new(array,
				json_string(wl_to_utf8(arena, translated(requirement->hints[i]))));
	return array;
}

/* Of a requirement that was judged several times: what each run said, and whether that differed. */
static void set_runs(json_t *object, const struct wl_finding *finding, size_t run_count)
{
	json_t *runs = json_array();

	for (size_t i = 0; i < run_count; i++)
		json_array_append_new(runs, json_string(wl_verdict_name(finding->runs[i])));
	json_object_set_new(object, "runs", runs);
	json_object_set_new(object, "unstable", json_boolean(wl_is_unstable(finding, run_count)));
}

static json_t *object_finding(const struct wl_finding *finding, size_t run_count, struct wl_arena *arena)
{
	const struct wl_requirement *requirement = finding->requirement;
	json_t *object = json_object();

	set_text(object, "id", requirement->id, arena);
	set_text(object, "program", requirement->program, arena);
	json_object_set_new(object, "scored", json_boolean(requirement->points > 0));
	set_text(object, "verdict", wl_verdict_name(finding->verdict), arena);
	set_count(object, "points", finding->verdict == WL_PASS ? requirement->points : 0);
	set_count(object, "out_of", requirement->points);
	set_text(object, "expected", finding->expected, arena);
	set_text(object, "actual", finding->actual, arena);
	json_object_set_new(
		object, "frame", finding->frame ? json_integer(finding->frame) : json_null());
	json_object_set_new(object, "hints", array_hints(requirement, arena));
	set_text(object, "text", translated(requirement->text), arena);
	set_text(object, "scenario", requirement->scenario ? requirement->scenario->name : "",
		arena);
	set_text_or_null(object, "line", finding->line, arena);
	set_text_or_null(object, "label", finding->label, arena);
	set_text_or_null(object, "explanation", finding->explanation, arena);
	if (finding->runs)
		set_runs(object, finding, run_count);
	return object;
}

static json_t *object_lesson(const struct wl_lesson_grade *grade, size_t run_count, struct wl_arena *arena)
{
	json_t *object = json_object(), *requirements = json_array();
	size_t i;

	set_text(object, "lesson", grade->lesson->name, arena);
	json_object_set_new(
		object, "passed", grade->passed < 0 ? json_null() : json_boolean(grade->passed));
	set_count(object, "points", grade->points);
	set_count(object, "out_of", grade->out_of);
	for (i = 0; i < grade->finding_count; i++)
		json_array_append_new(requirements, object_finding(&grade->findings[i], run_count, arena));
	json_object_set_new(object, "requirements", requirements);
	return object;
}

static const char *state_name(enum wl_program_state state)
{
	switch (state) {
	case WL_PROGRAM_MISSING:
		return "missing";
	case WL_PROGRAM_FOUND:
		return "found";
	case WL_PROGRAM_REFUSED:
		return "refused";
	case WL_PROGRAM_UNBUILT:
		return "unbuilt";
	}
	return "";
}

static json_t *object_program(const struct wl_program *program, struct wl_arena *arena)
{
	json_t *object = json_object();

	set_text(object, "program", program->name, arena);
	set_text(object, "state", state_name(program->state), arena);
	set_text(object, "file", program->file, arena);
	set_text(object, "words", program->words, arena);
	return object;
}

static json_t *object_submission(const struct wl_submission_grade *grade, struct wl_arena *arena)
{
	json_t *object = json_object(), *lessons = json_array(), *programs = json_array();
	const struct wl_evidence *evidence = grade->evidence;
	size_t i;

	set_text(object, "name", evidence->name, arena);
	set_text(object, "path", evidence->path, arena);
	set_count(object, "points", grade->points);
	set_count(object, "out_of", grade->out_of);
	for (i = 0; i < grade->lesson_count; i++)
		json_array_append_new(lessons, object_lesson(&grade->lessons[i], grade->run_count, arena));
	json_object_set_new(object, "lessons", lessons);
	if (evidence->trouble)
		set_text(object, "trouble", evidence->trouble, arena);
	for (i = 0; i < evidence->program_count; i++)
		json_array_append_new(programs, object_program(&evidence->programs[i], arena));
	json_object_set_new(object, "programs", programs);
	return object;
}

char *report_json(const struct wl_grade *grade, struct wl_arena *arena)
{
	json_auto_t *root = json_object();
	json_t *submissions = json_array();
	char *dumped, *text;
	size_t i;

	set_text(root, "schema", SCHEMA, arena);
	set_text(root, "version", WL_VERSION, arena);
	set_text(root, "seed", wl_format(arena, "%llu", (unsigned long long)grade->seed), arena);
	for (i = 0; i < grade->submission_count; i++)
		json_array_append_new(
			submissions, object_submission(&grade->submissions[i], arena));
	json_object_set_new(root, "submissions", submissions);
	dumped = json_dumps(root, JSON_INDENT(1));
	text = wl_format(arena, "%s\n", dumped);
	free(dumped);
	return text;
}
