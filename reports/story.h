#pragma once
#include <stdio.h>

#include "harness/grade.h"

/*
 * What happened in a performance, in the order of time: what was started, typed and printed, the frames as they left their
 * hosts, and how programs ended. At most MOST lines around frame number FRAME, which is marked; 0: from the
 * beginning and the end.
 */
void story_tell(FILE *out, const struct wl_observation *seen, uint32_t frame, size_t most,
	const char *indent);
