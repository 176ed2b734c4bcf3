/*
 * One block a submission: its lessons in a line each, then what failed, in the order of the requirements: the sentence of the task,
 * expected, actual, where, why, a hint, and once for each play the story around the failure. What is only blocked is named
 * in one line, for it says nothing new. A class ends with a table.
 */
#include "reports/terminal.h"

#include <string.h>

#include "harness/packet.h"
#include "harness/utf8.h"
#include "reports/story.h"

#define STORY_LINES 16

struct pen {
	FILE *out;
	const struct terminal_style *style;
	struct wl_arena *arena;
};

/* Names, paths and compilers' words come from unknown people. */
static const char *safe(const struct pen *pen, const char *text)
{
	return wl_to_terminal(pen->arena, text);
}

enum ink { RED = 31, GREEN = 32, YELLOW = 33, GREY = 90, BOLD = 1 };

static const char *ink(const struct pen *pen, enum ink colour)
{
	static char codes[4][16];
	static unsigned int turn;
	char *code = codes[turn++ % 4];

	if (!pen->style->colour)
		return "";
	snprintf(code, sizeof(codes[0]), "\033[%dm", (int)colour);
	return code;
}

static const char *plain(const struct pen *pen)
{
	return pen->style->colour ? "\033[0m" : "";
}

/* Columns that TEXT takes in a terminal: Hangul and other wide characters take two. */
static int columns(const char *text)
{
	int count = 0;

	for (const unsigned char *byte = (const unsigned char *)text; *byte; byte++) {
		if ((*byte & 0xc0) == 0x80)
			continue;
		count += *byte >= 0xe1 && *byte <= 0xed && *byte != 0xe2 ? 2 : 1;
	}
	return count;
}

static void label(const struct pen *pen, const char *name)
{
	fprintf(pen->out, "      %s%s%s%*s", ink(pen, GREY), name, plain(pen), 10 - columns(name), "");
}

/* Text of several lines, the later ones under the first. */
static void field(const struct pen *pen, const char *name, const char *text)
{
	if (!text || !*text)
		return;
	label(pen, name);
	text = safe(pen, text);
	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n");

		fprintf(pen->out, "%s%.*s\n", line == text ? "" : "                ", (int)len, line);
		line += len + (line[len] == '\n');
	}
}

static void where(const struct pen *pen, const struct wl_finding *finding)
{
	if (!finding->seen)
		return;
	if (finding->frame && finding->frame <= finding->seen->frame_count)
		field(pen, _("where"),
			wl_format(pen->arena, _("frame %u: %s"), finding->frame,
				wl_describe_frame(&finding->seen->frames[finding->frame - 1], pen->arena)));
	else if (finding->line)
		field(pen, _("where"), wl_format(pen->arena, _("the terminal line %s"), finding->line));
}

static const char *program_file(const struct wl_submission_grade *grade,
	const struct wl_lesson *lesson, const struct wl_requirement *r)
{
	for (size_t i = 0; i < grade->evidence->program_count; i++) {
		const struct wl_program *program = &grade->evidence->programs[i];

		if (strcmp(program->lesson, lesson->name) == 0 && strcmp(program->name, r->program) == 0 &&
			*program->file)
			return program->file;
	}
	return strcmp(r->program, "pair") == 0 ? _("both programs together") : r->program;
}

/* What came out differently from run to run. */
static void unstable(const struct pen *pen, const struct wl_finding *finding, size_t run_count)
{
	size_t passed = 0;

	if (!wl_is_unstable(finding, run_count))
		return;
	for (size_t i = 0; i < run_count; i++)
		passed += finding->runs[i] == WL_PASS;
	field(pen, _("unstable"), finding->seen
		? wl_format(pen->arena, _("it passed in %zu of %zu runs; this is the one with seed %llu"), passed, run_count,
			(unsigned long long)finding->seen->seed)
		: wl_format(pen->arena, _("it passed in %zu of %zu runs"), passed, run_count));
}

