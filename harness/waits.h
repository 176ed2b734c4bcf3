#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The system call in which a task sleeps, as /proc/PID/task/TID/syscall shows it, see proc(5). */
struct task_call {
	bool readable;  /* false: the machine does not show it; nothing else is filled then */
	long number;    /* SYS_..., or -1: in none */
	uint64_t arguments[6];
};

/* Read it. */
void waits_read(struct task_call *call, pid_t pid, pid_t tid);

/*
 * True if CALL waits for input, for a peer, for another task or for a signal, and has no timeout. A
 * timeout of the socket itself (SO_RCVTIMEO) cannot be seen. An unreadable call counts as such a
 * wait.
 */
bool waits_endless(const struct task_call *call);

#define WAITS_MOST 1024

/*
 * The descriptors of the process PID on which CALL waits for input, at FDS, which has room for WAITS_MOST. Returns how many, or -1 when
 * they cannot be read.
 */
int waits_descriptors(const struct task_call *call, pid_t pid, int *fds);

/*
 * True if CALL waits for input on a descriptor of the process PID for which WANTED returns true,
 * with a timeout or without. The sets of poll, select and epoll are read from the process; what
 * cannot be read is taken to be all its descriptors.
 */
bool waits_for_input(const struct task_call *call, pid_t pid,
	bool (*wanted)(pid_t pid, int fd, const void *context), const void *context);
