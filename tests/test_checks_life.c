/*
 * The verbs on the terminal and on life: a row is a short log, what a verb says of it and in which
 * words. Rows that must fail differ from one that passes in one event.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tests/made.h"
#include "tests/tests.h"

#define TRACEBACK "Traceback (most recent call last):\n  ...\nOSError: no\n"
#define ENDED(status) { WL_EVENT_ENDED, status, "" }
#define PRINTED(text) { WL_EVENT_PRINTED, 0, text }
#define TYPED(text) { WL_EVENT_TYPED, 0, text }
#define EXIT(code) ((code) << 8)

struct happening {
	enum wl_event_kind kind;
	int64_t number;
	const char *text;
};

struct row {
	wl_verb *verb;
	struct happening log[6];
	char verdict;
	const char *expected, *actual; /* of a failure */
};

static const struct row rows[] = {
	{ wl_prompts, { PRINTED("payload: "), TYPED("x\n") }, 'p', NULL, NULL },
	{ wl_prompts, { PRINTED("pay"), PRINTED("load: "), TYPED("x\n") }, 'p', NULL, NULL },
	{ wl_prompts, { PRINTED("Type the payload:\n"), TYPED("x\n") }, 'p', NULL, NULL },
	{ wl_prompts, { PRINTED("payload: ") }, 'p', NULL, NULL },
	{ wl_prompts, { TYPED("x\n"), PRINTED("payload: ") }, 'f',
		"\"payload:\" on the terminal before the line is typed",
			"only after the line had been typed" },
	{ wl_prompts, { TYPED("x\n") }, 'f', "\"payload:\"", "Nothing was printed" },
	{ wl_prompts, { PRINTED("line: "), TYPED("x\n") }, 'f', "\"payload:\"",
		"\"line: \" was printed before" },
	{ wl_prompts, { PRINTED("payload "), TYPED("x\n") }, 'f', "\"payload:\"", "\"payload \"" },

	{ wl_prints_value, { PRINTED("payload: 'hello'\n") }, 'p', NULL, NULL },
	{ wl_prints_value, { PRINTED("payload: h"), TYPED("x"), PRINTED("ello\n") }, 'p', NULL,
		NULL },
	{ wl_prints_value, { PRINTED("payload: hello2\n") }, 'f', "payload: \"hello\"",
		"\"payload: hello2\"" },
	{ wl_prints_value, { TYPED("payload: hello\n") }, 'f', "payload: \"hello\"",
		"It printed nothing." },
	{ wl_prints_value, { PRINTED("payload: hell\n"), ENDED(SIGSEGV) }, 'f',
		"payload: \"hello\"",
		"It was killed by signal 11" },
	{ wl_prints_value, { ENDED(EXIT(3)) }, 'f', "payload: \"hello\"", "exit status 3" },

	{ wl_ends_itself, { ENDED(EXIT(0)) }, 'p', NULL, NULL },
	{ wl_ends_itself, { ENDED(EXIT(3)) }, 'p', NULL, NULL },
	{ wl_ends_itself, { PRINTED(TRACEBACK), ENDED(EXIT(0)) }, 'p', NULL, NULL },
	{ wl_ends_itself, { PRINTED(TRACEBACK), ENDED(EXIT(1)) }, 'f',
		"ends by itself, without an error",
		"It ended with exit status 1. Its last line: \"OSError: no\"" },
	{ wl_ends_itself, { ENDED(SIGKILL) }, 'f', "without an error", "killed by signal 9" },
	{ wl_ends_itself, { { WL_EVENT_LIMIT, 0, "output" } }, 'f', "without an error",
		"used too much: output" },
	{ wl_ends_itself, { { WL_EVENT_STOPPED, 0, "" } }, 'f', "the program ends by itself",
		"It went on running and had to be stopped." },
	{ wl_ends_itself,
		{ { WL_EVENT_UNENDED, 0, "reads its terminal" }, { WL_EVENT_STOPPED, 0, "" } }, 'f',
		"the program ends by itself", "(it reads its terminal)" },

	{ wl_ends_by_key, { TYPED("\x03"), ENDED(SIGINT) }, 'p', NULL, NULL },
	{ wl_ends_by_key, { TYPED("\x03"), PRINTED(TRACEBACK), ENDED(EXIT(1)) }, 'p', NULL, NULL },
	{ wl_ends_by_key, { TYPED("\x03"), { WL_EVENT_STOPPED, 0, "" } }, 'f', "ends by itself",
		"had to be stopped" },
	{ wl_ends_by_key, { ENDED(EXIT(0)) }, 'f', "runs until the key is pressed",
		"exit status 0" },
	{ wl_ends_by_key, { { WL_EVENT_STOPPED, 0, "" } }, 'f', "runs until the key is pressed",
		"It was not running." },
};

