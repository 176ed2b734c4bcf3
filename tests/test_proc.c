/*
 * The life of a program: ends are told rightly, limits hold, nothing stays.
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

static struct caged c;

static void ends_are_told(void)
{
	if (!can_stage())
		return;
	if (caged_shell(&c, "exit 7", (struct proc_spec){ 0 }))
		CU_ASSERT_TRUE(caged_ends(&c) && caged_exited(&c, 7) && !proc_broke(c.proc));
	caged_down(&c);
	if (caged_shell(&c, "kill -SEGV $$", (struct proc_spec){ 0 }))
		CU_ASSERT_TRUE(caged_ends(&c) && caged_killed(&c, SIGSEGV) && !proc_broke(c.proc));
	caged_down(&c);
}

static void what_cannot_run_is_said(void)
{
	static const char *const missing[] = { "./nothing", NULL };
	static const char *const data[] = { "./data", NULL };
	struct proc_spec spec = { .argv = missing };

	if (!can_stage())
		return;
	if (caged_up(&c, spec)) {
		CU_ASSERT_TRUE(caged_ends(&c) && caged_exited(&c, 127) && !proc_broke(c.proc));
		CU_ASSERT_PTR_NOT_NULL(strstr(c.said, "No such file"));
	}
	caged_down(&c);
	spec.argv = data;
	spec.folder = caged_folder("data", "\x7f" "ELF", 0644);
	if (caged_up(&c, spec)) {
		CU_ASSERT_TRUE(caged_ends(&c) && caged_exited(&c, 126) && !proc_broke(c.proc));
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
		CU_ASSERT_TRUE(caged_killed(&c, SIGKILL));
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
				     "for i in range(8):\n"
				     " if os.fork() == 0:\n"
				     "  b = bytearray(30 << 20); time.sleep(1000)\n"
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

static void many_processes_are_stopped(void)
{
	static const char script[] = "import os, time\n"
				     "for n in range(60):\n"
				     "  if os.fork() == 0: time.sleep(1000)\n"
				     "input()\n";
	const struct proc_spec spec = { .limits = { .processes = 64 } };
	size_t before = caged_processes();

	if (!can_stage())
		return;
	if (caged_python(&c, script, spec))
		CU_ASSERT_TRUE(caged_ends(&c));
	CU_ASSERT_EQUAL(proc_limit_hit(c.proc), PROC_PROCESSES);
	caged_down(&c);
	CU_ASSERT_EQUAL(caged_processes(), before);
}

/* One that does not die of its own success when it can fork no more: else it might be over before anybody looks. */
static void fork_bomb_is_gone(void)
{
	static const char script[] = "import os\n"
				     "while True:\n"
				     "  try: os.fork()\n"
				     "  except OSError: pass\n";
	const struct proc_spec spec = { .limits = { .processes = 64 } };
	size_t before = caged_processes();

	if (!can_stage())
		return;
	if (caged_python(&c, script, spec))
		CU_ASSERT_TRUE(caged_ends(&c));
	CU_ASSERT_TRUE(proc_limit_hit(c.proc) == PROC_PROCESSES || proc_limit_hit(c.proc) == PROC_CPU);
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
				     " if os.fork() == 0:\n"
				     "  print('daemon', flush=True); time.sleep(1000)\n"
				     " os._exit(0)\n"
				     "input()\n";
	size_t before = caged_processes();

	if (!can_stage())
		return;
	if (caged_python(&c, script, (struct proc_spec){ 0 })) {
		CU_ASSERT_TRUE(caged_hears(&c, "daemon"));
		caged_type(&c, "\n");
		CU_ASSERT_TRUE(caged_ends(&c));
		CU_ASSERT_TRUE(caged_exited(&c, 0));
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

void suite_proc(void);
void suite_proc(void)
{
	test("ends are told", ends_are_told);
	test("what cannot run is said", what_cannot_run_is_said);
	test("a cage that fails is our fault", cage_that_fails_is_our_fault);
	test("a start that fails leaves nothing", start_that_fails_leaves_nothing);
	test("a flood is cut", flood_is_cut);
	test("a memory hog is stopped", memory_hog_is_stopped);
	test("memory of children is summed", memory_of_children_is_summed);
	test("shared memory counts once", shared_memory_counts_once);
	test("processor time is limited", processor_time_is_limited);
	test("many processes are stopped", many_processes_are_stopped);
	test("a fork bomb is gone", fork_bomb_is_gone);
	test("an endless loop is stopped", endless_loop_is_stopped);
	test("daemons end with the program", daemons_end_with_the_program);
	test("stop at any moment leaves nothing", stop_at_any_moment_leaves_nothing);
	test("a killed cage is our fault", killed_cage_is_our_fault);
	test("a harness that is killed leaves nothing", harness_that_is_killed_leaves_nothing);
}
