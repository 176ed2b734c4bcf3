#pragma once
#include <stdbool.h>
#include <sys/types.h>

#include "harness/base/err.h"

/*
 * The place where everything untrusted happens: a user namespace with its own mount, PID, network and IPC
 * namespaces and a private tmpfs. It dies as a whole when the process that made it dies, even by SIGKILL, and
 * leaves neither process nor mount nor file.
 */

struct enclave_plan {
	/*
	 * Brings in what is needed from outside. Runs with the rights of whoever started the program (root may still
	 * be root) and must not look into what it copies. ROOM is the private tmpfs. Returns 0 or -1.
	 */
	int (*gather)(void *context, const char *room, struct wl_err *err);
	/*
	 * The work. Runs as root of the enclave and as nobody outside (started by root) or as the user. Returns
	 * the exit status of the whole.
	 */
	int (*work)(void *context, const char *room);
	/*
	 * What the process outside does while the work goes on; returns when DONE (a descriptor) is readable.
	 * NULL: it only waits.
	 */
	void (*serve)(void *context, int done);
	void *context;
};

#define ENCLAVE_DIED (-2)

/*
 * Run PLAN. Returns the exit status of the work; or, with ERR filled, -1 when the enclave could not be made and
 * ENCLAVE_DIED when the work was killed or crashed. Must be called while the process has a single thread.
 */
int enclave_run(const struct enclave_plan *plan, struct wl_err *err);

/* True when enclave_run() was called by root (real or through sudo): the work is done without root. */
bool enclave_started_by_root(void);
