/*
 * What a stage says is checked and resolved as a whole before the first kernel object is made, so
 * that a slip in a table gives a sentence instead of half a stage and an errno.
 *
 * Interface indexes are chosen here. They need not be asked for then, and all orders can go out
 * in few batches. On hosts they start behind those that some kernels give to tunnel devices of
 * every new network namespace; in the wire they start elsewhere, because a cable whose two ends
 * had the same index would look to the kernel like one that ends in itself, and its carrier would
 * be told late.
 */
#include "netns/plan.h"

#include <stdio.h>
#include <string.h>

#include "harness/base/text.h"
#include "netns/plan_text.h"
#include "netns/userns.h"

#define HOST_FIRST_IFINDEX 32
#define WIRE_FIRST_IFINDEX 1024
#define FIRST_HOST_ID 10 /* of the ids of a start by root: each host has one of its own */

static const char *or_else(const char *text, const char *otherwise)
{
	return text ? text : otherwise;
}

int plan_find_host(const struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->host_count; i++)
		if (strcmp(plan->hosts[i].name, name) == 0)
			return (int)i;
	return -1;
}

/* As plan_find_host(), for a row of TABLE that names a host. */
static int find_host(const struct plan *plan, const char *name, const char *table, size_t *host,
	struct wl_err *err)
{
	int found = plan_find_host(plan, name);

	if (found < 0)
		return wl_err(err,
			_("the stage's table of %s names the host \"%s\", which it does not have"),
			table, name);
	*host = (size_t)found;
	return 0;
}

static const struct plan_cable *find_interface(
	const struct plan *plan, size_t host, const char *interface)
{
	for (size_t i = 0; i < plan->cable_count; i++)
		if (plan->cables[i].host == host &&
			strcmp(plan->cables[i].interface, interface) == 0)
			return &plan->cables[i];
	return NULL;
}

static size_t count_cables_of(const struct plan *plan, size_t host)
{
	size_t count = 0;

	for (size_t i = 0; i < plan->cable_count; i++)
		count += plan->cables[i].host == host;
	return count;
}

static int plan_hosts(struct plan *plan, const struct wl_stage *stage, unsigned int id_count,
	struct wl_arena *arena, struct wl_err *err)
{
	for (const char *const *name = stage->hosts; *name; name++) {
		struct plan_host *host;
		size_t number = plan->host_count;

		if (!plan_is_name(*name))
			return wl_err(err,
				_("\"%s\" is no name for a host: 1 to 15 ASCII letters, digits, "
				  "'-', '_', '.'"),
				*name);
		if (plan_find_host(plan, *name) >= 0)
			return wl_err(err, _("the stage has two hosts \"%s\""), *name);
		if (id_count != 1 && FIRST_HOST_ID + number >= id_count)
			return wl_err(err,
				_("the stage has more hosts than there are user ids for (%u)"),
				id_count);
		host = wl_append(arena, &plan->hosts, &plan->host_count);
		host->name = *name;
		host->id = id_count == 1 ? 0 : FIRST_HOST_ID + (unsigned int)number;
	}
	if (plan->host_count == 0)
		return wl_err(err, _("the stage has no host"));
	return 0;
}

static size_t plan_lan(struct plan *plan, const char *name, struct wl_arena *arena)
{
	struct plan_lan *lan;
	size_t number;

	for (number = 0; number < plan->lan_count; number++)
		if (strcmp(plan->lans[number].name, name) == 0)
			return number;
	lan = wl_append(arena, &plan->lans, &plan->lan_count);
	lan->name = name;
	lan->ifindex = WIRE_FIRST_IFINDEX + (unsigned int)number;
	snprintf(lan->bridge, sizeof(lan->bridge), "lan%u", (unsigned int)number);
	return number;
}

static int read_cable(
	struct plan_cable *cable, const struct wl_cable *said, size_t number, struct wl_err *err)
{
	const uint8_t own_mac[6] = { 2, 0, 0, 0, (uint8_t)((number + 1) >> 8),
		(uint8_t)(number + 1) };

	cable->interface = or_else(said->interface, "eth0");
	cable->mtu = said->mtu ? said->mtu : 1500;
	memcpy(cable->mac, own_mac, sizeof(own_mac));
	cable->addressed = said->address != NULL;
	if (said->address && !plan_read_prefix(said->address, &cable->address))
		return wl_err(err,
			_("\"%s\" of host %s is no IPv4 address with a prefix length "
			  "(\"10.77.0.2/24\")"),
			said->address, said->host);
	if (said->mac && !plan_read_mac(said->mac, cable->mac))
		return wl_err(err,
			_("\"%s\" of host %s is no MAC of one interface (\"00:15:5d:11:c9:ca\")"),
			said->mac, said->host);
	if (!plan_is_name(cable->interface) || strcmp(cable->interface, "lo") == 0)
		return wl_err(err, _("\"%s\" of host %s is no name for the end of a cable"),
			cable->interface, said->host);
	if (cable->mtu < 68 || cable->mtu > 65535)
		return wl_err(err, _("an MTU of %u bytes (host %s) is not possible: 68 to 65535"),
			cable->mtu, said->host);
	return 0;
}