static void failure(const struct pen *pen, const struct wl_submission_grade *grade,
	const struct wl_lesson *lesson, const struct wl_finding *finding, bool tell)
{
	const struct wl_requirement *r = finding->requirement;
	bool advice = r->points == 0;

	fprintf(pen->out, "\n  %s%s%s %s%s%s  (%s)\n",
		ink(pen, advice || finding->verdict != WL_FAIL ? YELLOW : RED),
		advice ? "!" : finding->verdict == WL_FAIL ? "✘" : "?", plain(pen), ink(pen, BOLD), _(r->text),
		plain(pen), safe(pen, program_file(grade, lesson, r)));
	label(pen, finding->verdict == WL_FAIL ? (advice ? _("advice") : _("failed"))
		  : finding->verdict == WL_PASS ? _("passed") : _("no result"));
	fprintf(pen->out, "%s\n", r->id);
	unstable(pen, finding, grade->run_count);
	field(pen, _("expected"), finding->expected);
	field(pen, _("actual"), finding->actual);
	field(pen, _("diagnosis"), finding->explanation);
	where(pen, finding);
	if (finding->verdict == WL_FAIL && finding->seen) {
		field(pen, _("why"), r->why ? _(r->why) : NULL);
		for (unsigned int i = 0; i < pen->style->hints && i < 3 && r->hints[i]; i++)
			field(pen, _("hint"), _(r->hints[i]));
	}
	if (!tell || !finding->seen)
		return;
	fprintf(pen->out, _("      what happened (%s):\n"), _(r->scenario->text));
	story_tell(pen->out, finding->seen, finding->frame, STORY_LINES, "      ");
}

static void blocked(const struct pen *pen, const struct wl_lesson_grade *lesson)
{
	size_t count = 0;

	for (size_t i = 0; i < lesson->finding_count; i++) {
		if (lesson->findings[i].verdict != WL_BLOCKED)
			continue;
		fprintf(pen->out, "%s%s", count++ ? ", " : _("\n  Not looked at, because something before it failed: "),
			lesson->findings[i].requirement->id);
	}
	if (count)
		fputs("\n", pen->out);
}

/* A story is told once: for the first failure that was seen in its play. */
static bool first_of_play(const struct wl_lesson_grade *lesson, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (lesson->findings[i].verdict == WL_FAIL &&
			lesson->findings[i].seen == lesson->findings[index].seen)
			return false;
	return true;
}

static const char *passed_words(int passed)
{
	return passed > 0 ? _("passed") : passed == 0 ? _("not passed") : _("not fully judged");
}

static void lesson_line(const struct pen *pen, const struct wl_lesson_grade *lesson)
{
	const char *title = _(lesson->lesson->title);

	fprintf(pen->out, "  %s%s%s %-15s %s%*s %3u/%-3u  %s\n",
		ink(pen, lesson->passed > 0 ? GREEN : lesson->passed == 0 ? RED : YELLOW),
		lesson->passed > 0 ? "✔" : lesson->passed == 0 ? "✘" : "?", plain(pen), lesson->lesson->name, title,
		28 - columns(title) > 0 ? 28 - columns(title) : 0, "", lesson->points, lesson->out_of,
		passed_words(lesson->passed));
}

