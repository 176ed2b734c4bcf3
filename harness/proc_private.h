#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "harness/proc.h"
#include "harness/proctree.h"

/* What proc.c and activity.c know of one program; see proc.h for what others may know. */
struct proc {
	pid_t bwrap;    /* bubblewrap's outer process, a child of ours and leader of a session */
	pid_t orphan;   /* 0, or the first process of its PID namespace, when that outlived bwrap */
	int pidfd;      /* of bwrap */
	int master;     /* our end of the terminal, non-blocking */
	int report;     /* what bwrap has to say: JSON, at the end the exit code */
	dev_t tty_dev;  /* the program's end of the terminal: device and inode number of its file */
	ino_t tty_ino;
	struct proc_limits limits; /* without zeros */
	enum proc_limit hit;
	size_t printed;          /* bytes that proc_read() took */
	uint64_t next_look_ns;     /* monotonic: what it uses is not looked at before */
	uint64_t next_weighing_ns; /* nor shared memory exactly */
	pid_t first;   /* 0, or the first process of its PID namespace, a child of bwrap */
	bool begun;    /* a child of the first process was seen to be the program */
	bool ended, broke;
	int status;
};

/* Note the first process and whether the program has begun, once they are there: neither changes then. */
void proc_note_start(struct proc *proc);

/* A living task of the program. */
struct proc_task {
	pid_t pid, tid;
	struct task_stat stat;
};

/* What to do with each task; true ends the round. */
typedef bool proc_task_look(const struct proc *proc, const struct proc_task *task, void *context);

/* Call LOOK for each living task, processes one after the other, parents first, until it returns true. Returns whether it did. */
bool proc_each_task(const struct proc *proc, proc_task_look *look, void *context);
