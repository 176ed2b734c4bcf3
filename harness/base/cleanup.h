#pragma once
#include <stdio.h>
#include <unistd.h>

/*
 * One cleanup rule per kind: a local descriptor or stream carries one of these attributes and is closed
 * when its block ends; an object has x_up()/x_down(); run data lives in an arena.
 */
static inline void wl_close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void wl_close_file(FILE **file)
{
	if (*file)
		fclose(*file);
}

/* Hand the descriptor on: the local variable forgets it. */
static inline int wl_steal_fd(int *fd)
{
	int stolen = *fd;

	*fd = -1;
	return stolen;
}

#define wl_auto_fd __attribute__((cleanup(wl_close_fd)))
#define wl_auto_file __attribute__((cleanup(wl_close_file)))
