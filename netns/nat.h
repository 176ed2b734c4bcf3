#pragma once
#include <stddef.h>

#include "harness/base/arena.h"
#include "harness/base/err.h"
#include "netns/plan.h"

/*
 * Lead the calls of host number HOST of PLAN as its leads say, by netfilter rules in its network
 * namespace NETNS. The calling thread's namespace is as before. ARENA: for the rules' text.
 * Returns 0 or -1.
 */
int nat_lead(const struct plan *plan, size_t host, int netns, struct wl_arena *arena,
	struct wl_err *err);
