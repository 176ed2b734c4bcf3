/* The command line: what it says to whom, and what it returns, as far as nothing is performed. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/version.h"
#include "harness/lesson.h"
#include "tests/ran.h"
#include "tests/result.h"
#include "tests/tests.h"

/* It ended with STATUS, and TEXT is in what it said on standard error. Nothing else was said. */
static void complains(struct ran ran, int status, const char *text)
{
	CU_ASSERT_EQUAL(ran.status, status);
	CU_ASSERT_STRING_EQUAL(ran.out, "");
	CU_ASSERT_PTR_NOT_NULL(strstr(ran.err, text));
	if (ran.status != status || !strstr(ran.err, text))
		fprintf(stderr, "status %d, said: %s\n", ran.status, ran.err);
	ran_free(&ran);
}

static void without_arguments(void)
{
	complains(ran(NULL, WORDS(wirelab())), 2, "usage: wirelab SUBCOMMAND");
	complains(WIRELAB("gradee"), 2, "\"gradee\"");
}

static void help_is_told(void)
{
	static const char *const subcommands[] = { "grade", "judge", "list", "show", NULL };
	ran_auto struct ran all = WIRELAB("--help");

	CU_ASSERT_EQUAL(all.status, 0);
	CU_ASSERT_STRING_EQUAL(all.err, "");
	for (const char *const *name = subcommands; *name; name++) {
		ran_auto struct ran one = WIRELAB(*name, "--help");
		char usage[64];

		snprintf(usage, sizeof(usage), "usage: wirelab %s", *name);
		CU_ASSERT_EQUAL(one.status, 0);
		CU_ASSERT_EQUAL(strncmp(one.out, usage, strlen(usage)), 0);
		CU_ASSERT_STRING_EQUAL(one.err, "");
		CU_ASSERT_PTR_NOT_NULL(strstr(all.out, *name));
	}
}

static void version_is_told(void)
{
	ran_auto struct ran told = WIRELAB("--version");

	CU_ASSERT_EQUAL(told.status, 0);
	CU_ASSERT_STRING_EQUAL(told.out, "wirelab " WL_VERSION "\n");
}

static void lessons_are_listed(void)
{
	ran_auto struct ran list = WIRELAB("list");

	CU_ASSERT_EQUAL(list.status, 0);
	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++) {
		CU_ASSERT_PTR_NOT_NULL(strstr(list.out, (*lesson)->name));
		for (const struct wl_role *role = (*lesson)->roles; role->program; role++)
			CU_ASSERT_PTR_NOT_NULL(strstr(list.out, role->program));
	}
	complains(WIRELAB("list", "raw"), 2, "\"raw\"");
}

static void lessons_are_shown(void)
{
	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++) {
		ran_auto struct ran shown = WIRELAB("show", (*lesson)->name);

		CU_ASSERT_EQUAL(shown.status, 0);
		for (const struct wl_requirement *r = (*lesson)->requirements; r->id; r++)
			CU_ASSERT_PTR_NOT_NULL(strstr(shown.out, r->text));
		for (const struct wl_sentence *s = (*lesson)->task; s->program; s++)
			CU_ASSERT_PTR_NOT_NULL(strstr(shown.out, s->text));
	}
	complains(WIRELAB("show", "rwa"), 2, "\"rwa\"");
	complains(WIRELAB("show"), 2, "one lesson");
}

static void requirements_are_shown(void)
{
	const struct wl_requirement *r = wl_lessons[0]->requirements;
	ran_auto struct ran shown = WIRELAB("show", r->id);

	CU_ASSERT_EQUAL(shown.status, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(shown.out, r->text));
	CU_ASSERT_PTR_NOT_NULL(strstr(shown.out, r->why));
	complains(WIRELAB("show", "raw.sender.nothing"), 2, "\"raw.sender.nothing\"");
}

static void the_matrix_is_shown(void)
{
	ran_auto struct ran text = WIRELAB("show", "--matrix", "raw");
	ran_auto struct ran json = WIRELAB("show", "--matrix", "--json", "--proof", "/nonexistent/proof.jsonl");
	json_auto_t *parsed = json.out ? json_loads(json.out, 0, NULL) : NULL;
	size_t lessons = 0;

	if (access(source("fixtures/mutants/TABLE"), R_OK) < 0) {
		notrun("the source tree cannot be read from here");
		return;
	}
	while (wl_lessons[lessons])
		lessons++;
	CU_ASSERT_EQUAL(text.status, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(text.out, "raw.sender.sends"));
	CU_ASSERT_PTR_NULL(strstr(text.out, "udp_echo.server.opens"));
	CU_ASSERT_EQUAL(json.status, 0);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(parsed, "lessons")), lessons);
	complains(WIRELAB("show", "--matrix", "rwa"), 2, "\"rwa\"");
	complains(WIRELAB("show", "--matrix", "--fixtures", "/nonexistent"), 2, "/nonexistent");
	complains(WIRELAB("show", "--matrix", "--proof", source("fixtures/mutants/TABLE")), 2, "TABLE");
	complains(WIRELAB("show", "--matrix", "raw", "raw"), 2, "one lesson");
	complains(WIRELAB("show", "--json", "raw"), 2, "one lesson");
	complains(WIRELAB("show", "--jsonn", "raw"), 2, "--jsonn");
}