static int plan_cables(
	struct plan *plan, const struct wl_stage *stage, struct wl_arena *arena, struct wl_err *err)
{
	for (const struct wl_cable *said = stage->cables; said && said->host; said++) {
		struct plan_cable *cable, read = { 0 };

		if (find_host(plan, said->host, "cables", &read.host, err) < 0 ||
			read_cable(&read, said, plan->cable_count, err) < 0)
			return -1;
		if (find_interface(plan, read.host, read.interface))
			return wl_err(err, _("host %s has two cables at its interface %s"),
				said->host, read.interface);
		read.ifindex = HOST_FIRST_IFINDEX + (unsigned int)count_cables_of(plan, read.host);
		snprintf(read.wire_end, sizeof(read.wire_end), "cable%u",
			(unsigned int)plan->cable_count);
		read.lan = plan_lan(plan, or_else(said->lan, "lan"), arena);
		cable = wl_append(arena, &plan->cables, &plan->cable_count);
		*cable = read;
	}
	for (size_t i = 0; i < plan->cable_count; i++)
		plan->cables[i].wire_ifindex =
			WIRE_FIRST_IFINDEX + (unsigned int)(plan->lan_count + i);
	return 0;
}

static void plan_default_routes(struct plan *plan, struct wl_arena *arena)
{
	for (size_t i = 0; i < plan->cable_count; i++) {
		const struct plan_cable *cable = &plan->cables[i];
		struct plan_route *route;

		if (cable->ifindex != HOST_FIRST_IFINDEX)
			continue;
		route = wl_append(arena, &plan->routes, &plan->route_count);
		route->host = cable->host;
		route->ifindex = cable->ifindex;
	}
}

/* Whoever has this address passes on what is not for him. */
static void mark_gateway(struct plan *plan, struct in_addr address)
{
	for (size_t i = 0; i < plan->cable_count; i++)
		if (plan->cables[i].addressed &&
			plan->cables[i].address.address.s_addr == address.s_addr)
			plan->hosts[plan->cables[i].host].forwards = true;
}

static int read_route(const struct plan *plan, struct plan_route *route,
	const struct wl_route *said, struct wl_err *err)
{
	const char *interface = or_else(said->interface, "eth0");
	const struct plan_cable *cable;

	if (find_host(plan, said->host, "routes", &route->host, err) < 0)
		return -1;
	cable = find_interface(plan, route->host, interface);
	if (!cable)
		return wl_err(err, _("host %s has a route over %s, which it does not have"),
			said->host, interface);
	route->ifindex = cable->ifindex;
	route->gatewayed = said->gateway != NULL;
	if (!said->destination || !plan_read_destination(said->destination, &route->destination))
		return wl_err(err,
			_("\"%s\" of host %s is no destination of a route (\"default\", "
			  "\"10.1.0.0/16\")"),
			or_else(said->destination, ""), said->host);
	if (said->gateway && !plan_read_address(said->gateway, &route->gateway))
		return wl_err(err, _("\"%s\" of host %s is no address of a gateway"), said->gateway,
			said->host);
	return 0;
}

static int plan_routes(
	struct plan *plan, const struct wl_stage *stage, struct wl_arena *arena, struct wl_err *err)
{
	if (!stage->routes)
		plan_default_routes(plan, arena);
	for (const struct wl_route *said = stage->routes; said && said->host; said++) {
		struct plan_route *route = wl_append(arena, &plan->routes, &plan->route_count);

		if (read_route(plan, route, said, err) < 0)
			return -1;
		if (route->gatewayed)
			mark_gateway(plan, route->gateway);
	}
	return 0;
}

static int plan_leads(
	struct plan *plan, const struct wl_stage *stage, struct wl_arena *arena, struct wl_err *err)
{
	for (const struct wl_lead *said = stage->leads; said && said->host; said++) {
		struct plan_lead *lead = wl_append(arena, &plan->leads, &plan->lead_count);

		if (find_host(plan, said->host, "leads", &lead->host, err) < 0)
			return -1;
		if (said->protocol != IPPROTO_TCP && said->protocol != IPPROTO_UDP)
			return wl_err(err,
				_("calls of host %s by protocol %d cannot be led: TCP and UDP can"),
				said->host, said->protocol);
		if (said->port == 0)
			return wl_err(
				err, _("calls of host %s to port 0 cannot be led"), said->host);
		if (!said->to || !plan_read_address(said->to, &lead->to))
			return wl_err(err,
				_("\"%s\", to which calls of host %s are led, is no IPv4 address"),
				or_else(said->to, ""), said->host);
		lead->protocol = said->protocol;
		lead->port = said->port;
		plan->hosts[lead->host].led = true;
	}
	return 0;
}

int plan_stage(struct plan *plan, const struct wl_stage *stage, unsigned int id_count,
	struct wl_arena *arena, struct wl_err *err)
{
	if (id_count == 0)
		return wl_err(err, _("cannot read /proc/self/uid_map"));
	plan->arp = stage->arp;
	if (plan_hosts(plan, stage, id_count, arena, err) < 0 ||
		plan_cables(plan, stage, arena, err) < 0 ||
		plan_routes(plan, stage, arena, err) < 0 || plan_leads(plan, stage, arena, err) < 0)
		return -1;
	return 0;
}
