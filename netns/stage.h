#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A stage as it is said: const tables, no state. Every table ends with an element whose first
 * member is NULL. topo.h builds it.
 *
 * Every host is a network namespace of its own; every cable ends in one more namespace, the wire,
 * in a LAN (a bridge with learning off: what goes in comes out at every other cable). lo is up on
 * every host, with an MTU of 4096 bytes. A host whose address is the gateway of a route passes
 * IPv4 packets on; the others do not.
 */

/* One cable from a host to a LAN, and the interface at the host's end of it. */
struct wl_cable {
	const char *host;
	const char *address; /* IPv4 with prefix length, "10.77.0.2/24"; NULL: none */
	const char *mac; /* "00:15:5d:11:c9:ca"; NULL: 02:00:00:00:00:NN, NN its place here + 1 */
	const char *interface; /* NULL: "eth0" */
	const char *lan;       /* NULL: "lan" */
	unsigned int mtu;      /* bytes; 0: 1500 */
};

/* A route of a host. */
struct wl_route {
	const char *host;
	const char *destination; /* "default", "224.0.0.0/4", "10.1.0.0/16" */
	const char *gateway;     /* NULL: on the link */
	const char *interface;   /* NULL: "eth0" */
};

/*
 * Calls that HOST makes to PORT, whatever the address (127.0.0.1 too), reach TO instead:
 * destination NAT in the output hook, masquerade behind it, route_localnet on the host's
 * interfaces.
 */
struct wl_lead {
	const char *host;
	int protocol;   /* IPPROTO_TCP or IPPROTO_UDP */
	uint16_t port;  /* host byte order */
	const char *to; /* IPv4 address of another host */
};

struct wl_stage {
	const char *const *hosts; /* names, unique, at most 15 letters; NULL ends */
	const struct wl_cable *cables;
	const struct wl_route *routes; /* NULL: a default route on each host's first cable's link */
	const struct wl_lead *leads;   /* NULL: none */
	bool arp; /* false: hosts of a LAN know each other (permanent neighbours), so no ARP is seen
		   */
};