static const struct wl_check common = { .actor = "program", .value = "$text", .label = "payload:" };

static void make(struct made *made, const struct happening *log)
{
	made_up(made, "udp_echo", "by_hand");
	made_value(made, "text", "hello");
	made_performer(made, "bystander", "near", true);
	made_performer(made, "program", "near", true);
	for (; log->kind; log++)
		made_event(made, 1, log->kind, log->number, log->text);
}

static void logs_are_judged(void)
{
	struct made made;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct wl_check check = common;

		check.verb = rows[i].verb;
		make(&made, rows[i].log);
		CU_ASSERT_EQUAL(made_letter(&made, &check), rows[i].verdict);
		if (made_letter(&made, &check) != rows[i].verdict)
			fprintf(stderr, "row %zu: %s\n", i, made_judge(&made, &check).actual);
		if (rows[i].expected)
			CU_ASSERT_TRUE(made_fails(&made, &check, 0, rows[i].expected,
				rows[i].actual));
		made_down(&made);
	}
}

/* What another program printed, typed or suffered is nobody else's. */
static void others_do_not_count(void)
{
	static const struct happening nothing[] = { { 0 } };
	static wl_verb *const verbs[] = { wl_prompts, wl_prints_value, wl_ends_itself,
		wl_ends_by_key };
	struct made made;

	make(&made, nothing);
	made_event(&made, 0, WL_EVENT_PRINTED, 0, "payload: hello\n");
	made_event(&made, 0, WL_EVENT_TYPED, 0, "\x03");
	made_event(&made, 0, WL_EVENT_ENDED, 0, "");
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
		struct wl_check check = common;

		check.verb = verbs[i];
		CU_ASSERT_EQUAL(made_letter(&made, &check), 'f');
		check.actor = "nobody"; /* never started: not the program's fault */
		CU_ASSERT_EQUAL(made_letter(&made, &check), 'x');
	}
	made_down(&made);
}

static void an_unknown_value_is_our_fault(void)
{
	static const struct happening log[] = { PRINTED("payload: $tex\n"), { 0 } };
	struct wl_check check = common;
	struct made made;

	make(&made, log);
	check.verb = wl_prints_value;
	check.value = "$tex";
	CU_ASSERT_EQUAL(made_letter(&made, &check), 'x');
	check.value = "text"; /* a literal */
	CU_ASSERT_EQUAL(made_letter(&made, &check), 'f');
	made_down(&made);
}

/* The line that shows it is the label's, else the last one. */
static void failures_show_the_line(void)
{
	static const struct happening log[] = { PRINTED("a\npayload: hallo\nb\n"), { 0 } };
	static const struct happening bare[] = { PRINTED("a\nb\n\n"), { 0 } };
	struct wl_check check = common;
	struct made made;

	check.verb = wl_prints_value;
	make(&made, log);
	CU_ASSERT_STRING_EQUAL(made_judge(&made, &check).line, "\"payload: hallo\"");
	made_down(&made);
	make(&made, bare);
	CU_ASSERT_STRING_EQUAL(made_judge(&made, &check).line, "\"b\"");
	made_down(&made);
}

void suite_checks_life(void);
void suite_checks_life(void)
{
	test("logs are judged", logs_are_judged);
	test("others do not count", others_do_not_count);
	test("an unknown value is our fault", an_unknown_value_is_our_fault);
	test("failures show the line", failures_show_the_line);
}
