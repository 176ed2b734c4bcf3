/*
 * A program's life: harness -> bwrap -> bwrap's own first process of the new PID namespace ->
 * setsid -> program. The last two are one process: setsid(1) makes a session, takes the terminal
 * and becomes the program.
 *
 * Ending is the hard part. Killing the namespace's first process kills everything in it, but
 * bubblewrap may die before that process has asked to die with it. Such an orphan becomes our child
 * (we are a subreaper) and is known by its session, whose number is the pid of bubblewrap; that
 * number cannot be used again while we have not waited for bubblewrap. So the orphan is looked for
 * first and bubblewrap reaped afterwards.
 *
 * Bubblewrap tells by its JSON report whether the program's own exit code is what it exits with.
 * When the report lacks it, the cage did not come up: our fault or the machine's, never the
 * program's.
 */
#include "harness/proc.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/clock.h"
#include "harness/proc_private.h"
#include "harness/proctree.h"
#include "harness/terminal.h"

#define MOST_PROCESSES 4096
#define GRACE_MS 5000             /* for the kernel to take killed processes down */
#define LOOK_NS 20000000ull       /* between looks at what a program uses */
#define WEIGHING_NS 100000000ull  /* between exact looks at shared memory */

int proc_terminal(const struct proc *proc)
{
	return proc->master;
}

int proc_pidfd(const struct proc *proc)
{
	return proc->pidfd;
}

/* Kill what there is to be killed by now; end() does the rest. */
static void kill_all(struct proc *proc)
{
	pid_t first;

	if (proc->orphan)
		kill(proc->orphan, SIGKILL);
	if (proc->ended || !proc->bwrap)
		return;
	if (proctree_children(proc->bwrap, &first, 1) == 1)
		kill(first, SIGKILL);
	kill(proc->bwrap, SIGKILL);
}

static void breach(struct proc *proc, enum proc_limit limit)
{
	if (proc->hit == PROC_NO_LIMIT)
		proc->hit = limit;
	kill_all(proc);
}

ssize_t proc_read(struct proc *proc, void *buffer, size_t size)
{
	size_t left = proc->limits.output_bytes - proc->printed;
	ssize_t got;

	if (left == 0)
		return -1;
	got = read(proc->master, buffer, size < left ? size : left);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (got <= 0)
		return -1;
	proc->printed += (size_t)got;
	if ((size_t)got == left)
		breach(proc, PROC_OUTPUT);
	return got;
}

int proc_type(struct proc *proc, const void *bytes, size_t len, struct wl_err *err)
{
	return terminal_type(proc->master, bytes, len, err);
}

/*
 * A forking server's processes share most of their pages: what looks too much is weighed exactly,
 * now and then.
 */
static bool too_much_memory(struct proc *proc, const pid_t *pids, size_t count, uint64_t resident)
{
	uint64_t fair = 0, now = wl_monotonic_ns();

	if (resident <= proc->limits.memory_bytes || now < proc->next_weighing_ns)
		return false;
	proc->next_weighing_ns = now + WEIGHING_NS;
	for (size_t i = 0; i < count; i++)
		fair += proctree_fair_share(pids[i]);
	return fair == 0 || fair > proc->limits.memory_bytes;
}

static void weigh(struct proc *proc)
{
	pid_t pids[MOST_PROCESSES];
	size_t count = proctree_descendants(proc->bwrap, pids, MOST_PROCESSES);
	uint64_t resident = 0, cpu_ns = 0;
	size_t tasks = 0;
	struct task_stat stat;

	for (size_t i = 0; i < count; i++) {
		if (proctree_stat(pids[i], 0, &stat) < 0)
			continue;
		resident += stat.resident_bytes;
		tasks += stat.tasks;
		cpu_ns = stat.cpu_ns > cpu_ns ? stat.cpu_ns : cpu_ns;
	}
	if (too_much_memory(proc, pids, count, resident))
		breach(proc, PROC_MEMORY);
	else if (cpu_ns > proc->limits.cpu_seconds * 1000000000ull)
		breach(proc, PROC_CPU);
	else if (tasks > proc->limits.processes * 4 / 5)
		breach(proc, PROC_PROCESSES);
}

/* Bubblewrap is a zombie: is there a child of ours in the session that it led? */
static void find_orphan(struct proc *proc)
{
	pid_t children[MOST_PROCESSES];
	size_t count = proctree_children(getpid(), children, MOST_PROCESSES);
	struct task_stat stat;

	for (size_t i = 0; i < count; i++)
		if (children[i] != proc->bwrap
			&& proctree_stat(children[i], 0, &stat) == 0
			&& stat.session == proc->bwrap)
			proc->orphan = children[i];
	if (proc->orphan)
		kill(proc->orphan, SIGKILL);
}

/* Bubblewrap's exit code for a program that a signal ended is 128 and the signal; undo that. */
static int own_status(int raw)
{
	int code = WIFEXITED(raw) ? WEXITSTATUS(raw) : 0;

	return code > 128 && code - 128 < NSIG ? code - 128 : raw;
}

static void read_report(struct proc *proc)
{
	char text[1024];
	ssize_t len = read(proc->report, text, sizeof(text) - 1);

	text[len > 0 ? len : 0] = '\0';
	proc->broke = proc->hit == PROC_NO_LIMIT && !strstr(text, "exit-code");
}

/* Returns true once bubblewrap has ended and was waited for. */
static bool reap(struct proc *proc)
{
	siginfo_t info = { 0 };
	int raw = 0;

	if (proc->ended || !proc->bwrap)
		return true;
	if (waitid(P_PID, (id_t)proc->bwrap, &info, WEXITED | WNOHANG | WNOWAIT) < 0) {
		proc->ended = proc->broke = errno == ECHILD; /* somebody else reaped it */
		return proc->ended;
	}
	if (info.si_pid == 0)
		return false;
	find_orphan(proc);
	waitpid(proc->bwrap, &raw, 0);
	proc->ended = true;
	proc->status = own_status(raw);
	read_report(proc);
	return true;
}

/* What it uses is looked at now and then. */
static void watch(struct proc *proc)
{
	uint64_t now = wl_monotonic_ns();

	if (now < proc->next_look_ns)
		return;
	proc->next_look_ns = now + LOOK_NS;
	proc_note_start(proc);
	weigh(proc);
}

bool proc_tend(struct proc *proc, int *status)
{
	if (!reap(proc)) {
		watch(proc);
		if (!reap(proc))
			return false;
	}
	if (status)
		*status = proc->status;
	return true;
}

enum proc_limit proc_limit_hit(const struct proc *proc)
{
	return proc->hit;
}

bool proc_broke(const struct proc *proc)
{
	return proc->broke;
}

/* Wait for the process behind PIDFD, which was killed, but not for ever. */
static void await(int pidfd)
{
	struct pollfd end = { .fd = pidfd, .events = POLLIN };

	while (pidfd >= 0 && poll(&end, 1, GRACE_MS) < 0 && errno == EINTR)
		;
}

static void end(struct proc *proc)
{
	kill_all(proc);
	if (proc->bwrap && !proc->ended) {
		await(proc->pidfd);
		reap(proc);
	}
	if (proc->orphan) {
		wl_auto_fd int pidfd = (int)syscall(SYS_pidfd_open, proc->orphan, 0);

		await(pidfd);
		waitpid(proc->orphan, NULL, WNOHANG);
	}
}

void proc_stop(struct proc *proc)
{
	if (!proc)
		return;
	end(proc);
	wl_close_fd(&proc->pidfd);
	wl_close_fd(&proc->report);
	wl_close_fd(&proc->master);
	free(proc);
}
