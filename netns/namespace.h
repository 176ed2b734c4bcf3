#pragma once
#include "harness/base/err.h"

/*
 * Namespaces held by descriptors alone, all close-on-exec. RTNL is a NETLINK_ROUTE socket that
 * was born inside NET and talks to its kernel side from anywhere. -1: none.
 */
struct namespaces {
	int user, net, ipc, uts;
	int rtnl;
};

#define NAMESPACES_NONE                                                                            \
	{                                                                                          \
		-1, -1, -1, -1, -1                                                                 \
	}

/*
 * A host: a user namespace whose one id 0 is ID (user and group) of the caller's, in which no
 * further one can be made, and the network, IPC and UTS namespace that it owns; HOSTNAME is the
 * host's name. Returns 0, or -1 with *OUT as NAMESPACES_NONE.
 */
int namespaces_make_host(
	struct namespaces *out, const char *hostname, unsigned int id, struct wl_err *err);

/*
 * The wire: a network namespace of the caller's user namespace in which bridges do not call
 * iptables.
 */
int namespaces_make_wire(struct namespaces *out, struct wl_err *err);

/*
 * Network namespaces made in the caller's from now on get small tables of sockets of their own, where the kernel can (6.2 and
 * later). Else all share tables sized for the whole machine, which every question for sockets and every end of a namespace walks
 * through.
 */
void namespaces_keep_tables_small(void);

void namespaces_drop(struct namespaces *spaces);

/*
 * Become root inside the namespaces of a host, for good, with a mount namespace of one's own and
 * HOST's /sys.
 */
int namespaces_enter(const struct namespaces *spaces, struct wl_err *err);
