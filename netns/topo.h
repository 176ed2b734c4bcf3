#pragma once
#include <stddef.h>
#include <sys/types.h>

#include "harness/base/err.h"
#include "netns/stage.h"

/*
 * A stage that lives: namespaces held by descriptors alone. Nothing has a name under /run, so
 * that nothing stays when the process that holds the descriptors dies, however it dies.
 *
 * The caller must have CAP_SYS_ADMIN and CAP_NET_ADMIN in its user namespace (see userns.h), be
 * single-threaded and dumpable (PR_SET_DUMPABLE), and have /proc of its own PID namespace. Each
 * host is a user namespace below the caller's that owns its network, IPC and UTS namespaces; the
 * wire belongs to the caller's user namespace.
 */
struct topo;

/*
 * Build STAGE: namespaces, bridges, cables, addresses, routes, neighbours, NAT; carriers are up
 * and settled when it returns. STAGE must outlive the topo. The caller's own network namespace is
 * as before. Returns 0 and *OUT (end with topo_down), or -1 with *OUT NULL, nothing left behind
 * and ERR filled.
 */
int topo_up(struct topo **out, const struct wl_stage *stage, struct wl_err *err);
void topo_down(struct topo *topo); /* NULL is fine; closes descriptors, the kernel drops the rest */
void topo_downp(struct topo **topo);

size_t topo_host_count(const struct topo *topo);
size_t topo_cable_count(const struct topo *topo);

/* The host's place in the stage's table, or -1. */
int topo_find_host(const struct topo *topo, const char *name);
const char *topo_host_name(const struct topo *topo, size_t host);

/* Descriptors of the namespaces; they stay the topo's. */
int topo_host_netns(const struct topo *topo, size_t host);
int topo_wire_netns(const struct topo *topo);

/*
 * The user id in the caller's user namespace that is root on HOST: owner for what its programs
 * may write.
 */
uid_t topo_host_uid(const struct topo *topo, size_t host);

/* The interface in the wire namespace at which cable number CABLE (place in stage->cables) ends. */
const char *topo_wire_end(const struct topo *topo, size_t cable);

/*
 * For a freshly forked child: become root of HOST, inside its user, network, IPC and UTS
 * namespaces, for good, with a mount namespace of its own in which /sys shows HOST's interfaces
 * (where the machine permits it). Clears PR_SET_PDEATHSIG, and the child is not dumpable any
 * more: set both behind this call. Returns 0 or -1.
 */
int topo_enter_host(const struct topo *topo, size_t host, struct wl_err *err);
