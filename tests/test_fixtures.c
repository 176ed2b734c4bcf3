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

#include "harness/proof_table.h"
#include "harness/registry.h"
#include "tests/tests.h"

static struct wl_arena *arena;
static struct proof_table mutants, variants;

/* Read once for all cases of the suite. */
static bool tables_can_be_read(void)
{
	struct wl_err err = { "" };

	if (access(source("fixtures/mutants/TABLE"), R_OK) < 0) {
		notrun("the source tree cannot be read from here");
		return false;
	}
	if (arena)
		return true;
	arena = wl_arena_new();
	if (proof_table_read(source("fixtures"), "mutants", arena, &mutants, &err) < 0 ||
		proof_table_read(source("fixtures"), "variants", arena, &variants, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		CU_FAIL_FATAL("tables");
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

static void check_rows(const char *kind, const struct proof_table *table)
{
	const struct proof_row *rows = table->rows;

	for (size_t i = 0; i < table->count; i++) {
		const struct wl_requirement *r = rows[i].requirement ? find_requirement(rows[i].requirement) : NULL;
		char path[PATH_MAX];
		struct stat status;

		snprintf(path, sizeof(path), "fixtures/%s/%s", kind, rows[i].folder);
		if (stat(source(path), &status) < 0 || !S_ISDIR(status.st_mode))
			complain(path, "is not there");
		if (!find_role(rows[i].program) && strcmp(rows[i].program, "pair") != 0)
			complain(path, "poses as a program of no lesson");
		if (table == &mutants && (!r || strcmp(r->program, rows[i].program) != 0))
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
	check_rows("mutants", &mutants);
	check_rows("variants", &variants);
}

static bool listed(const struct proof_table *table, const char *folder)
{
	for (size_t i = 0; i < table->count; i++)
		if (strcmp(table->rows[i].folder, folder) == 0)
			return true;
	return false;
}

static void check_folder(const char *kind, const struct proof_table *table)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *folder;

	snprintf(path, sizeof(path), "fixtures/%s", kind);
	folder = opendir(source(path));
	CU_ASSERT_PTR_NOT_NULL_FATAL(folder);
	while ((entry = readdir(folder)))
		if (*entry->d_name != '.' && strcmp(entry->d_name, "TABLE") != 0 &&
			!listed(table, entry->d_name))
			complain(entry->d_name, "is in no table");
	closedir(folder);
}

static void folders_are_in_the_tables(void)
{
	if (!tables_can_be_read())
		return;
	check_folder("mutants", &mutants);
	check_folder("variants", &variants);
}

static void check_proof(const struct wl_requirement *r)
{
	if (!r->points)
		return; /* advice */
	for (size_t i = 0; i < mutants.count; i++)
		if (strcmp(mutants.rows[i].requirement, r->id) == 0)
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

			for (size_t i = 0; i < variants.count; i++)
				count += strcmp(variants.rows[i].program, role->program) == 0;
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
