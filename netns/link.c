/*
 * Interfaces by rtnetlink. Where an interface is made decides the speed of the whole: one that is
 * moved to another namespace, or deleted, waits for every processor (rcu_barrier in the kernel),
 * so each cable is made with both ends in place, in its bridge, with its index, and goes away
 * with its namespaces.
 *
 * An end is raised only behind the order that stops IPv6 on it. The carrier of a cable comes with
 * its second end; what the kernel hangs on it (the transmit queue, the bridge port) is deferred
 * to a worker, and a frame sent before is lost. A question for the link (RTM_GETLINK) makes
 * kernels from 6.7 on do that work at once; older ones are asked again until they have done it.
 */
#include "netns/link.h"

#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/addr.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/route/link.h>
#include <netlink/route/link/inet.h>
#include <netlink/route/link/inet6.h>
#include <netlink/route/link/veth.h>
#include <poll.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/text.h"

#define LO_IFINDEX 1
#define LO_MTU 4096
#define SETTLE_NS 5000000000u
#define SKIP_STATISTICS (1u << 3) /* RTEXT_FILTER_SKIP_STATS */

static void put_link(struct rtnl_link **link)
{
	rtnl_link_put(*link);
}

static void put_address(struct nl_addr **address)
{
	nl_addr_put(*address);
}

#define auto_link __attribute__((cleanup(put_link)))
#define auto_address __attribute__((cleanup(put_address)))

/* LINK as an order; FLAGS as in netlink(7): 0 changes the interface with the link's index. */
static struct nl_msg *order(
	struct batch *batch, struct rtnl_link *link, int flags, const char *complaint)
{
	struct nl_msg *msg = NULL;
	int result = link ? rtnl_link_build_add_request(link, flags, &msg) : -NLE_NOMEM;

	batch_add(batch, result, msg, complaint);
	return result < 0 ? NULL : msg;
}

static struct rtnl_link *link_at(unsigned int ifindex)
{
	struct rtnl_link *link = rtnl_link_alloc();

	if (link)
		rtnl_link_set_ifindex(link, (int)ifindex);
	return link;
}

/* What libnl 3.7 has no words for: the kind's own attributes of a bridge. */
static int put_bridge_info(struct nl_msg *msg)
{
	struct nlattr *info = nla_nest_start(msg, IFLA_LINKINFO), *data;

	if (!info || nla_put_string(msg, IFLA_INFO_KIND, "bridge") < 0)
		return -NLE_NOMEM;
	data = nla_nest_start(msg, IFLA_INFO_DATA);
	if (!data || nla_put_u8(msg, IFLA_BR_MCAST_SNOOPING, 0) < 0 ||
		nla_put_u32(msg, IFLA_BR_STP_STATE, 0) < 0 ||
		nla_put_u32(msg, IFLA_BR_AGEING_TIME, 0) < 0)
		return -NLE_NOMEM;
	nla_nest_end(msg, data);
	nla_nest_end(msg, info);
	return 0;
}

void link_add_bridge(struct batch *wire, const struct plan_lan *lan)
{
	auto_link struct rtnl_link *link = link_at(lan->ifindex);
	struct nl_msg *msg;

	if (link)
		rtnl_link_set_name(link, lan->bridge);
	msg = order(wire, link, NLM_F_CREATE | NLM_F_EXCL, N_("%s: the kernel makes no bridge"));
	if (msg && put_bridge_info(msg) < 0)
		batch_add(wire, -NLE_NOMEM, NULL, N_("%s: the kernel makes no bridge"));
}

static void describe_end(struct rtnl_link *link, const char *name, unsigned int ifindex,
	unsigned int mtu, struct nl_addr *mac)
{
	rtnl_link_set_name(link, name);
	rtnl_link_set_ifindex(link, (int)ifindex);
	rtnl_link_set_mtu(link, mtu);
	rtnl_link_set_addr(link, mac);
	rtnl_link_set_num_tx_queues(link, 1);
	rtnl_link_set_num_rx_queues(link, 1);
}

void link_add_cable(struct batch *wire, const struct plan_cable *cable, const struct plan_lan *lan,
	int host_netns)
{
	/* Nobody sends to the wire's ends; theirs only have to differ from all others. */
	const uint8_t wire_mac[6] = { 0x0e, 0x77, 0x69, 0x72, (uint8_t)(cable->wire_ifindex >> 8),
		(uint8_t)cable->wire_ifindex };
	auto_address struct nl_addr *near = nl_addr_build(AF_LLC, wire_mac, 6);
	auto_address struct nl_addr *far = nl_addr_build(AF_LLC, cable->mac, 6);
	auto_link struct rtnl_link *link = rtnl_link_veth_alloc();
	auto_link struct rtnl_link *peer = link ? rtnl_link_veth_get_peer(link) : NULL;

	if (!near || !far || !peer) {
		batch_add(wire, -NLE_NOMEM, NULL, N_("%s: the kernel makes no veth pair"));
		return;
	}
	describe_end(link, cable->wire_end, cable->wire_ifindex, cable->mtu, near);
	rtnl_link_set_master(link, (int)lan->ifindex);
	describe_end(peer, cable->interface, cable->ifindex, cable->mtu, far);
	rtnl_link_set_ns_fd(peer, host_netns);
	order(wire, link, NLM_F_CREATE | NLM_F_EXCL, N_("%s: the kernel makes no veth pair"));
}

