/*
 * A stage is built in one order, which is the fastest that is known:
 *
 *   1. the wire, then each host's namespaces (namespace.c);
 *   2. one batch in the wire: bridges, cables with their far ends on the hosts, the near ends up;
 *   3. on each host: offloads off; one batch: lo, its ends of cables up, addresses, neighbours,
 *      routes; then NAT;
 *   4. one question for all ends in the wire: when it is answered, frames pass.
 *
 * Nothing is undone step by step: when the descriptors of the namespaces are closed, the kernel
 * drops all.
 */
#include "netns/topo.h"

#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/text.h"
#include "netns/batch.h"
#include "netns/inet.h"
#include "netns/link.h"
#include "netns/namespace.h"
#include "netns/nat.h"
#include "netns/offload.h"
#include "netns/plan.h"
#include "netns/userns.h"

struct topo {
	struct wl_arena *arena;
	struct plan plan;
	struct namespaces wire;
	struct namespaces *hosts; /* plan.host_count of them */
};

static int make_namespaces(struct topo *topo, struct wl_err *err)
{
	if (namespaces_make_wire(&topo->wire, err) < 0)
		return -1;
	for (size_t i = 0; i < topo->plan.host_count; i++) {
		const struct plan_host *host = &topo->plan.hosts[i];

		if (namespaces_make_host(&topo->hosts[i], host->name, host->id, err) < 0)
			return -1;
	}
	return 0;
}

static void order_wire(struct batch *wire, const struct topo *topo)
{
	const struct plan *plan = &topo->plan;

	for (size_t i = 0; i < plan->lan_count; i++) {
		link_add_bridge(wire, &plan->lans[i]);
		link_silence_ipv6(wire, plan->lans[i].ifindex);
		link_raise_bridge(wire, &plan->lans[i]);
	}
	for (size_t i = 0; i < plan->cable_count; i++) {
		const struct plan_cable *cable = &plan->cables[i];

		link_add_cable(wire, cable, &plan->lans[cable->lan], topo->hosts[cable->host].net);
		link_silence_ipv6(wire, cable->wire_ifindex);
		link_raise_wire_end(wire, cable);
	}
}

/* All others on CABLE's LAN. */
static void order_neighbours(
	struct batch *host, const struct plan *plan, const struct plan_cable *cable)
{
	for (size_t i = 0; i < plan->cable_count; i++) {
		const struct plan_cable *other = &plan->cables[i];

		if (other->lan == cable->lan && other->host != cable->host && other->addressed)
			inet_add_neighbour(host, cable, other);
	}
}

static void order_cable(struct batch *host, const struct plan *plan, const struct plan_cable *cable)
{
	link_silence_ipv6(host, cable->ifindex);
	link_raise_host_end(host, cable, &plan->hosts[cable->host]);
	if (cable->addressed)
		inet_add_address(host, cable);
	if (!plan->arp)
		order_neighbours(host, plan, cable);
}

/* Returns how many interfaces NUMBER has, their indexes in IFINDEXES. */
static size_t order_host(
	struct batch *host, const struct plan *plan, size_t number, unsigned int *ifindexes)
{
	size_t count = 0;

	link_raise_lo(host);
	for (size_t i = 0; i < plan->cable_count; i++) {
		if (plan->cables[i].host != number)
			continue;
		order_cable(host, plan, &plan->cables[i]);
		ifindexes[count++] = plan->cables[i].ifindex;
	}
	for (size_t i = 0; i < plan->route_count; i++)
		if (plan->routes[i].host == number)
			inet_add_route(host, &plan->routes[i]);
	return count;
}

static int stop_offloads(const struct plan *plan, size_t host, int socket, struct wl_err *err)
{
	for (size_t i = 0; i < plan->cable_count; i++)
		if (plan->cables[i].host == host &&
			offload_stop(socket, plan->cables[i].interface, false, err) < 0)
			return -1;
	return offload_stop(socket, "lo", true, err);
}

