#pragma once
#include "harness/base/err.h"

/*
 * A new descriptor (closed on exec, read from its start) with the system call filter of submitted
 * programs, as BPF instructions: what bubblewrap's --seccomp takes. The caller closes it. Returns
 * -1 and fills ERR when it cannot be made.
 */
int seccomp_filter(struct wl_err *err);
