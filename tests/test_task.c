/*
 * The task of each lesson, said once: every sentence is judged by some requirement and every requirement stands under one sentence of
 * its own program; the sentences are the list items of the lesson's README, in their order and under their program, in English and in
 * the catalogue's Korean.
 */
#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/registry.h"
#include "tests/tests.h"

static void complain(const struct wl_lesson *lesson, const char *what, const char *why)
{
	CU_FAIL("task");
	fprintf(stderr, "%s: \"%s\" %s\n", lesson->name, what, why);
}

static void check_sentence(const struct wl_lesson *lesson, const struct wl_sentence *s)
{
	if (!s->text || !*s->text || (strcmp(s->program, "pair") != 0 && !role_find(lesson, s->program)))
		complain(lesson, s->program, "is asked for nothing, or is no program of the lesson");
	if (!s->ids || !*s->ids)
		complain(lesson, s->text, "has no requirement");
	for (const char *const *id = s->ids; id && *id; id++) {
		const struct wl_requirement *r = requirement_find(lesson, *id);

		if (!r)
			complain(lesson, *id, "stands under a sentence and is no requirement");
		else if (strcmp(r->program, s->program) != 0)
			complain(lesson, *id, "stands under a sentence about another program");
	}
}

static void sentences_have_requirements(void)
{
	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++) {
		CU_ASSERT_PTR_NOT_NULL_FATAL((*lesson)->task);
		CU_ASSERT_PTR_NOT_NULL((*lesson)->task->program);
		for (const struct wl_sentence *s = (*lesson)->task; s->program; s++)
			check_sentence(*lesson, s);
	}
}

static size_t times_asked(const struct wl_lesson *lesson, const char *requirement)
{
	size_t times = 0;

	for (const struct wl_sentence *s = lesson->task; s->program; s++)
		for (const char *const *id = s->ids; id && *id; id++)
			times += strcmp(*id, requirement) == 0;
	return times;
}

static void requirements_have_one_sentence(void)
{
	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++)
		for (const struct wl_requirement *r = (*lesson)->requirements; r->id; r++)
			if (times_asked(*lesson, r->id) != 1)
				complain(*lesson, r->id, "stands under no sentence, or under several");
}

/* What the catalogue has for TEXT; TEXT itself when it has nothing. */
static const char *in_korean(const char *text)
{
	return dgettext("wirelab", text);
}

static const char *in_english(const char *text)
{
	return text;
}

/* Before the list items of a program stands a line that begins with its name: "**`sender`** ...". */
static bool names(const char *heading, const char *program)
{
	size_t len = strlen(program);
	bool of_role = strncmp(heading, "**`", 3) == 0;

	if (strcmp(program, "pair") == 0)
		return !of_role;
	return of_role && strncmp(heading + 3, program, len) == 0 && heading[3 + len] == '`';
}

/* Read FILE up to the next title ("# ...") and compare its list items with the sentences, as far as the first that differs. */
static void compare_part(const struct wl_lesson *lesson, FILE *file, const char *(*say)(const char *text))
{
	const struct wl_sentence *s = lesson->task;
	char line[2048], heading[2048] = "";
	bool same = true;

	while (fgets(line, sizeof(line), file) && strncmp(line, "# ", 2) != 0) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "**", 2) == 0)
			strcpy(heading, line);
		if (strncmp(line, "- ", 2) != 0 || !same)
			continue;
		same = s->program && strcmp(line + 2, say(s->text)) == 0;
		if (!same) {
			complain(lesson, line, "in the README is not the sentence of the task that is due there");
			continue;
		}
		if (!names(heading, s->program))
			complain(lesson, line, "does not stand under its program in the README");
		s++;
	}
	if (s->program && same)
		complain(lesson, say(s->text), "is not in the README");
}

static void compare_readme(const struct wl_lesson *lesson)
{
	wl_auto_file FILE *file = NULL;
	char path[512], title[512] = "";

	snprintf(path, sizeof(path), "labs/%s/README.md", lesson->name);
	file = fopen(source(path), "re");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT_PTR_NOT_NULL(fgets(title, sizeof(title), file));
	CU_ASSERT_EQUAL(strncmp(title, "# ", 2), 0);
	compare_part(lesson, file, in_english);
	compare_part(lesson, file, in_korean);
}

static void readmes_say_the_task(void)
{
	if (access(source("labs"), R_OK | X_OK) < 0 || access(built("locale/ko/LC_MESSAGES/wirelab.mo"), R_OK) < 0) {
		notrun("there is no source tree, or no Korean catalogue");
		return;
	}
	setenv("LANGUAGE", "ko", 1);
	setlocale(LC_MESSAGES, "C.UTF-8");
	bindtextdomain("wirelab", built("locale"));
	bind_textdomain_codeset("wirelab", "UTF-8");
	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++)
		compare_readme(*lesson);
	setlocale(LC_MESSAGES, "C");
	unsetenv("LANGUAGE");
}

void suite_task(void);
void suite_task(void)
{
	test("sentences have requirements", sentences_have_requirements);
	test("requirements have one sentence", requirements_have_one_sentence);
	test("READMEs say the task", readmes_say_the_task);
}
