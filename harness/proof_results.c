/* JSON lines. The reader believes nothing: somebody may have edited the file. */
#include "harness/proof_results.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/text.h"

#define SCHEMA "wirelab-proof/1"

static const char *const names[] = { "", "proved", "wrong", "notrun" };

const char *proof_outcome_name(enum proof_outcome outcome)
{
	return names[outcome];
}

static enum proof_outcome outcome_of(const char *name)
{
	for (int i = PROOF_PROVED; i <= PROOF_NOTRUN; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return 0;
}

static char *dump(json_t *object, struct wl_arena *arena)
{
	char *dumped = json_dumps(object, JSON_COMPACT), *line = wl_format(arena, "%s\n", dumped ? dumped : "{}");

	free(dumped);
	json_decref(object);
	return line;
}

char *proof_result_line(const struct proof_result *result, struct wl_arena *arena)
{
	return dump(json_pack("{s:i, s:s, s:s, s:s, s:s?, s:s, s:s, s:s?, s:s}", "round", (int)result->round, "seed",
			    wl_format(arena, "%llu", (unsigned long long)result->seed), "kind", result->kind, "name",
			    result->name, "requirement", result->requirement, "result",
			    proof_outcome_name(result->outcome), "words", result->words, "label", result->label,
			    "verdicts", result->verdicts),
		arena);
}

char *proof_head_line(const char *command, struct wl_arena *arena)
{
	return dump(json_pack("{s:s, s:s}", "schema", SCHEMA, "command", command), arena);
}

static char *text(const json_t *object, const char *key, struct wl_arena *arena)
{
	return wl_strdup(arena, json_string_value(json_object_get(object, key)));
}

static bool read_result(const json_t *object, struct wl_arena *arena, struct proof_result *result)
{
	const char *seed = json_string_value(json_object_get(object, "seed"));
	const char *outcome = json_string_value(json_object_get(object, "result"));
	json_int_t round = json_integer_value(json_object_get(object, "round"));

	*result = (struct proof_result){ .round = (unsigned int)round, .seed = seed ? strtoull(seed, NULL, 10) : 0,
		.kind = text(object, "kind", arena), .name = text(object, "name", arena),
		.requirement = text(object, "requirement", arena), .outcome = outcome ? outcome_of(outcome) : 0,
		.words = text(object, "words", arena), .label = text(object, "label", arena),
		.verdicts = text(object, "verdicts", arena) };
	return round >= 1 && round <= 1000000 && result->kind && result->name && result->outcome && result->words &&
		result->verdicts;
}

static bool read_line(const json_t *object, struct wl_arena *arena, struct proof_results *results)
{
	const char *schema = json_string_value(json_object_get(object, "schema"));
	struct proof_result result;

	if (schema) {
		results->command = text(object, "command", arena);
		return strcmp(schema, SCHEMA) == 0 && results->command;
	}
	if (!read_result(object, arena, &result))
		return false;
	*wl_append(arena, &results->rows, &results->count) = result;
	return true;
}

int proof_results_read(const char *path, struct wl_arena *arena, struct proof_results *results, struct wl_err *err)
{
	wl_auto_file FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	ssize_t len;
	bool good = true;

	*results = (struct proof_results){ NULL };
	if (!file)
		return errno == ENOENT ? 0 : wl_err_errno(err, _("%s cannot be read"), path);
	while (good && (len = getline(&line, &room, file)) > 0 && line[len - 1] == '\n') {
		json_t *object = json_loadb(line, (size_t)len, 0, NULL);

		good = object && read_line(object, arena, results);
		json_decref(object);
	}
	free(line);
	return good ? 0 : wl_err(err, _("%s does not hold results of \"wirelab prove\"; remove it or name another file"), path);
}

const struct proof_result *proof_results_find(const struct proof_results *results, unsigned int round, const char *kind,
	const char *name)
{
	for (size_t i = results->count; i-- > 0;) {
		const struct proof_result *result = &results->rows[i];

		if ((round == 0 || result->round == round) && strcmp(result->kind, kind) == 0 &&
			strcmp(result->name, name) == 0)
			return result;
	}
	return NULL;
}

int proof_results_mend(int log, struct wl_err *err)
{
	off_t end = lseek(log, 0, SEEK_END);
	char byte = '\n';

	while (end > 0 && pread(log, &byte, 1, end - 1) == 1 && byte != '\n')
		end--;
	return ftruncate(log, end) == 0 ? 0 : wl_err_errno(err, "ftruncate");
}
