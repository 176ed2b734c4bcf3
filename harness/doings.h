#pragma once
#include "harness/observation.h"
#include "harness/proc.h"

/* One thing that a task of a program waits for, or what else it does; see struct wl_seen_doing. */
struct doing {
	uint32_t process, task;
	enum wl_doing doing;
	enum wl_awaited on;
	char call[32];
	bool sends, limited;
	uint64_t inode; /* of the socket, or 0 */
	int protocol;   /* of the socket: IPPROTO_TCP, IPPROTO_UDP, or 0 for another; one that is bound to nothing stands in no list */
};

/*
 * What the tasks of PROC do now, at DOINGS, at most MOST: a row for each descriptor that is waited on, one for a task that waits on none, and, behind those of a process,
 * one for each other socket that it holds (WL_DOING_HOLDS).
 * The program does not notice. Returns how many, 0 when it has ended. Reads some four files of /proc for each task.
 */
size_t doings_look(const struct proc *proc, struct doing *doings, size_t most);
