#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A process or a task as /proc/PID/stat shows it, see proc(5). */
struct task_stat {
	char state; /* 'R', 'S', 'D', 'Z' ... */
	pid_t session;
	uint64_t cpu_ns;         /* user and system; in steps of a clock tick */
	size_t tasks;            /* of the whole process */
	uint64_t resident_bytes; /* shared pages counted in full; of the whole process */
};

/*
 * Read the file /proc/... that FORMAT names into TEXT, at most SIZE - 1 bytes and a NUL byte.
 * Returns the number of bytes or -1.
 */
ssize_t proctree_read(char *text, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Of the task TID of the process PID, or of the process as a whole when TID is 0. Returns 0, or -1
 * when there is none.
 */
int proctree_stat(pid_t pid, pid_t tid, struct task_stat *stat);

/* The numbered entries of a folder of /proc ("/proc/7/task"), at most MOST. Returns how many. */
size_t proctree_numbers(const char *folder, pid_t *numbers, size_t most);

/* The children of all of PID's tasks, at most MOST. Returns how many. */
size_t proctree_children(pid_t pid, pid_t *children, size_t most);

/* The same of a process that has one task. */
size_t proctree_children_of_one(pid_t pid, pid_t *children, size_t most);

/* The children, their children and so on, parents first, without PID itself. */
size_t proctree_descendants(pid_t pid, pid_t *descendants, size_t most);

/*
 * Resident memory in bytes, a page that N processes share counted as 1/N in each; 0 when unknown.
 * Slow.
 */
uint64_t proctree_fair_share(pid_t pid);
