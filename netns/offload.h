#pragma once
#include <stdbool.h>

#include "harness/base/err.h"

/*
 * Make INTERFACE send what it was given: no merging and no splitting of segments and, unless
 * KEEP_CHECKSUM, no checksum left for a later hand to fill in. SOCKET: any socket that was opened
 * in the interface's network namespace. Returns 0 or -1.
 */
int offload_stop(int socket, const char *interface, bool keep_checksum, struct wl_err *err);
