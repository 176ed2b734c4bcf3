/*
 * What --keep wrote is read back with as little faith as any other file: it may have been edited, cut off, or made by somebody who
 * wants a better mark. Names are looked up in the registry, never used as paths beyond one component.
 */
#include "harness/bundle.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/base/cleanup.h"
#include "harness/registry.h"

#define FILE_MOST ((long)256 << 20)

/* Without waiting: somebody may have put a named pipe there. */
static FILE *open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");

	if (!file && fd >= 0)
		close(fd);
	return file;
}

static char *read_file(const char *path, struct wl_arena *arena, size_t *len, struct wl_err *err)
{
	wl_auto_file FILE *file = open_file(path);
	struct stat status;
	char *text;

	if (!file || fstat(fileno(file), &status) < 0) {
		wl_err_errno(err, "%s", path);
		return NULL;
	}
	if (!S_ISREG(status.st_mode) || status.st_size > FILE_MOST) {
		wl_err(err, _("%s is not a file, or too large"), path);
		return NULL;
	}
	text = wl_alloc(arena, (size_t)status.st_size + 1);
	*len = fread(text, 1, (size_t)status.st_size, file);
	return text;
}

/* An observation whose lesson and scenario this program knows. */
static struct wl_observation *read_observation(const char *path, struct wl_arena *arena,
	struct wl_err *err)
{
	struct wl_observation *seen;
	const struct wl_lesson *lesson;
	size_t len;
	char *text = read_file(path, arena, &len, err);

	seen = text ? wl_observation_from_json(text, len, arena, err) : NULL;
	if (!seen)
		return text ? (wl_err_prefix(err, "%s", path), NULL) : NULL;
	lesson = lesson_find(seen->lesson);
	if (lesson && scenario_find(lesson, seen->scenario))
		return seen;
	wl_err(err, _("%s: this version has no play %s.%s"), path, seen->lesson, seen->scenario);
	return NULL;
}

static const char *member(const json_t *json, const char *key, struct wl_arena *arena)
{
	const char *text = json_string_value(json_object_get(json, key));

	return text ? wl_strdup(arena, text) : NULL;
}

static int read_program(const json_t *json, struct wl_evidence *evidence, struct wl_arena *arena)
{
	const char *state = member(json, "state", arena), *lesson = member(json, "lesson", arena);
	const char *name = member(json, "program", arena), *file = member(json, "file", arena);
	const char *words = member(json, "words", arena);
	struct wl_program *program;

	if (!state || !lesson || !name || !file || !words || !lesson_find(lesson) ||
		!role_find(lesson_find(lesson), name))
		return -1;
	for (enum wl_program_state i = WL_PROGRAM_MISSING; i <= WL_PROGRAM_UNBUILT; i++) {
		if (strcmp(bundle_state(i), state) != 0)
			continue;
		program = wl_append(arena, &evidence->programs, &evidence->program_count);
		*program = (struct wl_program){ lesson, name, i, file, words };
		return 0;
	}
	return -1;
}

static int read_play(const json_t *json, const char *folder, struct wl_evidence *evidence,
	struct wl_arena *arena, struct wl_err *err)
{
	const char *lesson = member(json, "lesson", arena), *scenario = member(json, "scenario", arena);
	const struct wl_lesson *known = lesson ? lesson_find(lesson) : NULL;
	struct wl_observation **kept, *seen;
	const char *path;

	if (!known || !scenario || !scenario_find(known, scenario))
		return wl_err(err, _("this version has no play %s.%s"), lesson ? lesson : "?",
			scenario ? scenario : "?");
	path = wl_format(arena, "%s/%s.%s.json", folder, lesson, scenario);
	seen = read_observation(path, arena, err);
	if (!seen)
		return -1;
	if (strcmp(seen->lesson, lesson) != 0 || strcmp(seen->scenario, scenario) != 0)
		return wl_err(err, _("%s holds another play: %s.%s"), path, seen->lesson, seen->scenario);
	kept = wl_append(arena, &evidence->observations, &evidence->observation_count);
	*kept = seen;
	return 0;
}

static bool read_seed(const char *text, uint64_t *seed)
{
	char *end;

	errno = 0;
	*seed = strtoull(text, &end, 10);
	return *text >= '0' && *text <= '9' && !*end && errno == 0;
}

