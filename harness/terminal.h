#pragma once
#include <stddef.h>

#include "harness/base/err.h"

/*
 * A new pseudo-terminal as a program of the course sees it: lines, Ctrl-C and Ctrl-D work, no echo,
 * no translation of what is printed, 24 rows of 200 columns. *MASTER does not block. Both are
 * closed on exec and neither becomes the caller's controlling terminal. Returns 0, or -1 with
 * nothing open.
 */
int terminal_open(int *master, int *slave, struct wl_err *err);

/*
 * Write LEN bytes to MASTER as if typed. Returns 0, or -1 when a line is longer than a terminal can
 * hold (4095 bytes), or when the program has left so much unread that the terminal takes no more
 * for TERMINAL_PATIENCE_MS.
 */
int terminal_type(int master, const void *bytes, size_t len, struct wl_err *err);

#define TERMINAL_LINE_MAX 4095 /* bytes before the newline; termios(3), canonical mode */
#define TERMINAL_PATIENCE_MS 2000
