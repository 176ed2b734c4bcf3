#pragma once
#include <unistd.h>

/*
 * End a forked child at once, without the parent's exit handlers. Coverage counters are written by such a handler, so the coverage
 * build dumps them first.
 */
#ifdef WL_COVERAGE
void __gcov_dump(void);
#define wl_leave(status) (__gcov_dump(), _exit(status))
#else
#define wl_leave(status) _exit(status)
#endif