static int read_members(const json_t *all, const char *folder, struct wl_evidence *evidence,
	struct wl_arena *arena, struct wl_err *err)
{
	const char *schema = member(all, "schema", arena), *seed = member(all, "seed", arena);
	const json_t *programs = json_object_get(all, "programs"), *plays = json_object_get(all, "plays");
	json_t *item;
	size_t i;

	evidence->name = member(all, "name", arena);
	evidence->path = member(all, "path", arena);
	evidence->trouble = member(all, "trouble", arena);
	evidence->trouble_is_ours = json_is_true(json_object_get(all, "trouble_is_ours"));
	if (!schema || strcmp(schema, BUNDLE_SCHEMA) != 0 || !seed || !evidence->name || !evidence->path)
		return wl_err(err, _("it is not a kept submission of schema %s"), BUNDLE_SCHEMA);
	if (!read_seed(seed, &evidence->seed))
		return wl_err(err, _("its seed is not a number"));
	if (!json_is_array(programs) || !json_is_array(plays))
		return wl_err(err, _("its programs or plays are missing"));
	json_array_foreach(programs, i, item)
		if (read_program(item, evidence, arena) < 0)
			return wl_err(err, _("program %zu is not one of a lesson of this version"), i + 1);
	json_array_foreach(plays, i, item)
		if (read_play(item, folder, evidence, arena, err) < 0)
			return -1;
	return 0;
}

static int read_submission(const char *folder, struct wl_arena *arena, struct wl_evidence *evidence,
	struct wl_err *err)
{
	const char *path = wl_format(arena, "%s/submission.json", folder);
	json_error_t why;
	json_t *all;
	size_t len;
	char *text = read_file(path, arena, &len, err);
	int result;

	if (!text)
		return -1;
	all = json_loadb(text, len, JSON_REJECT_DUPLICATES, &why);
	if (!all)
		return wl_err(err, _("%s is not JSON: %s (line %d)"), path, why.text, why.line);
	result = read_members(all, folder, evidence, arena, err);
	json_decref(all);
	return result < 0 ? wl_err_prefix(err, "%s", path) : 0;
}

/* One observation alone: its programs count as found. */
static int read_single(const char *path, struct wl_arena *arena, struct wl_evidence *evidence,
	struct wl_err *err)
{
	struct wl_observation **kept, *seen = read_observation(path, arena, err);
	const struct wl_lesson *lesson;

	if (!seen)
		return -1;
	lesson = lesson_find(seen->lesson);
	evidence->name = evidence->path = wl_strdup(arena, path);
	evidence->seed = seen->seed;
	evidence->partial = true;
	for (const struct wl_role *role = lesson->roles; role->program; role++) {
		struct wl_program *program = wl_append(arena, &evidence->programs, &evidence->program_count);

		*program = (struct wl_program){ lesson->name, role->program, WL_PROGRAM_FOUND, "", "" };
	}
	kept = wl_append(arena, &evidence->observations, &evidence->observation_count);
	*kept = seen;
	return 0;
}

static bool exists(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int read_folders(const char *path, struct wl_arena *arena, struct wl_evidence **all,
	size_t *count, struct wl_err *err)
{
	struct dirent **entries;
	int found = scandir(path, &entries, NULL, by_name), result = 0;
	size_t before = *count;

	if (found < 0)
		return wl_err_errno(err, "%s", path);
	for (int i = 0; i < found; i++) {
		const char *below = wl_format(arena, "%s/%s", path, entries[i]->d_name);

		if (result == 0 && *entries[i]->d_name != '.' &&
			exists(wl_format(arena, "%s/submission.json", below)))
			result = read_submission(below, arena, wl_append(arena, all, count), err);
		free(entries[i]);
	}
	free(entries);
	if (result == 0 && *count == before)
		return wl_err(err, _("%s holds no kept submission (--keep writes them)"), path);
	return result;
}

int bundle_read(const char *path, struct wl_arena *arena, struct wl_evidence **all, size_t *count,
	struct wl_err *err)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return wl_err_errno(err, "%s", path);
	if (!S_ISDIR(status.st_mode))
		return read_single(path, arena, wl_append(arena, all, count), err);
	if (exists(wl_format(arena, "%s/submission.json", path)))
		return read_submission(path, arena, wl_append(arena, all, count), err);
	return read_folders(path, arena, all, count, err);
}