static void wrong_arguments_are_refused(void)
{
	complains(WIRELAB("grade"), 2, "name what to grade");
	complains(WIRELAB("grade", "--fast", "."), 2, "--fast");
	complains(WIRELAB("grade", "--lesson", "rwa", "."), 2, "\"rwa\"");
	complains(WIRELAB("grade", "--seed", "soon", "."), 2, "\"soon\"");
	complains(WIRELAB("grade", "--seed", "-1", "."), 2, "\"-1\"");
	complains(WIRELAB("grade", "--seed", "18446744073709551616", "."), 2, "18446744073709551616");
	complains(WIRELAB("grade", "--parallel", "0", "."), 2, "\"0\"");
	complains(WIRELAB("grade", "--seed"), 2, "--seed");
	complains(WIRELAB("judge"), 2, "name what to judge");
	complains(WIRELAB("judge", "--lessen", "."), 2, "--lessen");
}

static void impossible_outputs_are_refused(void)
{
	const char *folder = scratch();
	char nowhere[4200];

	snprintf(nowhere, sizeof(nowhere), "%s/no/such/file.json", folder);
	complains(WIRELAB("grade", "--json", nowhere, "."), 2, "/no/such");
	complains(WIRELAB("grade", "--keep", nowhere, "."), 2, "file.json");
	complains(WIRELAB("grade", "--json", folder, "."), 2, "folder");
	complains(WIRELAB("grade", "--json", "", "."), 2, "empty");
	complains(WIRELAB("judge", "--json", nowhere, folder), 2, "no/such");
}

static void garbage_is_not_judged(void)
{
	char path[4200];
	FILE *file;

	complains(WIRELAB("judge", "/nonexistent"), 2, "/nonexistent");
	complains(WIRELAB("judge", scratch()), 2, "");
	snprintf(path, sizeof(path), "%s/garbage.json", scratch());
	file = fopen(path, "we");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs("{\"schema\":\"wirelab-observation/1\",\"lesson\":[]}\xff", file);
	fclose(file);
	complains(WIRELAB("judge", path), 2, "garbage.json");
	complains(WIRELAB("judge", "/dev/null"), 2, "/dev/null");
}

static void languages_are_spoken(void)
{
	static const char hangul[] = "\xec\x82\xac\xec\x9a\xa9"; /* the first word of "usage" */
	ran_auto struct ran english = ran("LC_ALL=de_DE.UTF-8", WORDS(wirelab(), "--help"));
	ran_auto struct ran plain = ran("LC_ALL=C", WORDS(wirelab(), "--help"));

	CU_ASSERT_PTR_NOT_NULL(strstr(english.out, "usage:"));
	CU_ASSERT_STRING_EQUAL(plain.out, english.out);
	if (access(built("locale/ko/LC_MESSAGES/wirelab.mo"), R_OK) < 0) {
		notrun("there is no Korean catalogue");
		return;
	}
	for (int i = 0; i < 2; i++) {
		ran_auto struct ran korean = ran(i ? "LANGUAGE=ko" : "LC_ALL=ko_KR.UTF-8",
			WORDS(wirelab(), "--help"));

		CU_ASSERT_EQUAL(korean.status, 0);
		CU_ASSERT_PTR_NOT_NULL(strstr(korean.out, hangul));
	}
}

void suite_command(void)
{
	test("without arguments, usage", without_arguments);
	test("help is told", help_is_told);
	test("version is told", version_is_told);
	test("lessons are listed", lessons_are_listed);
	test("lessons are shown", lessons_are_shown);
	test("requirements are shown", requirements_are_shown);
	test("the matrix is shown", the_matrix_is_shown);
	test("wrong arguments are refused", wrong_arguments_are_refused);
	test("impossible outputs are refused before anything runs", impossible_outputs_are_refused);
	test("garbage is not judged", garbage_is_not_judged);
	test("languages are spoken", languages_are_spoken);
}
