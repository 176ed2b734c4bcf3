/*
 * Programs on terminals: what is typed arrives, what is printed is read, ends are told rightly, limits hold, nothing stays.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/proctree.h"
#include "tests/caged.h"
#include "tests/tests.h"

#define FORMAT_LENGTH "import sys\nfor line in sys.stdin:\n print('got', len(line), line[:3], flush=True)\n"

static struct caged c;

static bool exited(int code)
{
	return c.ended && WIFEXITED(c.status) && WEXITSTATUS(c.status) == code;
}

static bool killed(int number)
{
	return c.ended && WIFSIGNALED(c.status) && WTERMSIG(c.status) == number;
}

/* Python forgets an interrupt that comes between its prompt and its read: wait for the read. */
static bool reads(void)
{
	struct proc_activity now;

	return caged_until(&c, (proc_activity(c.proc, &now), now.reads_terminal));
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
		CU_ASSERT_TRUE(exited(0));
		CU_ASSERT_FALSE(proc_broke(c.proc));
	}
	caged_down(&c);
}

static void korean_goes_both_ways(void)
{
	if (!can_stage())
		return;
	if (caged_python(&c, "s = input('이름? '); print(s[::-1], len(s))", (struct proc_spec){ 0 })) {
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
	if (caged_python(&c, FORMAT_LENGTH, (struct proc_spec){ 0 })) {
		type_line_of(1500);
		type_line_of(4000);
		type_line_of(4095);
		memset(line, 'x', sizeof(line));
		line[4096] = '\n';
		CU_ASSERT_EQUAL(proc_type(c.proc, line, sizeof(line), &err), -1);
		caged_type(&c, "\x04"); /* end of file */
		CU_ASSERT_TRUE(caged_ends(&c));
		CU_ASSERT_TRUE(exited(0));
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
		CU_ASSERT_TRUE(reads());
		caged_type(&c, "\x03");
		CU_ASSERT_TRUE(caged_ends(&c));
		CU_ASSERT_STRING_EQUAL(c.said, "readycaught\n");
		CU_ASSERT_TRUE(exited(5));
	}
	caged_down(&c);
	signal(SIGINT, SIG_DFL);
}

static void uncaught_control_c_is_a_signal(void)
{
	if (!can_stage())
		return;
	if (caged_python(&c, "input('ready')", (struct proc_spec){ 0 })) {
		CU_ASSERT_TRUE(reads());
		caged_type(&c, "\x03");
		CU_ASSERT_TRUE(caged_ends(&c));
		CU_ASSERT_PTR_NOT_NULL(strstr(c.said, "KeyboardInterrupt"));
		CU_ASSERT_TRUE(killed(SIGINT));
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

static void ends_are_told(void)
{
	if (!can_stage())
		return;
	if (caged_shell(&c, "exit 7", (struct proc_spec){ 0 }))
		CU_ASSERT_TRUE(caged_ends(&c) && exited(7) && !proc_broke(c.proc));
	caged_down(&c);
	if (caged_shell(&c, "kill -SEGV $$", (struct proc_spec){ 0 }))
		CU_ASSERT_TRUE(caged_ends(&c) && killed(SIGSEGV) && !proc_broke(c.proc));
	caged_down(&c);
}

static void what_cannot_run_is_said(void)
{
	static const char *const missing[] = { "./nothing", NULL }, *const data[] = { "./data", NULL };
	struct proc_spec spec = { .argv = missing };

	if (!can_stage())
		return;
	if (caged_up(&c, spec)) {
		CU_ASSERT_TRUE(caged_ends(&c) && exited(127) && !proc_broke(c.proc));
		CU_ASSERT_PTR_NOT_NULL(strstr(c.said, "No such file"));
	}
	caged_down(&c);
	spec.argv = data;
	spec.folder = caged_folder("data", "\x7f" "ELF", 0644);
	if (caged_up(&c, spec)) {
		CU_ASSERT_TRUE(caged_ends(&c) && exited(126) && !proc_broke(c.proc));
		CU_ASSERT_PTR_NOT_NULL(strstr(c.said, "Permission denied"));
	}
	caged_down(&c);
}

static void cage_that_fails_is_our_fault(void)
{
	static const char *const argv[] = { "true", NULL };
	const struct proc_spec spec = { .argv = argv, .writable = true, .subfolder = "missing" };

	if (!can_stage())
		return;
	if (caged_up(&c, spec)) {
		CU_ASSERT_TRUE(caged_ends(&c));
		CU_ASSERT_TRUE(proc_broke(c.proc));
		CU_ASSERT_PTR_NOT_NULL(strstr(c.said, "bwrap:"));
	}
	caged_down(&c);
}

static void start_that_fails_leaves_nothing(void)
{
	static const char *const argv[] = { "true", NULL };
	struct proc_spec spec = { .argv = argv, .folder = "/nonexistent", .subfolder = "" };
	size_t descriptors = caged_descriptors();
	struct wl_err err = { "" };
	struct proc *proc;

	if (!can_stage())
		return;
	CU_ASSERT_EQUAL(proc_start(&proc, &spec, &err), -1);
	CU_ASSERT_PTR_NULL(proc);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "/nonexistent"));
	CU_ASSERT_EQUAL(caged_descriptors(), descriptors);
	proc_stop(NULL);
}

static void flood_is_cut(void)
{
	const struct proc_spec spec = { .limits = { .output_bytes = 100000 } };

	if (!can_stage())
		return;
	if (caged_shell(&c, "yes", spec)) {
		CU_ASSERT_TRUE(caged_ends(&c));
		CU_ASSERT_EQUAL(c.len, 100000);
		CU_ASSERT_EQUAL(proc_limit_hit(c.proc), PROC_OUTPUT);
		CU_ASSERT_TRUE(killed(SIGKILL));
		CU_ASSERT_FALSE(proc_broke(c.proc));
	}
	caged_down(&c);
}

static void memory_hog_is_stopped(void)
{
	const struct proc_spec spec = { .limits = { .memory_bytes = 64 << 20 } };

	if (!can_stage())
		return;
	if (caged_python(&c, "import time\nb = bytearray(200 << 20)\ntime.sleep(1000)", spec)) {
		CU_ASSERT_TRUE(caged_ends(&c));
		CU_ASSERT_EQUAL(proc_limit_hit(c.proc), PROC_MEMORY);
	}
	caged_down(&c);
}

static void memory_of_children_is_summed(void)
{
	static const char script[] = "import os, time\n"
				     "for i in range(8): os.fork() or (bytearray(30 << 20), time.sleep(1000))\n"
				     "b = 'x'\n"
				     "time.sleep(1000)\n";
	const struct proc_spec spec = { .limits = { .memory_bytes = 100 << 20 } };

	if (!can_stage())
		return;
	if (caged_python(&c, script, spec)) {
		CU_ASSERT_TRUE(caged_ends(&c) || c.ended);
		CU_ASSERT_EQUAL(proc_limit_hit(c.proc), PROC_MEMORY);
	}
	caged_down(&c);
}

/* A forking server's children share its pages: 8 times 30 MB resident, but far from 240 MB. */
static void shared_memory_counts_once(void)
{
	static const char script[] = "import os, time\n"
				     "b = bytearray(30 << 20)\n"
				     "for i in range(8): os.fork() or time.sleep(1000)\n"
				     "print('forked', flush=True)\n"
				     "time.sleep(1000)\n";
	const struct proc_spec spec = { .limits = { .memory_bytes = 120 << 20 } };
	uint64_t until_ns;

	if (!can_stage())
		return;
	if (caged_python(&c, script, spec)) {
		CU_ASSERT_TRUE(caged_hears(&c, "forked"));
		until_ns = wl_monotonic_ns() + 500000000; /* several looks at it */
		while (wl_monotonic_ns() < until_ns)
			caged_turn(&c);
		CU_ASSERT_FALSE(c.ended);
		CU_ASSERT_EQUAL(proc_limit_hit(c.proc), PROC_NO_LIMIT);
	}
	caged_down(&c);
}

static void processor_time_is_limited(void)
{
	const struct proc_spec spec = { .limits = { .cpu_seconds = 1 } };

	if (!can_stage())
		return;
	if (caged_python(&c, "while True: pass", spec)) {
		CU_ASSERT_TRUE(caged_ends(&c));
		CU_ASSERT_EQUAL(proc_limit_hit(c.proc), PROC_CPU);
	}
	caged_down(&c);
}

static void forking_stops_at_the_limit(void)
{
	static const char script[] = "import os, time\nn = 0\n"
				     "try:\n"
				     " while n < 500:\n"
				     "  if os.fork() == 0: time.sleep(1000)\n"
				     "  n += 1\n"
				     "except OSError as e: print('stopped', n < 64, e.strerror)\n"
				     "input()\n";
	const struct proc_spec spec = { .limits = { .processes = 64 } };
	size_t before = caged_processes();

	if (!can_stage())
		return;
	if (caged_python(&c, script, spec))
		CU_ASSERT_TRUE(caged_hears(&c, "stopped True Resource temporarily unavailable"));
	caged_down(&c);
	CU_ASSERT_EQUAL(caged_processes(), before);
}

static void fork_bomb_is_gone(void)
{
	const struct proc_spec spec = { .limits = { .processes = 64, .output_bytes = 10000 } };
	size_t before = caged_processes();

	if (!can_stage())
		return;
	if (caged_shell(&c, "b() { b | b & }; b; sleep 1000", spec))
		CU_ASSERT_TRUE(caged_hears(&c, "Cannot fork"));
	caged_down(&c);
	CU_ASSERT_EQUAL(caged_processes(), before);
}

static void endless_loop_is_stopped(void)
{
	static const char script[] = "import signal\nfor s in range(1, 32):\n"
				     " if s not in (9, 19): signal.signal(s, signal.SIG_IGN)\n"
				     "print('up', flush=True)\nwhile True: pass\n";
	size_t before = caged_processes();

	if (!can_stage())
		return;
	if (caged_python(&c, script, (struct proc_spec){ 0 }))
		CU_ASSERT_TRUE(caged_hears(&c, "up"));
	caged_down(&c);
	CU_ASSERT_EQUAL(caged_processes(), before);
}

static void daemons_end_with_the_program(void)
{
	static const char script[] = "import os, signal, time\n"
				     "if os.fork() == 0:\n"
				     " os.setsid()\n"
				     " signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
				     " if os.fork() == 0: print('daemon', flush=True); time.sleep(1000)\n"
				     " os._exit(0)\n"
				     "input()\n";
	size_t before = caged_processes();

	if (!can_stage())
		return;
	if (caged_python(&c, script, (struct proc_spec){ 0 })) {
		CU_ASSERT_TRUE(caged_hears(&c, "daemon"));
		caged_type(&c, "\n");
		CU_ASSERT_TRUE(caged_ends(&c));
		CU_ASSERT_TRUE(exited(0));
	}
	caged_down(&c);
	CU_ASSERT_EQUAL(caged_processes(), before);
}

static void stop_at_any_moment_leaves_nothing(void)
{
	size_t processes = caged_processes(), descriptors = caged_descriptors();

	if (!can_stage())
		return;
	for (int i = 0; i < 50; i++) {
		if (caged_shell(&c, "sleep 1000", (struct proc_spec){ 0 }))
			for (int turns = 0; turns < i % 5; turns++)
				proc_tend(c.proc, NULL);
		caged_down(&c);
	}
	CU_ASSERT_EQUAL(caged_processes(), processes);
	CU_ASSERT_EQUAL(caged_descriptors(), descriptors);
	CU_ASSERT_EQUAL(waitpid(-1, NULL, WNOHANG), -1); /* no zombie either */
}

static void killed_cage_is_our_fault(void)
{
	size_t before = caged_processes();
	pid_t children[16];

	if (!can_stage())
		return;
	if (caged_shell(&c, "echo up; sleep 1000", (struct proc_spec){ 0 })) {
		CU_ASSERT_TRUE(caged_hears(&c, "up"));
		CU_ASSERT_EQUAL(proctree_children(getpid(), children, 16), 1);
		kill(children[0], SIGKILL);
		CU_ASSERT_TRUE(caged_ends(&c));
		CU_ASSERT_TRUE(proc_broke(c.proc));
	}
	caged_down(&c);
	CU_ASSERT_EQUAL(caged_processes(), before);
	CU_ASSERT_EQUAL(waitpid(-1, NULL, WNOHANG), -1);
}

static void harness_that_is_killed_leaves_nothing(void)
{
	uint64_t deadline = wl_monotonic_ns() + CAGED_PATIENCE_S * 1000000000ull;
	size_t before = caged_processes();
	pid_t child;

	if (!can_stage())
		return;
	child = fork();
	if (child == 0) {
		if (caged_shell(&c, "echo up; sleep 1000", (struct proc_spec){ 0 }))
			caged_hears(&c, "up");
		kill(getpid(), SIGKILL);
	}
	waitpid(child, NULL, 0);
	while (caged_processes() > before && wl_monotonic_ns() < deadline)
		waitpid(-1, NULL, WNOHANG);
	CU_ASSERT_EQUAL(caged_processes(), before);
	while (waitpid(-1, NULL, 0) > 0)
		;
}

void suite_proc(void)
{
	test("a line is read and answered", line_is_read_and_answered);
	test("Korean goes both ways", korean_goes_both_ways);
	test("long lines arrive whole", long_lines_arrive_whole);
	test("typing is bounded", typing_is_bounded);
	test("Ctrl-C interrupts the program", control_c_interrupts_the_program);
	test("uncaught Ctrl-C is a signal", uncaught_control_c_is_a_signal);
	test("Ctrl-C keeps what was printed", control_c_keeps_what_was_printed);
	test("ends are told", ends_are_told);
	test("what cannot run is said", what_cannot_run_is_said);
	test("a cage that fails is our fault", cage_that_fails_is_our_fault);
	test("a start that fails leaves nothing", start_that_fails_leaves_nothing);
	test("a flood is cut", flood_is_cut);
	test("a memory hog is stopped", memory_hog_is_stopped);
	test("memory of children is summed", memory_of_children_is_summed);
	test("shared memory counts once", shared_memory_counts_once);
	test("processor time is limited", processor_time_is_limited);
	test("forking stops at the limit", forking_stops_at_the_limit);
	test("a fork bomb is gone", fork_bomb_is_gone);
	test("an endless loop is stopped", endless_loop_is_stopped);
	test("daemons end with the program", daemons_end_with_the_program);
	test("stop at any moment leaves nothing", stop_at_any_moment_leaves_nothing);
	test("a killed cage is our fault", killed_cage_is_our_fault);
	test("a harness that is killed leaves nothing", harness_that_is_killed_leaves_nothing);
}
