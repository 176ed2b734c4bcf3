#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "harness/base/arena.h"
#include "harness/base/err.h"
#include "netns/topo.h"

/*
 * One program on its own pseudo-terminal, in a cage (bubblewrap), on a host of a stage. The
 * harness's side holds the terminal's master end and a pidfd; both can be polled. Nothing of the
 * program outlives proc_stop() or the harness.
 *
 * Inside: an almost empty read-only root with /usr, a PID namespace, /sub (read-only: what was
 * handed in, or the folder of our own program), a small private /tmp that is the current folder and
 * the home and in which each entry of the program's folder (the first 200, and whatever an argument
 * names) appears as a symbolic link, environment LANG=C.UTF-8 TZ=UTC0 HOME=/tmp TERM=dumb PATH and
 * bubblewrap's PWD, all signal dispositions at their defaults, no echo and no newline translation
 * on the terminal.
 */

/* Why the harness stopped a program. */
enum proc_limit {
	PROC_NO_LIMIT, /* it did not */
	PROC_OUTPUT,   /* printed more than the cap */
	PROC_MEMORY,   /* resident memory of all its processes over the cap */
	PROC_CPU,      /* processor time over the cap */
	PROC_PROCESSES, /* more than four fifths of the cap on processes: stopped before it starves others */
};

struct proc_limits { /* 0 anywhere: the default */
	size_t output_bytes;        /* 1 MiB */
	size_t memory_bytes;        /* 512 MiB, resident, all processes together */
	unsigned int cpu_seconds;   /* 60, per process (RLIMIT_CPU) */
	unsigned int processes;     /* 160, threads count; stopped beyond 128 */
	size_t tmp_bytes;           /* 16 MiB */
	size_t file_bytes;          /* 16 MiB */
};

struct proc_spec {
	const struct topo *topo;
	size_t host;
	const char *const *argv;  /* as seen inside, ends with NULL; "./x" is taken from /tmp */
	const char *folder;       /* outside path of the folder that becomes /sub */
	const char *subfolder;    /* "" or "udp": its own; the entries are linked into /tmp */
	bool writable;            /* /sub can be written and is the current folder (building) */
	bool net_raw;             /* keeps CAP_NET_RAW */
	bool trusted;             /* a program of ours: no syscall filter, any address space */
	struct proc_limits limits;
};

struct proc;

/*
 * Start it. SPEC and what it points to are needed during the call alone. Returns 0 and *OUT (end
 * with proc_stop), or -1 when the cage could not be made: a program that cannot be executed is not
 * an error but one that ends with status 127 or 126, bubblewrap's words on its terminal.
 */
int proc_start(struct proc **out, const struct proc_spec *spec, struct wl_err *err);

/* Kill whatever is left of it, wait for it, free. NULL is fine. */
void proc_stop(struct proc *proc);

int proc_terminal(const struct proc *proc); /* master end, non-blocking; stays the proc's */
int proc_pidfd(const struct proc *proc);    /* readable once it has ended */

/*
 * Take what it has printed since the last call, at most SIZE bytes, into BUFFER. Returns the number
 * of bytes, 0 when there is nothing now, -1 when the terminal has been closed at its end and is
 * drained. Counts against the output cap.
 */
ssize_t proc_read(struct proc *proc, void *buffer, size_t size);

/*
 * Type LEN bytes on its terminal (a line ends with "\n"; "\x03" is Ctrl-C). Returns 0, or -1 when a
 * line is longer than 4095 bytes or when the program has left so much unread (some 64 KiB) that the
 * terminal takes no more for two seconds. Ctrl-C should wait for reads_terminal (below): a Python
 * program forgets one that comes between its prompt and its read.
 */
int proc_type(struct proc *proc, const void *bytes, size_t len, struct wl_err *err);

/*
 * Look after it: reap, and kill it when it is over a limit. To be called every 20 ms or so. Returns
 * true once it has ended; then *STATUS (may be NULL) is as of waitpid(2) for the program itself
 * (128 + n exit codes of the cage are turned back into signals).
 */
bool proc_tend(struct proc *proc, int *status);
enum proc_limit proc_limit_hit(const struct proc *proc);

/*
 * True once it has ended without having run: the cage failed (bubblewrap's words are on the
 * terminal), or something but the harness killed it. Our fault or the machine's, never the
 * program's.
 */
bool proc_broke(const struct proc *proc);

/* What its tasks are doing now, read from /proc. */
struct proc_activity {
	size_t tasks;  /* of the program itself; 0 before it runs or after it ended */
	bool idle;     /* every task sleeps in a call that waits for input without a timeout */
	bool reads_terminal;     /* one sleeps in read(2), poll(2) or their kin on its terminal */
	bool computing;          /* a task is running or ready to run */
	uint64_t cpu_ns;         /* processor time, all tasks so far alive */
	uint64_t run_delay_ns;   /* time ready to run without a processor, all tasks (schedstat) */
	uint64_t switches;       /* of its tasks, voluntary or not: a change shows that it ran */
	uint64_t sleeps;         /* ... voluntary alone: it went to wait for something */
};

void proc_activity(const struct proc *proc, struct proc_activity *activity);

/*
 * True if a task of it sleeps in a call that waits for input on the socket INODE: recvfrom,
 * recvmsg, read, accept and their kin on it, or poll, select, epoll and their kin with it in their
 * set, with a timeout or without. Where the machine does not show the call or the set, a process
 * that sleeps and holds the socket counts.
 */
bool proc_receives_on(const struct proc *proc, uint64_t inode);

/* True if a process of the program holds the socket INODE open. */
bool proc_holds(const struct proc *proc, uint64_t inode);
