/* The tables of fixtures/: one line a program, in the order of the file. */
#include "harness/proof_table.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/text.h"

#define FIELDS 4

/* Take LINE apart at its tabs. Returns how many fields it has, FIELDS + 1 for more than that. */
static size_t split(char *line, const char *fields[FIELDS])
{
	size_t count = 0;

	for (char *field; (field = strsep(&line, "\t")); count++) {
		if (count == FIELDS)
			return FIELDS + 1;
		fields[count] = field;
	}
	return count;
}

static int read_line(char *line, bool mutants, struct wl_arena *arena, struct proof_table *table)
{
	const char *fields[FIELDS] = { NULL };
	size_t count;
	struct proof_row *row;

	line[strcspn(line, "\n")] = '\0';
	if (!*line || *line == '#')
		return 0;
	count = split(line, fields);
	if (count < (mutants ? 3 : 2) || count > (mutants ? 4 : 3))
		return -1;
	row = wl_append(arena, &table->rows, &table->count);
	row->folder = wl_strdup(arena, fields[0]);
	row->program = wl_strdup(arena, fields[1]);
	if (mutants) {
		row->requirement = wl_strdup(arena, fields[2]);
		row->label = wl_strdup(arena, fields[3]);
	} else {
		row->interpreter = wl_strdup(arena, fields[2]);
	}
	return 0;
}

int proof_table_read(const char *fixtures, const char *kind, struct wl_arena *arena, struct proof_table *table,
	struct wl_err *err)
{
	const char *path = wl_format(arena, "%s/%s/TABLE", fixtures, kind);
	wl_auto_file FILE *file = fopen(path, "re");
	bool mutants = strcmp(kind, "mutants") == 0;
	char line[1024];

	*table = (struct proof_table){ NULL, 0 };
	if (!file)
		return wl_err_errno(err, _("%s cannot be read"), path);
	for (size_t number = 1; fgets(line, sizeof(line), file); number++)
		if (read_line(line, mutants, arena, table) < 0)
			return wl_err(err, _("%s, line %zu: wrong number of fields (a tab stands between them)"), path, number);
	return 0;
}

bool proof_label_fits(const char *due, const char *found)
{
	const char *given = found ? found : "-";

	for (size_t len; due && *due; due += len + (due[len] == '|')) {
		len = strcspn(due, "|");
		if (strncmp(due, given, len) == 0 && given[len] == '\0')
			return true;
	}
	return !due && !found;
}
