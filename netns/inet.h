#pragma once
#include "netns/batch.h"
#include "netns/plan.h"

/*
 * Orders for the IPv4 of a host, added to its batch; the interfaces concerned must be up by then.
 */

void inet_add_address(struct batch *host, const struct plan_cable *cable);

/*
 * Make CABLE's host know that KNOWN, on the same LAN, is at its MAC: for ever and without asking.
 */
void inet_add_neighbour(
	struct batch *host, const struct plan_cable *cable, const struct plan_cable *known);

void inet_add_route(struct batch *host, const struct plan_route *route);
