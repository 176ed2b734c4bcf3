/*
 * What is kept of a submission goes into a folder of its name; a name that another one has taken already gets a number. Names come
 * from folders of unknown people: a slash cannot be in them, and what the terminal could trip over is replaced.
 */
#include "harness/results.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/bundle.h"
#include "reports/json.h"
#include "reports/pcapng.h"
#include "reports/terminal.h"

static int put(const struct results *results, int place, const char *below, const void *bytes, size_t len,
	struct wl_err *err)
{
	return results->here ? outlet_put_here(results->outlet, place, below, bytes, len, err)
			     : outlet_put(results->outlet, place, below, bytes, len, err);
}

/* What failed at a frame of SEEN, as comments for the capture. */
static struct pcapng_comment *comments_on(const struct wl_submission_grade *grade,
	const struct wl_observation *seen, struct wl_arena *arena, size_t *count)
{
	struct pcapng_comment *comments = NULL;

	*count = 0;
	for (size_t i = 0; i < grade->lesson_count; i++)
		for (size_t k = 0; k < grade->lessons[i].finding_count; k++) {
			const struct wl_finding *finding = &grade->lessons[i].findings[k];
			struct pcapng_comment *comment;

			if (finding->seen != seen || !finding->frame)
				continue;
			comment = wl_append(arena, &comments, count);
			comment->frame = finding->frame;
			comment->text = wl_format(arena, _("%s: %s\nexpected: %s\nactual: %s"),
				finding->requirement->id, wl_verdict_name(finding->verdict), finding->expected,
				finding->actual);
		}
	return comments;
}

static int put_capture(const struct results *results, const struct wl_submission_grade *grade,
	const struct wl_observation *seen, const char *below, struct wl_arena *arena, struct wl_err *err)
{
	size_t comment_count, len = 0;
	const struct pcapng_comment *comments = comments_on(grade, seen, arena, &comment_count);
	char *bytes = NULL;
	FILE *file = open_memstream(&bytes, &len);
	int result;

	if (!file)
		return wl_err_errno(err, "open_memstream");
	result = pcapng_write(file, seen, comments, comment_count, err);
	if (fclose(file) != 0 && result == 0)
		result = wl_err_errno(err, "pcapng");
	if (result == 0)
		result = put(results, results->keep, below, bytes, len, err);
	free(bytes);
	return result;
}

static int keep_one(const struct results *results, const struct wl_submission_grade *grade,
	const char *folder, struct wl_arena *arena, struct wl_err *err)
{
	const char *text = bundle_to_json(grade->evidence, arena);
	int result = 0;

	for (size_t i = 0; i < grade->evidence->observation_count && result == 0; i++) {
		const struct wl_observation *seen = grade->evidence->observations[i];
		const char *stem = wl_format(arena, "%s/%s.%s", folder, seen->lesson, seen->scenario);
		const char *json = wl_observation_to_json(seen, arena);

		result = put(results, results->keep, wl_format(arena, "%s.json", stem), json, strlen(json), err);
		if (result == 0)
			result = put_capture(results, grade, seen, wl_format(arena, "%s.pcapng", stem), arena,
				err);
	}
	if (result == 0) /* last: what it names is there */
		result = put(results, results->keep, wl_format(arena, "%s/submission.json", folder), text,
			strlen(text), err);
	return result;
}

static const char *folder_name(const struct wl_grade *grade, size_t index, struct wl_arena *arena)
{
	char *name = wl_strdup(arena, grade->submissions[index].evidence->name);
	size_t same = 0;

	for (char *at = name; *at; at++)
		if (*at == '/' || (unsigned char)*at < 0x20 || *at == 0x7f || (at == name && *at == '.'))
			*at = '_';
	for (size_t i = 0; i < index; i++)
		same += strcmp(grade->submissions[i].evidence->name, grade->submissions[index].evidence->name) == 0;
	return same ? wl_format(arena, "%s-%zu", name, same + 1) : *name ? name : "_";
}

/* A submission that was graded several times: a folder a run. */
static int keep_runs(const struct results *results, const struct wl_submission_grade *grade, const char *folder,
	struct wl_arena *arena, struct wl_err *err)
{
	int result = 0;

	if (!grade->runs)
		return keep_one(results, grade, folder, arena, err);
	for (size_t i = 0; i < grade->run_count && result == 0; i++)
		result = keep_one(results, &grade->runs[i], wl_format(arena, "%s.run-%zu", folder, i + 1), arena, err);
	return result;
}

static int keep_all(const struct results *results, const struct wl_grade *grade, struct wl_arena *arena,
	struct wl_err *err)
{
	int result = 0;

	for (size_t i = 0; i < grade->submission_count && result == 0; i++)
		result = keep_runs(results, &grade->submissions[i], folder_name(grade, i, arena), arena, err);
	return result;
}

int results_write(const struct results *results, const struct wl_grade *grade, struct wl_arena *arena,
	struct wl_err *err)
{
	const char *no_colour = getenv("NO_COLOR");
	struct terminal_style style = { .colour = isatty(1) && !(no_colour && *no_colour), .hints = 3 };
	int result = 0;

	report_terminal(results->json_stdout ? stderr : stdout, grade, &style);
	if (results->json_stdout)
		printf("%s\n", report_json(grade, arena));
	if (fflush(stdout) != 0)
		result = wl_err_errno(err, _("cannot write to standard output"));
	if (results->json >= 0) {
		const char *json = report_json(grade, arena);

		if (put(results, results->json, "", json, strlen(json), err) < 0)
			result = -1;
	}
	if (results->keep >= 0 && keep_all(results, grade, arena, err) < 0)
		result = -1;
	return result;
}
