/*
 * Addresses, neighbours and routes by rtnetlink: rtnl_addr, rtnl_neigh and rtnl_route objects
 * turned into orders.
 */
#include "netns/inet.h"

#include <arpa/inet.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/addr.h>
#include <netlink/msg.h>
#include <netlink/route/addr.h>
#include <netlink/route/neighbour.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>

#include "harness/base/text.h"

static struct nl_addr *build(struct in_addr address, unsigned int prefix_length)
{
	struct nl_addr *built = nl_addr_build(AF_INET, &address, sizeof(address));

	if (built)
		nl_addr_set_prefixlen(built, (int)prefix_length);
	return built;
}

static void put_address(struct nl_addr **address)
{
	nl_addr_put(*address);
}

#define auto_address __attribute__((cleanup(put_address)))

static struct in_addr broadcast_of(const struct plan_prefix *prefix)
{
	uint32_t host_bits = prefix->length < 32 ? ~(uint32_t)0 >> prefix->length : 0;

	return (struct in_addr){ prefix->address.s_addr | htonl(host_bits) };
}

static int build_address(const struct plan_cable *cable, struct nl_msg **msg)
{
	const struct plan_prefix *prefix = &cable->address;
	auto_address struct nl_addr *local = build(prefix->address, prefix->length);
	auto_address struct nl_addr *broadcast = build(broadcast_of(prefix), 32);
	struct rtnl_addr *address = rtnl_addr_alloc();
	int result = -NLE_NOMEM;

	if (address && local && broadcast) {
		rtnl_addr_set_ifindex(address, (int)cable->ifindex);
		rtnl_addr_set_local(address, local);
		if (prefix->length < 31)
			rtnl_addr_set_broadcast(address, broadcast);
		result = rtnl_addr_build_add_request(address, NLM_F_CREATE | NLM_F_EXCL, msg);
	}
	rtnl_addr_put(address);
	return result;
}

void inet_add_address(struct batch *host, const struct plan_cable *cable)
{
	struct nl_msg *msg = NULL;
	int result = build_address(cable, &msg);

	batch_add(host, result, msg, N_("host %s: the kernel refuses an address"));
}

static int build_neighbour(
	const struct plan_cable *cable, const struct plan_cable *known, struct nl_msg **msg)
{
	auto_address struct nl_addr *address = build(known->address.address, 32);
	auto_address struct nl_addr *mac = nl_addr_build(AF_LLC, known->mac, sizeof(known->mac));
	struct rtnl_neigh *neighbour = rtnl_neigh_alloc();
	int result = -NLE_NOMEM;

	if (neighbour && address && mac) {
		rtnl_neigh_set_ifindex(neighbour, (int)cable->ifindex);
		rtnl_neigh_set_dst(neighbour, address);
		rtnl_neigh_set_lladdr(neighbour, mac);
		rtnl_neigh_set_state(neighbour, NUD_PERMANENT);
		result = rtnl_neigh_build_add_request(neighbour, NLM_F_CREATE | NLM_F_REPLACE, msg);
	}
	rtnl_neigh_put(neighbour);
	return result;
}

void inet_add_neighbour(
	struct batch *host, const struct plan_cable *cable, const struct plan_cable *known)
{
	struct nl_msg *msg = NULL;
	int result = build_neighbour(cable, known, &msg);

	batch_add(host, result, msg, N_("host %s: the kernel refuses a neighbour"));
}

/* The one way that ROUTE goes; NULL without memory. */
static struct rtnl_nexthop *build_nexthop(const struct plan_route *route)
{
	auto_address struct nl_addr *gateway = build(route->gateway, 32);
	struct rtnl_nexthop *nexthop = rtnl_route_nh_alloc();

	if (!gateway || !nexthop) {
		rtnl_route_nh_free(nexthop);
		return NULL;
	}
	rtnl_route_nh_set_ifindex(nexthop, (int)route->ifindex);
	if (route->gatewayed)
		rtnl_route_nh_set_gateway(nexthop, gateway);
	return nexthop;
}

static int build_route(const struct plan_route *said, struct nl_msg **msg)
{
	auto_address struct nl_addr *destination =
		build(said->destination.address, said->destination.length);
	struct rtnl_nexthop *nexthop = build_nexthop(said);
	struct rtnl_route *route = rtnl_route_alloc();
	int result = -NLE_NOMEM;

	if (!route || !destination || !nexthop) {
		rtnl_route_nh_free(nexthop);
	} else {
		rtnl_route_set_family(route, AF_INET);
		rtnl_route_set_dst(route, destination);
		rtnl_route_set_scope(route, said->gatewayed ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK);
		rtnl_route_set_protocol(route, RTPROT_STATIC);
		rtnl_route_add_nexthop(route, nexthop);
		result = rtnl_route_build_add_request(route, NLM_F_CREATE | NLM_F_EXCL, msg);
	}
	rtnl_route_put(route);
	return result;
}

void inet_add_route(struct batch *host, const struct plan_route *route)
{
	struct nl_msg *msg = NULL;
	int result = build_route(route, &msg);

	batch_add(host, result, msg, N_("host %s: the kernel refuses a route"));
}
