#pragma once
#include <stdint.h>
#include <time.h>

/* Nanoseconds since the epoch, the clock that captures are stamped with. */
static inline uint64_t wl_wall_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Nanoseconds of the monotonic clock: for deadlines alone, never for a verdict. */
static inline uint64_t wl_monotonic_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}
