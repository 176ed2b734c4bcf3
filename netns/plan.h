#pragma once
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/arena.h"
#include "harness/base/err.h"
#include "netns/stage.h"

/*
 * A stage, checked and resolved: names are indexes, texts are numbers, defaults are filled in and
 * every interface has its index. Plain data; nothing of it exists yet.
 */

struct plan_host {
	const char *name;
	unsigned int id; /* of the caller's user namespace that is root on the host */
	bool forwards;   /* it is somebody's gateway */
	bool led;        /* it has leads */
};

struct plan_lan {
	const char *name;
	char bridge[16];
	unsigned int ifindex; /* in the wire */
};

struct plan_prefix {
	struct in_addr address; /* network byte order */
	unsigned int length;
};

struct plan_cable {
	size_t host, lan; /* places in their tables */
	const char *interface;
	unsigned int ifindex; /* on the host */
	char wire_end[16];
	unsigned int wire_ifindex;
	uint8_t mac[6];
	unsigned int mtu; /* bytes */
	bool addressed;
	struct plan_prefix address; /* when addressed; with its host bits */
};

struct plan_route {
	size_t host;
	unsigned int ifindex;
	struct plan_prefix destination;
	bool gatewayed;
	struct in_addr gateway; /* network byte order; when gatewayed */
};

struct plan_lead {
	size_t host;
	int protocol;
	uint16_t port; /* host byte order */
	struct in_addr to;
};

struct plan {
	struct plan_host *hosts;
	size_t host_count;
	struct plan_lan *lans;
	size_t lan_count;
	struct plan_cable *cables;
	size_t cable_count;
	struct plan_route *routes;
	size_t route_count;
	struct plan_lead *leads;
	size_t lead_count;
	bool arp;
};

/*
 * Resolve STAGE into PLAN (zeroed by the caller), in ARENA; strings stay the stage's. ID_COUNT:
 * how many ids the caller's user namespace has. Returns 0, or -1 with a sentence that names what
 * is wrong.
 */
int plan_stage(struct plan *plan, const struct wl_stage *stage, unsigned int id_count,
	struct wl_arena *arena, struct wl_err *err);

/* The host's place in the table, or -1. */
int plan_find_host(const struct plan *plan, const char *name);
