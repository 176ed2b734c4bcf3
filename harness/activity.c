/*
 * What the program is doing, read from /proc from outside; the program cannot tell that it is
 * looked at.
 *
 * Its processes are what descends from the first process of its PID namespace. That one is
 * bubblewrap's and is not counted; nor is a child of it that has not become the program yet, which
 * shows by the file it executes. A process that has ended and was not waited for does not count
 * either.
 *
 * No read is atomic with another. A task that was asleep in a call and woke up since may be told as
 * idle; who needs certainty compares the switches of two looks.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "harness/cage.h"
#include "harness/proc_private.h"
#include "harness/proctree.h"
#include "harness/waits.h"

#define MOST_PROCESSES 4096
#define MOST_TASKS 1024

/* A terminal or a socket among a process's descriptors. */
struct target {
	mode_t type;
	dev_t dev; /* of terminals */
	ino_t ino;
};

static bool same_file(const struct stat *one, const char *path)
{
	struct stat other;

	return stat(path, &other) == 0 && one->st_dev == other.st_dev
		&& one->st_ino == other.st_ino;
}

static bool not_yet_program(pid_t pid)
{
	struct stat executed;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	return stat(path, &executed) == 0
		&& (same_file(&executed, CAGE_BWRAP) || same_file(&executed, CAGE_SETSID));
}

void proc_note_start(struct proc *proc)
{
	pid_t pids[MOST_PROCESSES];
	size_t direct;

	if (!proc->first)
		proctree_children_of_one(proc->bwrap, &proc->first, 1);
	if (!proc->first || proc->begun)
		return;
	direct = proctree_children_of_one(proc->first, pids, MOST_PROCESSES);
	for (size_t i = 0; i < direct; i++)
		proc->begun = proc->begun || !not_yet_program(pids[i]);
}

/* The program's processes, parents first. */
static size_t processes(const struct proc *proc, pid_t *pids)
{
	size_t direct, kept = 0;
	pid_t first = proc->first;

	if (proc->ended || (!first && proctree_children_of_one(proc->bwrap, &first, 1) == 0))
		return 0;
	direct = proctree_children_of_one(first, pids, MOST_PROCESSES);
	for (size_t i = 0; i < direct; i++)
		if (proc->begun || !not_yet_program(pids[i]))
			pids[kept++] = pids[i];
	for (size_t i = 0; i < kept; i++)
		kept += proctree_children(pids[i], pids + kept, MOST_PROCESSES - kept);
	return kept;
}

static bool look_at_process(const struct proc *proc, pid_t pid, proc_task_look *look, void *context)
{
	pid_t tids[MOST_TASKS];
	char folder[64];
	size_t count;

	snprintf(folder, sizeof(folder), "/proc/%d/task", pid);
	count = proctree_numbers(folder, tids, MOST_TASKS);
	for (size_t i = 0; i < count; i++) {
		struct proc_task task = { .pid = pid, .tid = tids[i] };

		if (proctree_stat(pid, tids[i], &task.stat) < 0 || strchr("ZX", task.stat.state))
			continue;
		if (look(proc, &task, context))
			return true;
	}
	return false;
}

bool proc_each_task(const struct proc *proc, proc_task_look *look, void *context)
{
	pid_t pids[MOST_PROCESSES];
	size_t count = processes(proc, pids);

	for (size_t i = 0; i < count; i++)
		if (look_at_process(proc, pids[i], look, context))
			return true;
	return false;
}

static bool is_target(pid_t pid, int fd, const void *context)
{
	const struct target *target = context;
	struct stat file;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, fd);
	if (stat(path, &file) < 0 || (file.st_mode & S_IFMT) != target->type)
		return false;
	if (target->type == S_IFSOCK)
		return file.st_ino == target->ino;
	return file.st_rdev == makedev(5, 0) /* /dev/tty */
		|| (file.st_dev == target->dev && file.st_ino == target->ino);
}

static void add_clocks(struct proc_activity *sum, const struct proc_task *task)
{
	unsigned long long ran_ns, waited_ns;
	char text[128];

	if (proctree_read(text, sizeof(text), "/proc/%d/task/%d/schedstat", task->pid, task->tid)
			> 0
		&& sscanf(text, "%llu %llu", &ran_ns, &waited_ns) == 2) {
		sum->cpu_ns += ran_ns;
		sum->run_delay_ns += waited_ns;
	} else {
		sum->cpu_ns += task->stat.cpu_ns;
	}
}

static void add_switches(struct proc_activity *sum, const struct proc_task *task)
{
	unsigned long long voluntary = 0, others = 0;
	char text[4096];
	const char *line;

	if (proctree_read(text, sizeof(text), "/proc/%d/task/%d/status", task->pid, task->tid) < 0)
		return;
	if ((line = strstr(text, "\nvoluntary_ctxt_switches:")))
		sscanf(line, "\nvoluntary_ctxt_switches: %llu", &voluntary);
	if ((line = strstr(text, "\nnonvoluntary_ctxt_switches:")))
		sscanf(line, "\nnonvoluntary_ctxt_switches: %llu", &others);
	sum->switches += voluntary + others;
	sum->sleeps += voluntary;
}

static bool add_task(const struct proc *proc, const struct proc_task *task, void *context)
{
	const struct target terminal = { S_IFCHR, proc->tty_dev, proc->tty_ino };
	struct proc_activity *sum = context;
	struct task_call call;

	sum->tasks++;
	add_clocks(sum, task);
	add_switches(sum, task);
	if (task->stat.state == 'R')
		sum->computing = true;
	if (task->stat.state != 'S') {
		sum->idle = false;
		return false;
	}
	waits_read(&call, task->pid, task->tid);
	sum->idle = sum->idle && waits_endless(&call);
	if (call.readable && waits_for_input(&call, task->pid, is_target, &terminal))
		sum->reads_terminal = true;
	return false;
}

void proc_activity(const struct proc *proc, struct proc_activity *activity)
{
	*activity = (struct proc_activity){ .idle = true };
	proc_each_task(proc, add_task, activity);
	activity->idle = activity->idle && activity->tasks > 0;
}

static bool receives(const struct proc *proc, const struct proc_task *task, void *context)
{
	struct task_call call;

	(void)proc;
	if (task->stat.state != 'S')
		return false;
	waits_read(&call, task->pid, task->tid);
	return waits_for_input(&call, task->pid, is_target, context);
}

bool proc_receives_on(const struct proc *proc, uint64_t inode)
{
	struct target socket = { .type = S_IFSOCK, .ino = inode };

	return proc_each_task(proc, receives, &socket);
}

static bool process_holds(pid_t pid, const struct target *target)
{
	char folder[64];
	int fds[MOST_TASKS];
	size_t count;

	snprintf(folder, sizeof(folder), "/proc/%d/fd", pid);
	count = proctree_numbers(folder, fds, MOST_TASKS);
	for (size_t i = 0; i < count; i++)
		if (is_target(pid, fds[i], target))
			return true;
	return false;
}

bool proc_holds(const struct proc *proc, uint64_t inode)
{
	const struct target socket = { .type = S_IFSOCK, .ino = inode };
	pid_t pids[MOST_PROCESSES];
	size_t count = processes(proc, pids);

	for (size_t i = 0; i < count; i++)
		if (process_holds(pids[i], &socket))
			return true;
	return false;
}