static int set_up_host(struct topo *topo, size_t number, struct wl_err *err)
{
	const struct plan *plan = &topo->plan;
	struct namespaces *spaces = &topo->hosts[number];
	unsigned int *ifindexes =
		wl_alloc_array(topo->arena, plan->cable_count + 1, sizeof(*ifindexes));
	batch_auto struct batch host = { 0 };
	size_t count;

	if (stop_offloads(plan, number, spaces->rtnl, err) < 0 ||
		batch_open(&host, wl_steal_fd(&spaces->rtnl), plan->hosts[number].name, err) < 0)
		return -1;
	count = order_host(&host, plan, number, ifindexes);
	if (link_settle(&host, ifindexes, count, err) < 0)
		return -1;
	return plan->hosts[number].led ? nat_lead(plan, number, spaces->net, topo->arena, err) : 0;
}

/* The wire is ready when its hosts are. */
static int set_up(struct topo *topo, struct wl_err *err)
{
	const struct plan *plan = &topo->plan;
	unsigned int *ends = wl_alloc_array(topo->arena, plan->cable_count + 1, sizeof(*ends));
	int socket = topo->wire.rtnl;
	batch_auto struct batch wire = { 0 };

	if (batch_open(&wire, wl_steal_fd(&topo->wire.rtnl), "wire", err) < 0)
		return -1;
	order_wire(&wire, topo);
	if (batch_send(&wire, err) < 0)
		return -1;
	for (size_t i = 0; i < plan->cable_count; i++) {
		ends[i] = plan->cables[i].wire_ifindex;
		if (offload_stop(socket, plan->cables[i].wire_end, false, err) < 0)
			return -1;
	}
	for (size_t i = 0; i < plan->host_count; i++)
		if (set_up_host(topo, i, err) < 0)
			return -1;
	return link_settle(&wire, ends, plan->cable_count, err);
}

static struct topo *topo_new(void)
{
	struct wl_arena *arena = wl_arena_new();
	struct topo *topo = wl_alloc(arena, sizeof(*topo));

	topo->arena = arena;
	topo->wire = (struct namespaces)NAMESPACES_NONE;
	return topo;
}

/* Room for the namespaces of all hosts, none made yet. */
static void seat_hosts(struct topo *topo)
{
	topo->hosts = wl_alloc_array(topo->arena, topo->plan.host_count, sizeof(*topo->hosts));
	for (size_t i = 0; i < topo->plan.host_count; i++)
		topo->hosts[i] = (struct namespaces)NAMESPACES_NONE;
}

int topo_up(struct topo **out, const struct wl_stage *stage, struct wl_err *err)
{
	struct topo *topo = topo_new();

	*out = NULL;
	if (plan_stage(&topo->plan, stage, userns_id_count(), topo->arena, err) < 0) {
		wl_arena_free(topo->arena);
		return -1;
	}
	seat_hosts(topo);
	if (make_namespaces(topo, err) < 0 || set_up(topo, err) < 0) {
		topo_down(topo);
		return -1;
	}
	*out = topo;
	return 0;
}

void topo_down(struct topo *topo)
{
	if (!topo)
		return;
	for (size_t i = 0; i < topo->plan.host_count; i++)
		namespaces_drop(&topo->hosts[i]);
	namespaces_drop(&topo->wire);
	wl_arena_free(topo->arena);
}

void topo_downp(struct topo **topo)
{
	topo_down(*topo);
	*topo = NULL;
}

size_t topo_host_count(const struct topo *topo)
{
	return topo->plan.host_count;
}

size_t topo_cable_count(const struct topo *topo)
{
	return topo->plan.cable_count;
}

int topo_find_host(const struct topo *topo, const char *name)
{
	return plan_find_host(&topo->plan, name);
}

const char *topo_host_name(const struct topo *topo, size_t host)
{
	return topo->plan.hosts[host].name;
}

int topo_host_netns(const struct topo *topo, size_t host)
{
	return topo->hosts[host].net;
}

int topo_wire_netns(const struct topo *topo)
{
	return topo->wire.net;
}

uid_t topo_host_uid(const struct topo *topo, size_t host)
{
	return topo->plan.hosts[host].id;
}

const char *topo_wire_end(const struct topo *topo, size_t cable)
{
	return topo->plan.cables[cable].wire_end;
}

int topo_enter_host(const struct topo *topo, size_t host, struct wl_err *err)
{
	return namespaces_enter(&topo->hosts[host], err);
}
