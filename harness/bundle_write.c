/*
 * The writing half of a bundle. submission.json is written last: when it is there, what it names is there, too.
 */
#include "harness/bundle.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/base/cleanup.h"

const char *bundle_state(enum wl_program_state state)
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
	return "missing";
}

static json_t *text_json(const char *text)
{
	json_t *json = text ? json_string(text) : json_null();

	return json ? json : json_string("?"); /* not UTF-8 */
}

static json_t *programs_json(const struct wl_evidence *evidence)
{
	json_t *programs = json_array();

	for (size_t i = 0; i < evidence->program_count; i++) {
		const struct wl_program *p = &evidence->programs[i];

		json_array_append_new(programs,
			json_pack("{s:s, s:s, s:s, s:o, s:o}", "lesson", p->lesson, "program", p->name, "state",
				bundle_state(p->state), "file", text_json(p->file), "words",
				text_json(p->words)));
	}
	return programs;
}

char *bundle_to_json(const struct wl_evidence *evidence, struct wl_arena *arena)
{
	json_t *plays = json_array(), *all;
	char *dumped, *text;

	for (size_t i = 0; i < evidence->observation_count; i++)
		json_array_append_new(plays,
			json_pack("{s:s, s:s}", "lesson", evidence->observations[i]->lesson, "scenario",
				evidence->observations[i]->scenario));
	all = json_pack("{s:s, s:o, s:o, s:o, s:o, s:b, s:o, s:o}", "schema", BUNDLE_SCHEMA, "name",
		text_json(evidence->name), "path", text_json(evidence->path), "seed",
		text_json(wl_format(arena, "%" PRIu64, evidence->seed)), "trouble", text_json(evidence->trouble),
		"trouble_is_ours", evidence->trouble_is_ours, "programs", programs_json(evidence), "plays", plays);
	dumped = json_dumps(all, JSON_INDENT(1));
	text = wl_format(arena, "%s\n", dumped ? dumped : "{}");
	free(dumped);
	json_decref(all);
	return text;
}

static int write_file(const char *path, const char *text, struct wl_err *err)
{
	wl_auto_file FILE *file = fopen(path, "we");

	if (!file || fputs(text, file) < 0 || fflush(file) != 0)
		return wl_err_errno(err, "%s", path);
	return 0;
}

int bundle_write(const struct wl_evidence *evidence, const char *folder, struct wl_arena *arena, struct wl_err *err)
{
	if (mkdir(folder, 0755) < 0)
		return wl_err_errno(err, "%s", folder);
	for (size_t i = 0; i < evidence->observation_count; i++) {
		const struct wl_observation *seen = evidence->observations[i];

		if (write_file(wl_format(arena, "%s/%s.%s.json", folder, seen->lesson, seen->scenario),
			    wl_observation_to_json(seen, arena), err) < 0)
			return -1;
	}
	return write_file(wl_format(arena, "%s/submission.json", folder), bundle_to_json(evidence, arena), err);
}
