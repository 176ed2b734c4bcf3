/*
 * From files to programs that can run: which form of a program is taken, where it is looked for,
 * and what a student is told when it cannot be built. Compiling and make run in the workshop's cage
 * and so need a stage; what needs neither is tried without.
 */
#include "harness/build.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/registry.h"
#include "tests/tests.h"

#define MAIN "int main(void) { return 0; }\n"

static char folder[PATH_MAX];
static struct wl_arena *arena;
static struct intake_submission submission;
static struct built built_now;

static void begin(void)
{
	snprintf(folder, sizeof(folder), "%s", scratch());
	arena = wl_arena_new();
	submission = (struct intake_submission){ .name = "kim", .path = "kim", .copy = folder };
	built_now = (struct built){ 0 };
}

static void end(void)
{
	wl_arena_free(arena);
}

/* A file, and the folder that it is in. */
static void add(const char *name, const char *text, mode_t mode)
{
	char path[2 * PATH_MAX];
	wl_auto_fd int fd = -1;

	if (strchr(name, '/')) {
		snprintf(path, sizeof(path), "%s/%.*s", folder, (int)(strrchr(name, '/') - name),
			name);
		mkdir(path, 0755);
	}
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	CU_ASSERT_EQUAL(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	CU_ASSERT_EQUAL(fchmod(fd, mode), 0);
}

/*
 * Find and build; returns what became of "sender" of lesson raw, NULL when the lesson was left
 * out.
 */
static const struct wl_program *build(void)
{
	struct wl_err err = { "" };

	if (build_submission(&submission, NULL, arena, &built_now, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		CU_FAIL("the harness is at fault");
	}
	for (size_t i = 0; i < built_now.program_count; i++)
		if (strcmp(built_now.programs[i].name, "sender") == 0)
			return &built_now.programs[i];
	return NULL;
}

static bool is(const struct wl_program *program, enum wl_program_state state, const char *file,
	const char *words)
{
	if (program && program->state == state && strcmp(program->file, file) == 0 &&
		strstr(program->words, words))
		return true;
	fprintf(stderr, "have: state %d, file \"%s\", words \"%s\"\n",
		program ? (int)program->state : 0,
		program ? program->file : "", program ? program->words : "");
	return false;
}

/* It runs as ARGV0 [ARGV1] in SUBFOLDER. */
static bool runs(const char *argv0, const char *argv1, const char *subfolder)
{
	const struct play_program *program = built_now.runnable;

	return built_now.runnable_count == 1 && strcmp(program->role, "sender") == 0 &&
	       strcmp(program->argv[0], argv0) == 0 &&
	       (argv1 ? strcmp(program->argv[1], argv1) == 0 : !program->argv[1]) &&
	       strcmp(program->subfolder, subfolder) == 0;
}

static bool runs_from_the_copy(void)
{
	return strcmp(built_now.runnable[0].folder, folder) == 0;
}

static void scripts_run_as_they_are(void)
{
	begin();
	add("sender.py", "print(1)\n", 0644);
	CU_ASSERT_TRUE(is(build(), WL_PROGRAM_FOUND, "sender.py", ""));
	CU_ASSERT_TRUE(runs("/usr/bin/python3", "sender.py", "") && runs_from_the_copy());
	end();
	begin();
	add("sender.sh", "echo\n", 0644);
	CU_ASSERT_TRUE(is(build(), WL_PROGRAM_FOUND, "sender.sh", ""));
	CU_ASSERT_TRUE(runs("/bin/bash", "sender.sh", "") && runs_from_the_copy());
	end();
	begin();
	add("sender", "#!/bin/sh\n", 0755);
	CU_ASSERT_TRUE(is(build(), WL_PROGRAM_FOUND, "sender", ""));
	CU_ASSERT_TRUE(runs("./sender", NULL, "") && runs_from_the_copy());
	end();
}

/* Each is preferred to those before it. */
static void forms_have_an_order(void)
{
	if (!can_stage())
		return;
	begin();
	add("sender.sh", "echo\n", 0644);
	add("sender.py", "print(1)\n", 0644);
	add("sender.c", "no C\n", 0644);
	add("sender", "neither ELF nor script\n", 0644);
	add("Makefile", "all: sender.o\nsender := x\n\tsender: y\n#sender:\nsender.o: z\n", 0644);
	CU_ASSERT_TRUE(is(build(), WL_PROGRAM_FOUND, "sender.py", ""));
	end();
	begin();
	add("sender.py", "print(1)\n", 0644);
	add("sender", "x", 0755);
	CU_ASSERT_TRUE(is(build(), WL_PROGRAM_FOUND, "sender", ""));
	end();
	begin();
	add("sender.sh", "echo\n", 0644);
	add("sender.c", MAIN, 0644);
	CU_ASSERT_TRUE(is(build(), WL_PROGRAM_FOUND, "sender.sh", ""));
	end();
}

static void a_place_below_must_be_the_only_one(void)
{
	const struct wl_program *program;

	begin();
	add("raw/sender.py", "print(1)\n", 0644);
	CU_ASSERT_TRUE(is(build(), WL_PROGRAM_FOUND, "raw/sender.py", ""));
	CU_ASSERT_TRUE(runs("/usr/bin/python3", "sender.py", "raw"));
	end();
	begin();
	add("new/sender.py", "print(1)\n", 0644);
	add("old/sender.c", MAIN, 0644);
	program = build();
	CU_ASSERT_TRUE(is(program, WL_PROGRAM_REFUSED, "", "There are several of it: in "));
	CU_ASSERT_TRUE(strstr(program->words, "new") && strstr(program->words, "old"));
	CU_ASSERT_EQUAL(built_now.runnable_count, 0);
	end();
	begin();
	add("old/sender.py", "print(1)\n", 0644);
	add("older/sender.py", "print(1)\n", 0644);
	add("sender.py", "print(1)\n", 0644);
	CU_ASSERT_TRUE(is(build(), WL_PROGRAM_FOUND, "sender.py", ""));
	end();
}

static void lessons_without_programs_are_left_out(void)
{
	struct wl_err err = { "" };

	begin();
	add("readme", "x", 0644);
	CU_ASSERT_PTR_NULL(build());
	CU_ASSERT_EQUAL(built_now.program_count, 0);
	CU_ASSERT_EQUAL(build_submission(&submission, lesson_find("raw"), arena, &built_now, &err),
		0);
	CU_ASSERT_EQUAL(built_now.program_count, 2);
	CU_ASSERT_TRUE(is(&built_now.programs[0], WL_PROGRAM_MISSING, "", ""));
	add("udp_echo_server.py", "x", 0644);
	built_now = (struct built){ 0 };
	CU_ASSERT_EQUAL(build_submission(&submission, lesson_find("raw"), arena, &built_now, &err),
		0);
	CU_ASSERT_EQUAL(built_now.program_count, 2);
	end();
}

static void a_refusal_explains_what_is_missing(void)
{
	struct intake_refusal refusals[] = { { "raw/my_sender.py", "is a device" },
		{ "raw/sender.py", "is a symbolic link" } };

	begin();
	submission.refusals = refusals;
	submission.refusal_count = 2;
	CU_ASSERT_TRUE(is(build(), WL_PROGRAM_REFUSED, "raw/sender.py",
		"raw/sender.py is a symbolic link."));
	end();
}

/* A zip has lost the run bit; the copy that it runs from has it again. */
static void a_lost_run_bit_comes_back(void)
{
	static const char *const starts[] = { "#!/bin/sh\n", "\177ELF and so on" };
	struct stat status;

	if (!can_stage())
		return;
	for (size_t i = 0; i < 2; i++) {
		begin();
		add("sender", starts[i], 0644);
		CU_ASSERT_TRUE(is(build(), WL_PROGRAM_FOUND, "sender", ""));
		CU_ASSERT_TRUE(runs("./sender", NULL, "") && !runs_from_the_copy());
		CU_ASSERT_EQUAL(
			stat(wl_format(arena, "%s/sender", built_now.runnable[0].folder), &status),
				0);
		CU_ASSERT_EQUAL(status.st_mode & 0111, 0111);
		end();
	}
}

static bool is_executable(const char *name)
{
	return built_now.runnable_count > 0 &&
	       access(wl_format(arena, "%s/%s", built_now.runnable[0].folder, name), X_OK) == 0;
}

static void c_is_compiled(void)
{
	if (!can_stage())
		return;
	begin();
	add("my raw/sender.c", MAIN, 0644);
	add("my raw/receiver.py", "print(1)\n", 0644);
	CU_ASSERT_TRUE(is(build(), WL_PROGRAM_FOUND, "my raw/sender.c", ""));
	CU_ASSERT_TRUE(is_executable("my raw/sender"));
	CU_ASSERT_EQUAL_FATAL(built_now.runnable_count, 2);
	CU_ASSERT_STRING_EQUAL(built_now.runnable[0].folder, built_now.runnable[1].folder);
	end();
}

/* Two programs, and a file that both need; the other program's main is not linked in. */
static void c_is_linked_with_its_neighbours(void)
{
	if (!can_stage())
		return;
	begin();
	add("sender.c", "int help(void);\nint main(void) { return help(); }\n", 0644);
	add("receiver.c", "int help(void);\nint main(void) { return help(); }\n", 0644);
	add("helper one.c", "int help(void) { return 0; }\n", 0644);
	add("spoilt.c", "no C\n", 0644);
	CU_ASSERT_TRUE(is(build(), WL_PROGRAM_FOUND, "sender.c", ""));
	CU_ASSERT_TRUE(is_executable("sender") && is_executable("receiver"));
	end();
}

static void compilers_words_are_handed_on(void)
{
	if (!can_stage())
		return;
	begin();
	add("sender.c", "int main(void) { return nothing; }\n", 0644);
	add("receiver.c", "int nowhere(void);\nint main(void) { return nowhere(); }\n", 0644);
	CU_ASSERT_TRUE(is(build(), WL_PROGRAM_UNBUILT, "sender.c",
		"It does not compile:\nsender.c:"));
	CU_ASSERT_PTR_NOT_NULL(strstr(built_now.programs[0].words, "sender.c:1:25: error"));
	CU_ASSERT_PTR_NOT_NULL(strstr(built_now.programs[1].words, "nowhere"));
	CU_ASSERT_EQUAL(built_now.programs[1].state, WL_PROGRAM_UNBUILT);
	CU_ASSERT_EQUAL(built_now.runnable_count, 0);
	end();
}

static void a_makefile_comes_first(void)
{
	if (!can_stage())
		return;
	begin();
	add("sender.py", "print(1)\n", 0644);
	add("Makefile", "all: sender\nother sender: rule\n\tcp rule sender; chmod +x sender\n",
		0644);
	add("rule", "#!/bin/sh\n", 0644);
	CU_ASSERT_TRUE(is(build(), WL_PROGRAM_FOUND, "sender", ""));
	CU_ASSERT_TRUE(runs("./sender", NULL, "") && is_executable("sender"));
	end();
}

static void a_makefile_that_makes_nothing_is_said(void)
{
	if (!can_stage())
		return;
	begin();
	add("Makefile", "sender:\n\ttrue\nreceiver:\n\techo oh no; exit 3\n", 0644);
	CU_ASSERT_TRUE(is(build(), WL_PROGRAM_UNBUILT, "sender", "there is no file sender"));
	CU_ASSERT_PTR_NOT_NULL(strstr(built_now.programs[1].words, "oh no"));
	end();
}

/* The target is there only for make: by a pattern, a list, another file or its own rules. */
static void make_is_asked_what_it_can_make(void)
{
	static const char *const makefiles[] = {
		"CC = cc\n%: %.x\n\t$(CC) -x c -o $@ $<\n",
		"P = sender\nall: $(P)\n$(P): %: %.x\n\tcc -x c -o $@ $<\n",
		"include more.mk\n",
		"define rule\n$(1): $(1).x\n\tcc -x c -o $$@ $$<\nendef\n"
		"$(eval $(call rule,sender))\n",
	};

	if (!can_stage())
		return;
	for (size_t i = 0; i < sizeof(makefiles) / sizeof(*makefiles); i++) {
		begin();
		add("sender.x", MAIN, 0644);
		add("sender.c", "no C\n", 0644);
		add("sender.py", "print(1)\n", 0644);
		add("more.mk", "s = sender\n$(s): sender.x; cc -x c -o $@ $<\n", 0644);
		add("Makefile", makefiles[i], 0644);
		CU_ASSERT_TRUE(is(build(), WL_PROGRAM_FOUND, "sender", ""));
		CU_ASSERT_TRUE(runs("./sender", NULL, "") && is_executable("sender"));
		end();
	}
}

static void make_makes_other_languages_by_its_own_rules(void)
{
	if (!can_stage())
		return;
	if (access("/usr/bin/g++", X_OK) < 0) {
		notrun("no g++");
		return;
	}
	begin();
	add("Makefile", "all: sender\n", 0644);
	add("sender.cpp", "class c {}; int main() { return 0; }\n", 0644);
	CU_ASSERT_TRUE(is(build(), WL_PROGRAM_FOUND, "sender", ""));
	CU_ASSERT_TRUE(runs("./sender", NULL, "") && is_executable("sender"));
	end();
}

/* Rules that run a program, or that are another one's, are not in the way of the program itself. */
static void a_makefile_for_something_else_does_not_matter(void)
{
	static const char *const makefiles[] = {
		"sender:\n\tpython3 sender.py\n",
		"sender: missing\n",
		"run: sender\n\t./sender\n",
		"%.o: %.c\n\tcc -c $<\n",
		"include missing.mk\n",
		"no makefile for sender\n",
	};

	if (!can_stage())
		return;
	for (size_t i = 0; i < sizeof(makefiles) / sizeof(*makefiles); i++) {
		begin();
		add("sender.py", "input()\n", 0644);
		add("Makefile", makefiles[i], 0644);
		CU_ASSERT_TRUE(is(build(), WL_PROGRAM_FOUND, "sender.py", ""));
		CU_ASSERT_TRUE(runs("/usr/bin/python3", "sender.py", ""));
		end();
	}
	begin();
	add("sender.c", "#include <math.h>\nint main(int c, char **v) { return (int)cos(c); }\n", 0644);
	add("Makefile", "run: sender\n\t./sender\n", 0644);
	CU_ASSERT_TRUE(is(build(), WL_PROGRAM_FOUND, "sender.c", ""));
	CU_ASSERT_TRUE(runs("./sender", NULL, "") && is_executable("sender"));
	end();
}

/* One of them is asked, and is stopped; the others are not. */
static void makefiles_that_never_answer_are_given_up(void)
{
	static const char endless[] = "x := $(shell yes >&2)\ninclude more.mk\n";

	if (!can_stage())
		return;
	begin();
	add("Makefile", endless, 0644);
	add("a/Makefile", endless, 0644);
	add("b/Makefile", endless, 0644);
	add("b/sender.py", "print(1)\n", 0644);
	CU_ASSERT_TRUE(is(build(), WL_PROGRAM_FOUND, "b/sender.py", ""));
	end();
}

/* What never ends is stopped at the first bound that it meets: here that of output. */
static void a_makefile_that_never_ends_is_stopped(void)
{
	if (!can_stage())
		return;
	begin();
	add("Makefile", "sender:\n\tyes it goes on\n", 0644);
	CU_ASSERT_TRUE(is(build(), WL_PROGRAM_UNBUILT, "sender",
		"too long or too much and was stopped"));
	CU_ASSERT_PTR_NOT_NULL(strstr(built_now.programs[0].words, "it goes on"));
	end();
}

void suite_build(void);
void suite_build(void)
{
	test("scripts run as they are", scripts_run_as_they_are);
	test("forms have an order", forms_have_an_order);
	test("a place below must be the only one", a_place_below_must_be_the_only_one);
	test("lessons without programs are left out", lessons_without_programs_are_left_out);
	test("a refusal explains what is missing", a_refusal_explains_what_is_missing);
	test("a lost run bit comes back", a_lost_run_bit_comes_back);
	test("C is compiled", c_is_compiled);
	test("C is linked with its neighbours", c_is_linked_with_its_neighbours);
	test("the compiler's words are handed on", compilers_words_are_handed_on);
	test("a Makefile comes first", a_makefile_comes_first);
	test("make is asked what it can make", make_is_asked_what_it_can_make);
	test("make makes other languages by its own rules",
		make_makes_other_languages_by_its_own_rules);
	test("a Makefile for something else does not matter",
		a_makefile_for_something_else_does_not_matter);
	test("Makefiles that never answer are given up", makefiles_that_never_answer_are_given_up);
	test("a Makefile that makes nothing is said", a_makefile_that_makes_nothing_is_said);
	test("a Makefile that never ends is stopped", a_makefile_that_never_ends_is_stopped);
}
