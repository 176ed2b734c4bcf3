/*
 * Programs on terminals: what is typed arrives, what is printed is read, Ctrl-C interrupts.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"
#include "tests/caged.h"
#include "tests/tests.h"

static const char say_lengths[] = "import sys\n"
				  "for line in sys.stdin:\n"
				  " print('got', len(line), line[:3], flush=True)\n";

static struct caged c;

static void terminal_is_plain(void)
{
	static const char script[] =
		"stty size; stty -a | grep -ow -e '-echo' -e '-opost' -e icanon -e isig | sort";

	if (!can_stage())
		return;
	if (caged_shell(&c, script, (struct proc_spec){ 0 }))
		CU_ASSERT_TRUE(caged_ends(&c));
	CU_ASSERT_STRING_EQUAL(c.said, "24 200\n-echo\n-opost\nicanon\nisig\n");
	caged_down(&c);
}

static void the_terminal_has_its_usual_names(void)
{
	if (!can_stage())
		return;
	if (caged_shell(&c, "for to in tty stdout stderr; do echo $to >/dev/$to; done", (struct proc_spec){ 0 }))
		CU_ASSERT_TRUE(caged_ends(&c));
	CU_ASSERT_STRING_EQUAL(c.said, "tty\nstdout\nstderr\n");
	caged_down(&c);
}

static void line_is_read_and_answered(void)
{
	if (!can_stage())
		return;
	if (caged_python(&c, "print('hello,', input('name? '))", (struct proc_spec){ 0 })) {
		CU_ASSERT_TRUE(caged_hears(&c, "name? "));
		caged_type(&c, "world\n");
		CU_ASSERT_TRUE(caged_ends(&c));
		CU_ASSERT_STRING_EQUAL(c.said, "name? hello, world\n"); /* no echo, no \r */
		CU_ASSERT_TRUE(caged_exited(&c, 0));
		CU_ASSERT_FALSE(proc_broke(c.proc));
	}
	caged_down(&c);
}

static void korean_goes_both_ways(void)
{
	if (!can_stage())
		return;
	if (caged_python(&c, "s = input('이름? '); print(s[::-1], len(s))",
		    (struct proc_spec){ 0 })) {
		CU_ASSERT_TRUE(caged_hears(&c, "이름? "));
		caged_type(&c, "안녕하세요\n");
		CU_ASSERT_TRUE(caged_ends(&c));
		CU_ASSERT_STRING_EQUAL(c.said, "이름? 요세하녕안 5\n");
	}
	caged_down(&c);
}

static void type_line_of(size_t len)
{
	char line[8192], answer[64];

	memset(line, 'x', len);
	line[len] = '\n';
	line[len + 1] = '\0';
	caged_type(&c, line);
	snprintf(answer, sizeof(answer), "got %zu xxx\n", len + 1);
	CU_ASSERT_TRUE(caged_hears(&c, answer));
}

static void long_lines_arrive_whole(void)
{
	char line[4097];
	struct wl_err err;

	if (!can_stage())
		return;
	if (caged_python(&c, say_lengths, (struct proc_spec){ 0 })) {
		type_line_of(1500);
		type_line_of(4000);
		type_line_of(4095);
		memset(line, 'x', sizeof(line));
		line[4096] = '\n';
		CU_ASSERT_EQUAL(proc_type(c.proc, line, sizeof(line), &err), -1);
		caged_type(&c, "\x04"); /* end of file */
		CU_ASSERT_TRUE(caged_ends(&c));
		CU_ASSERT_TRUE(caged_exited(&c, 0));
	}
	caged_down(&c);
}

/* A program that never reads must not hang the harness. */
static void typing_is_bounded(void)
{
	static char lines[1 << 20];
	struct wl_err err;

	if (!can_stage())
		return;
	memset(lines, '\n', sizeof(lines));
	if (caged_shell(&c, "echo up; exec sleep 1000", (struct proc_spec){ 0 })) {
		CU_ASSERT_TRUE(caged_hears(&c, "up"));
		CU_ASSERT_EQUAL(proc_type(c.proc, lines, sizeof(lines), &err), -1);
	}
	caged_down(&c);
}

static void control_c_interrupts_the_program(void)
{
	static const char script[] = "import sys\n"
				     "try: input('ready')\n"
				     "except KeyboardInterrupt: print('caught'); sys.exit(5)\n";

	if (!can_stage())
		return;
	signal(SIGINT, SIG_IGN); /* as in a background shell: must not be inherited */
	if (caged_python(&c, script, (struct proc_spec){ 0 })) {
		CU_ASSERT_TRUE(caged_reads(&c));
		caged_type(&c, "\x03");
		CU_ASSERT_TRUE(caged_ends(&c));
		CU_ASSERT_STRING_EQUAL(c.said, "readycaught\n");
		CU_ASSERT_TRUE(caged_exited(&c, 5));
	}
	caged_down(&c);
	signal(SIGINT, SIG_DFL);
}

static void uncaught_control_c_is_a_signal(void)
{
	if (!can_stage())
		return;
	if (caged_python(&c, "input('ready')", (struct proc_spec){ 0 })) {
		CU_ASSERT_TRUE(caged_reads(&c));
		caged_type(&c, "\x03");
		CU_ASSERT_TRUE(caged_ends(&c));
		CU_ASSERT_PTR_NOT_NULL(strstr(c.said, "KeyboardInterrupt"));
		CU_ASSERT_TRUE(caged_killed(&c, SIGINT));
		CU_ASSERT_FALSE(proc_broke(c.proc));
	}
	caged_down(&c);
}

static void control_c_keeps_what_was_printed(void)
{
	if (!can_stage())
		return;
	if (caged_python(&c, "input('a' * 5000 + 'ready')", (struct proc_spec){ 0 })) {
		uint64_t until_ns = wl_monotonic_ns() + CAGED_PATIENCE_S * 1000000000ull;
		struct proc_activity now = { 0 };

		while (!now.reads_terminal && wl_monotonic_ns() < until_ns) /* and nobody reads */
			proc_activity(c.proc, &now);
		caged_type(&c, "\x03");
		CU_ASSERT_TRUE(caged_ends(&c));
		CU_ASSERT_PTR_NOT_NULL(strstr(c.said, "aready"));
	}
	caged_down(&c);
}

void suite_terminal(void);
void suite_terminal(void)
{
	test("the terminal is plain", terminal_is_plain);
	test("the terminal has its usual names", the_terminal_has_its_usual_names);
	test("a line is read and answered", line_is_read_and_answered);
	test("Korean goes both ways", korean_goes_both_ways);
	test("long lines arrive whole", long_lines_arrive_whole);
	test("typing is bounded", typing_is_bounded);
	test("Ctrl-C interrupts the program", control_c_interrupts_the_program);
	test("uncaught Ctrl-C is a signal", uncaught_control_c_is_a_signal);
	test("Ctrl-C keeps what was printed", control_c_keeps_what_was_printed);
}
