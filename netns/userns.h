#pragma once
#include <stdbool.h>
#include <sys/types.h>

#include "harness/base/err.h"

/*
 * Ids inside the harness's own user namespace: an ordinary user has one (0 is the user), a start
 * by root gives 100 (0 to 99 are 61000 to 61099 outside, ids that own nothing).
 */
#define USERNS_ROOT_FIRST_ID 61000
#define USERNS_ROOT_IDS 100

/*
 * Write the uid and gid maps of the process PID, which made a user namespace and waits. Called by
 * its parent in the namespace outside. UID and GID: whom id 0 is outside; COUNT: how many ids
 * follow. Returns 0 or -1.
 */
int userns_map(pid_t pid, uid_t uid, gid_t gid, unsigned int count, struct wl_err *err);

/*
 * How many ids the calling process's user namespace has (from /proc/self/uid_map); 0 when
 * unreadable.
 */
unsigned int userns_id_count(void);
