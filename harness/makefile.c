/*
 * Reading Makefiles, and asking make. "make -n NAME" says whether NAME can be made, "-r" leaves out the rules that make brings
 * along (NAME from NAME.c, and even from NAME.sh), "-B" makes as if nothing had been made yet, "-s" keeps it from talking about what
 * needs no recipe. So no output means: nobody knows how, the file is just there.
 */
#include "harness/makefile.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/base/cleanup.h"
#include "harness/workshop.h"

/* Prints "own NAME" or "built-in NAME" for each argument that make can make. */
static const char questions[] =
	"can() { [ -n \"$(make -nBs --no-print-directory \"$@\" 2>/dev/null)\" ]; }\n"
	"for name; do\n"
	"	if can -r \"$name\"; then echo \"own $name\"\n"
	"	elif can \"$name\"; then echo \"built-in $name\"; fi\n"
	"done </dev/null\n"
	"exit 0\n";

static const char *const ask[] = { "/usr/bin/timeout", "-s", "KILL", "10", "/bin/sh", "-c", questions, "sh" };
#define ASK_WORDS (sizeof(ask) / sizeof(*ask))

static FILE *open_makefile(const char *folder)
{
	static const char *const names[] = { "GNUmakefile", "makefile", "Makefile" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char path[4096];
		struct stat status;

		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		if (lstat(path, &status) == 0 && S_ISREG(status.st_mode))
			return fopen(path, "re");
	}
	return NULL;
}

/* LINE has WORD before END, with nothing that belongs to a name around it. */
static bool has_word(const char *line, size_t end, const char *word)
{
	static const char breaks[] = " \t\r\n:=(){}$";
	size_t len = strlen(word);

	for (size_t at = strspn(line, breaks); at < end; at += strspn(line + at, breaks)) {
		size_t length = strcspn(line + at, breaks);

		if (length == len && strncmp(line + at, word, len) == 0)
			return true;
		at += length;
	}
	return false;
}

typedef bool line_test(const char *line, const char *name);

/* LINE is a rule one of whose targets is NAME. */
static bool is_rule(const char *line, const char *name)
{
	size_t head = strcspn(line, ":#=");

	return line[head] == ':' && line[head + 1] != '=' && has_word(line, head, name);
}

/* LINE, without its comment, may help to make NAME: has a pattern, brings in other lines, or speaks of NAME. */
static bool is_telling(const char *line, const char *name)
{
	static const char *const tellers[] = { "include", "-include", "sinclude", "eval", "call" };
	size_t end = strcspn(line, "#");

	if (memchr(line, '%', end) || has_word(line, end, name))
		return true;
	for (size_t i = 0; i < sizeof(tellers) / sizeof(*tellers); i++)
		if (has_word(line, end, tellers[i]))
			return true;
	return false;
}

/* A line of the Makefile that is not part of a recipe passes TEST. */
static bool has_line(const char *folder, line_test *test, const char *name)
{
	wl_auto_file FILE *file = open_makefile(folder);
	char line[4096];

	while (file && fgets(line, sizeof(line), file))
		if (*line != '\t' && test(line, name))
			return true;
	return false;
}

bool makefile_has_rule(const char *folder, const char *name)
{
	return has_line(folder, is_rule, name);
}

bool makefile_may_make(const char *folder, const char *name)
{
	return has_line(folder, is_telling, name);
}

static bool said(const char *output, const char *answer, const char *name)
{
	size_t answer_len = strlen(answer), name_len = strlen(name);

	for (const char *line = output; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		if (strncmp(line, answer, answer_len) == 0 &&
			strncmp(line + answer_len, name, name_len) == 0 &&
			(line[answer_len + name_len] == '\n' || line[answer_len + name_len] == '\r'))
			return true;
	return false;
}

int makefile_ask(struct workshop *workshop, const char *subfolder, const char *const *names,
	enum makefile_way *ways, bool *stopped, struct wl_arena *arena, struct wl_err *err)
{
	const char **argv, *output;
	size_t count = 0;
	int status;

	while (names[count])
		count++;
	argv = wl_alloc_array(arena, ASK_WORDS + count + 1, sizeof(*argv));
	memcpy(argv, ask, sizeof(ask));
	memcpy(argv + ASK_WORDS, names, count * sizeof(*argv));
	if (workshop_run(workshop, subfolder, argv, &output, &status, err) < 0)
		return -1;
	*stopped = status != 0;
	for (size_t i = 0; i < count; i++)
		ways[i] = *stopped                          ? MAKEFILE_NO
			  : said(output, "own ", names[i])      ? MAKEFILE_OWN
			  : said(output, "built-in ", names[i]) ? MAKEFILE_BUILT_IN
								: MAKEFILE_NO;
	return 0;
}