void link_silence_ipv6(struct batch *batch, unsigned int ifindex)
{
	auto_link struct rtnl_link *link = link_at(ifindex);

	if (link)
		rtnl_link_inet6_set_addr_gen_mode(link, IN6_ADDR_GEN_MODE_NONE);
	order(batch, link, 0, N_("%s: IPv6 cannot be kept silent"));
	/* There is none at all, or none with so small an MTU. */
	batch_pardon(batch, -NLE_AF_NOSUPPORT);
}

static struct rtnl_link *raised(unsigned int ifindex)
{
	struct rtnl_link *link = link_at(ifindex);

	if (link)
		rtnl_link_set_flags(link, IFF_UP);
	return link;
}

void link_raise_bridge(struct batch *wire, const struct plan_lan *lan)
{
	auto_link struct rtnl_link *link = raised(lan->ifindex);

	order(wire, link, 0, N_("%s: a bridge does not come up"));
}

/* A port of a bridge: what comes in goes out at all others, whatever its addresses. */
static int put_port_info(struct nl_msg *msg)
{
	struct nlattr *info = nla_nest_start(msg, IFLA_LINKINFO), *data;

	if (!info || nla_put_string(msg, IFLA_INFO_SLAVE_KIND, "bridge") < 0)
		return -NLE_NOMEM;
	data = nla_nest_start(msg, IFLA_INFO_SLAVE_DATA);
	if (!data || nla_put_u8(msg, IFLA_BRPORT_LEARNING, 0) < 0)
		return -NLE_NOMEM;
	nla_nest_end(msg, data);
	nla_nest_end(msg, info);
	return 0;
}

void link_raise_wire_end(struct batch *wire, const struct plan_cable *cable)
{
	auto_link struct rtnl_link *link = raised(cable->wire_ifindex);
	struct nl_msg *msg = order(wire, link, 0, N_("%s: the end of a cable does not come up"));

	if (msg && put_port_info(msg) < 0)
		batch_add(wire, -NLE_NOMEM, NULL, N_("%s: the end of a cable does not come up"));
}

void link_raise_host_end(
	struct batch *host, const struct plan_cable *cable, const struct plan_host *owner)
{
	auto_link struct rtnl_link *link = raised(cable->ifindex);

	if (link) {
		rtnl_link_inet_set_conf(link, IPV4_DEVCONF_FORWARDING, owner->forwards);
		rtnl_link_inet_set_conf(link, IPV4_DEVCONF_ROUTE_LOCALNET, owner->led);
		rtnl_link_inet_set_conf(link, IPV4_DEVCONF_RP_FILTER, 0);
	}
	order(host, link, 0, N_("host %s: the end of a cable does not come up"));
}

void link_raise_lo(struct batch *host)
{
	auto_link struct rtnl_link *link = raised(LO_IFINDEX);

	if (link)
		rtnl_link_set_mtu(link, LO_MTU);
	order(host, link, 0, N_("host %s: lo does not come up"));
}

static void ask(struct batch *batch, unsigned int ifindex)
{
	struct nl_msg *msg = NULL;
	int result = rtnl_link_build_get_request((int)ifindex, NULL, &msg);

	if (result == 0)
		result = nla_put_u32(msg, IFLA_EXT_MASK, SKIP_STATISTICS);
	batch_add(batch, result, msg, N_("%s: an interface cannot be asked for"));
}

int link_settle(
	struct batch *batch, const unsigned int *ifindexes, size_t count, struct wl_err *err)
{
	uint64_t deadline = wl_monotonic_ns() + SETTLE_NS;

	for (;;) {
		batch->without_carrier = 0;
		for (size_t i = 0; i < count; i++)
			ask(batch, ifindexes[i]);
		if (batch_send(batch, err) < 0)
			return -1;
		if (batch->without_carrier == 0)
			return 0;
		if (wl_monotonic_ns() > deadline)
			return wl_err(
				err, _("%s: a cable got no carrier within 5 s"), batch->where);
		poll(NULL, 0, 1); /* only kernels before 6.7 come here */
	}
}
