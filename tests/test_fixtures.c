/*
 * The tables of fixtures/mutants and fixtures/variants name what is there, and nothing is left out: every requirement with
 * points has a wrong program that it alone must find, and every role a right one in an odd style.
 */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/registry.h"
#include "tests/tests.h"

#define ROWS 1024

struct row {
	char folder[128], role[64], requirement[128]; /* requirement: "" for a variant */
};

static struct row mutants[ROWS], variants[ROWS];
static size_t mutant_count, variant_count;

/* Returns how many rows there are; a line that is none fails the test. */
static size_t read_table(const char *kind, struct row *rows)
{
	char path[PATH_MAX], line[512];
	wl_auto_file FILE *file = NULL;
	size_t count = 0;

	snprintf(path, sizeof(path), "fixtures/%s/TABLE", kind);
	file = fopen(source(path), "re");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	while (fgets(line, sizeof(line), file) && count < ROWS) {
		struct row *row = &rows[count++];

		*row = (struct row){ "" };
		CU_ASSERT_TRUE(sscanf(line, "%127[^\t\n]\t%63[^\t\n]\t%127[^\t\n]", row->folder, row->role,
				       row->requirement) >= 2);
	}
	return count;
}

static bool tables_can_be_read(void)
{
	if (access(source("fixtures/mutants/TABLE"), R_OK) < 0) {
		notrun("the source tree cannot be read from here");
		return false;
	}
	if (!mutant_count) {
		mutant_count = read_table("mutants", mutants);
		variant_count = read_table("variants", variants);
	}
	return true;
}

static void complain(const char *what, const char *why)
{
	CU_FAIL("fixtures");
	fprintf(stderr, "%s %s\n", what, why);
}

static const struct wl_role *find_role(const char *program)
{
	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++)
		if (role_find(*lesson, program))
			return role_find(*lesson, program);
	return NULL;
}

static const struct wl_requirement *find_requirement(const char *id)
{
	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++)
		if (requirement_find(*lesson, id))
			return requirement_find(*lesson, id);
	return NULL;
}

static void check_rows(const char *kind, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct wl_requirement *r = *rows[i].requirement ? find_requirement(rows[i].requirement) : NULL;
		char path[PATH_MAX];
		struct stat status;

		snprintf(path, sizeof(path), "fixtures/%s/%s", kind, rows[i].folder);
		if (stat(source(path), &status) < 0 || !S_ISDIR(status.st_mode))
			complain(path, "is not there");
		if (!find_role(rows[i].role) && strcmp(rows[i].role, "pair") != 0)
			complain(path, "poses as a program of no lesson");
		if (rows == mutants && (!r || strcmp(r->program, rows[i].role) != 0))
			complain(path, "is to be found by a requirement that is not there, or not on that program");
		for (size_t k = 0; k < i; k++)
			if (strcmp(rows[k].folder, rows[i].folder) == 0)
				complain(path, "is in the table twice");
	}
}

static void tables_name_what_is_there(void)
{
	if (!tables_can_be_read())
		return;
	check_rows("mutants", mutants, mutant_count);
	check_rows("variants", variants, variant_count);
}

static bool listed(const struct row *rows, size_t count, const char *folder)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].folder, folder) == 0)
			return true;
	return false;
}

static void check_folder(const char *kind, const struct row *rows, size_t count)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *folder;

	snprintf(path, sizeof(path), "fixtures/%s", kind);
	folder = opendir(source(path));
	CU_ASSERT_PTR_NOT_NULL_FATAL(folder);
	while ((entry = readdir(folder)))
		if (*entry->d_name != '.' && strcmp(entry->d_name, "TABLE") != 0 &&
			!listed(rows, count, entry->d_name))
			complain(entry->d_name, "is in no table");
	closedir(folder);
}

static void folders_are_in_the_tables(void)
{
	if (!tables_can_be_read())
		return;
	check_folder("mutants", mutants, mutant_count);
	check_folder("variants", variants, variant_count);
}

static void check_proof(const struct wl_requirement *r)
{
	if (!r->points || strcmp(r->program, "pair") == 0)
		return; /* advice; or two programs, of which one is at fault */
	for (size_t i = 0; i < mutant_count; i++)
		if (strcmp(mutants[i].requirement, r->id) == 0)
			return;
	complain(r->id, "has no wrong program that it must find");
}

static void every_requirement_has_a_mutant(void)
{
	if (!tables_can_be_read())
		return;
	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++)
		for (const struct wl_requirement *r = (*lesson)->requirements; r->id; r++)
			check_proof(r);
}

static void every_role_has_a_variant(void)
{
	if (!tables_can_be_read())
		return;
	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++)
		for (const struct wl_role *role = (*lesson)->roles; role->program; role++) {
			size_t count = 0;

			for (size_t i = 0; i < variant_count; i++)
				count += strcmp(variants[i].role, role->program) == 0;
			if (!count)
				complain(role->program, "has no right program in an odd style");
		}
}

void suite_fixtures(void);
void suite_fixtures(void)
{
	test("tables name what is there", tables_name_what_is_there);
	test("folders are in the tables", folders_are_in_the_tables);
	test("every requirement has a mutant", every_requirement_has_a_mutant);
	test("every role has a variant", every_role_has_a_variant);
}
