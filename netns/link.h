#pragma once
#include "harness/base/err.h"
#include "netns/batch.h"
#include "netns/plan.h"

/*
 * Orders for interfaces, added to a batch. Interfaces are named by their index in the batch's
 * namespace.
 */

/*
 * A bridge that passes every frame on to all other ports: it learns nothing and looks into no
 * group. Down.
 */
void link_add_bridge(struct batch *wire, const struct plan_lan *lan);

/*
 * A veth: its wire end a port of the LAN's bridge, the other in the network namespace HOST_NETNS.
 * Both down.
 */
void link_add_cable(struct batch *wire, const struct plan_cable *cable, const struct plan_lan *lan,
	int host_netns);

/*
 * No IPv6 link-local address, and so no IPv6 frame of the kernel's own. To be ordered before the
 * interface is up.
 */
void link_silence_ipv6(struct batch *batch, unsigned int ifindex);

void link_raise_bridge(struct batch *wire, const struct plan_lan *lan);
void link_raise_wire_end(struct batch *wire, const struct plan_cable *cable);
void link_raise_host_end(
	struct batch *host, const struct plan_cable *cable, const struct plan_host *owner);
void link_raise_lo(struct batch *host);

/*
 * Send what the batch holds and wait until these interfaces have their carrier, and what hangs on
 * it (queue, bridge port) is in place. Both ends of each cable must have been raised, the other
 * end's batch sent. Returns 0 or -1.
 */
int link_settle(
	struct batch *batch, const unsigned int *ifindexes, size_t count, struct wl_err *err);