static void submission(const struct pen *pen, const struct wl_submission_grade *grade)
{
	fprintf(pen->out, "%s%s%s  %u/%u\n", ink(pen, BOLD), safe(pen, grade->evidence->name), plain(pen), grade->points,
		grade->out_of);
	if (grade->evidence->trouble)
		fprintf(pen->out, "  %s✘%s %s %s\n", ink(pen, RED), plain(pen), safe(pen, grade->evidence->path),
			safe(pen, grade->evidence->trouble));
	else if (!grade->lesson_count)
		fprintf(pen->out, _("  %s✘%s No program of any lesson was found here. `wirelab list` names them.\n"),
			ink(pen, RED), plain(pen));
	for (size_t i = 0; i < grade->lesson_count; i++)
		lesson_line(pen, &grade->lessons[i]);
	for (size_t i = 0; i < grade->lesson_count; i++) {
		const struct wl_lesson_grade *lesson = &grade->lessons[i];

		for (size_t k = 0; k < lesson->finding_count; k++) {
			enum wl_verdict verdict = lesson->findings[k].verdict;

			if ((verdict != WL_PASS && verdict != WL_BLOCKED) ||
				(verdict == WL_PASS && wl_is_unstable(&lesson->findings[k], grade->run_count)))
				failure(pen, grade, lesson->lesson, &lesson->findings[k],
					verdict == WL_FAIL && first_of_play(lesson, k));
		}
		blocked(pen, lesson);
	}
	fputs("\n", pen->out);
}

static const struct wl_lesson_grade *of_lesson(const struct wl_submission_grade *grade,
	const struct wl_lesson *lesson)
{
	for (size_t i = 0; i < grade->lesson_count; i++)
		if (grade->lessons[i].lesson == lesson)
			return &grade->lessons[i];
	return NULL;
}

static int widest_name(const struct pen *pen, const struct wl_grade *grade)
{
	int widest = 10;

	for (size_t i = 0; i < grade->submission_count; i++) {
		int width = columns(safe(pen, grade->submissions[i].evidence->name));

		widest = width > widest ? width : widest;
	}
	return widest;
}

/* Wide enough for the lesson's name and for "✘ 100/100". */
static int cell_width(const struct wl_lesson *lesson)
{
	int width = columns(lesson->name);

	return width > 9 ? width : 9;
}

static void cell(const struct pen *pen, const struct wl_lesson *lesson, const struct wl_lesson_grade *grade)
{
	char points[32];

	if (!grade) {
		fprintf(pen->out, "  –%*s", cell_width(lesson) - 1, "");
		return;
	}
	snprintf(points, sizeof(points), "%u/%u", grade->points, grade->out_of);
	fprintf(pen->out, "  %s%s%s %-*s", ink(pen, grade->passed > 0 ? GREEN : grade->passed == 0 ? RED : YELLOW),
		grade->passed > 0 ? "✔" : grade->passed == 0 ? "✘" : "?", plain(pen), cell_width(lesson) - 2, points);
}

/* Lessons that nobody has handed in have no column. */
static bool handed_in(const struct wl_grade *grade, const struct wl_lesson *lesson)
{
	for (size_t i = 0; i < grade->submission_count; i++)
		if (of_lesson(&grade->submissions[i], lesson))
			return true;
	return false;
}

/* Students by lessons. */
static void class_table(const struct pen *pen, const struct wl_grade *grade)
{
	int widest = widest_name(pen, grade);

	fprintf(pen->out, "%*s", widest, "");
	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++)
		if (handed_in(grade, *lesson))
			fprintf(pen->out, "  %-*s", cell_width(*lesson), (*lesson)->name);
	fprintf(pen->out, "  %s\n", _("points"));
	for (size_t i = 0; i < grade->submission_count; i++) {
		const struct wl_submission_grade *row = &grade->submissions[i];

		const char *name = safe(pen, row->evidence->name);

		fprintf(pen->out, "%s%*s", name, widest - columns(name), "");
		for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++)
			if (handed_in(grade, *lesson))
				cell(pen, *lesson, of_lesson(row, *lesson));
		fprintf(pen->out, "  %s%u/%u%s\n", ink(pen, BOLD), row->points, row->out_of, plain(pen));
	}
}

void report_terminal(FILE *out, const struct wl_grade *grade, const struct terminal_style *style)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	struct pen pen = { out, style, arena };

	for (size_t i = 0; i < grade->submission_count; i++)
		submission(&pen, &grade->submissions[i]);
	if (grade->submission_count > 1)
		class_table(&pen, grade);
	fprintf(out, _("Seed %llu (--seed repeats the drawn values).\n"), (unsigned long long)grade->seed);
}
