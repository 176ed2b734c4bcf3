#pragma once
#include <stdint.h>

#include "harness/observation.h"

/*
 * How long, in milliseconds, a play should wait for the end of a program that is known not to end: long enough that it can do
 * what PERFORMER did in SEEN while its end was waited for. 0: nobody waited for it in vain.
 */
unsigned int lingering_ms(const struct wl_observation *seen, uint32_t performer);
