/*
 * Some things are opened inside the namespace and asked from anywhere afterwards: a sock_diag
 * socket, and files of /proc/thread-self/net, which keep showing the namespace they were opened
 * in and are read anew from their start.
 *
 * sock_diag(7) answers a request with a dump of messages, one a socket. TCP is asked by the older
 * request (TCPDIAG_GETSOCK), which gives both families at once; UDP is asked a family at a time.
 * Packet sockets have a request of their own, with the interface and the memory as attributes.
 *
 * TCP connections of all namespaces lie in one large table of the kernel, and to walk it takes
 * ten times as long as all the rest. Listening sockets have a table of their own. So these are
 * asked for first, and connections only when the kernel's counters say that there are some.
 */
#include "netns/sockstate.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/text.h"
#include "netns/igmp.h"
#include "netns/tcp_count.h"

#define LISTENING (1u << TCP_LISTEN)
#define ALL_STATES 0xffffffffu

struct sockstate {
	struct nl_sock *diag;
	struct tcp_count tcp;
	int igmp; /* /proc/net/igmp of the namespace */
};

/* A list that is being filled by the dumps. */
struct listing {
	struct wl_arena *arena;
	struct wl_socket **sockets;
	size_t *count;
	int protocol; /* being asked for */
};

static int open_inside(struct sockstate *state, struct wl_err *err)
{
	int result = nl_connect(state->diag, NETLINK_SOCK_DIAG);

	if (result < 0)
		return wl_err(err, _("cannot ask for socket states: %s"), nl_geterror(result));
	nl_socket_disable_msg_peek(state->diag);
	nl_socket_set_msg_buf_size(state->diag, 65536);
	state->igmp = open("/proc/thread-self/net/igmp", O_RDONLY | O_CLOEXEC);
	if (state->igmp < 0)
		return wl_err_errno(err, _("cannot open %s"), "/proc/net/igmp");
	return tcp_count_open(&state->tcp, err);
}

int sockstate_open(struct sockstate **out, int netns, struct wl_err *err)
{
	wl_auto_fd int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	struct sockstate *state = calloc(1, sizeof(*state));
	int result = -1;

	*out = NULL;
	if (state) {
		*state = (struct sockstate){ .tcp = TCP_COUNT_NONE, .igmp = -1 };
		state->diag = nl_socket_alloc();
	}
	if (!state || !state->diag)
		wl_err(err, _("out of memory"));
	else if (home < 0 || setns(netns, CLONE_NEWNET) < 0)
		wl_err_errno(err, _("cannot enter a network namespace"));
	else {
		result = open_inside(state, err);
		if (setns(home, CLONE_NEWNET) < 0)
			result = wl_err_errno(err, _("cannot return to the own network namespace"));
	}
	if (result < 0)
		sockstate_close(state);
	else
		*out = state;
	return result;
}

void sockstate_close(struct sockstate *state)
{
	if (!state)
		return;
	tcp_count_close(&state->tcp);
	wl_close_fd(&state->igmp);
	nl_socket_free(state->diag);
	free(state);
}

static int take_inet(struct nl_msg *msg, void *arg)
{
	const struct inet_diag_msg *seen = nlmsg_data(nlmsg_hdr(msg));
	struct listing *listing = arg;
	struct wl_socket *socket;

	if (!nlmsg_valid_hdr(nlmsg_hdr(msg), sizeof(*seen)))
		return NL_SKIP;
	socket = wl_append(listing->arena, listing->sockets, listing->count);
	socket->family = seen->idiag_family;
	socket->protocol = listing->protocol;
	inet_ntop(seen->idiag_family, seen->id.idiag_src, socket->local, sizeof(socket->local));
	inet_ntop(seen->idiag_family, seen->id.idiag_dst, socket->remote, sizeof(socket->remote));
	socket->local_port = ntohs(seen->id.idiag_sport);
	socket->remote_port = ntohs(seen->id.idiag_dport);
	socket->state = seen->idiag_state;
	socket->receive_queue = seen->idiag_rqueue;
	socket->ifindex = seen->id.idiag_if;
	socket->inode = seen->idiag_inode;
	return NL_OK;
}

static int take_packet(struct nl_msg *msg, void *arg)
{
	const struct packet_diag_msg *seen = nlmsg_data(nlmsg_hdr(msg));
	struct listing *listing = arg;
	struct nlattr *tb[PACKET_DIAG_MAX + 1];
	struct wl_socket *socket;

	if (nlmsg_parse(nlmsg_hdr(msg), sizeof(*seen), tb, PACKET_DIAG_MAX, NULL) < 0)
		return NL_SKIP;
	socket = wl_append(listing->arena, listing->sockets, listing->count);
	socket->family = AF_PACKET;
	socket->protocol = seen->pdiag_num;
	socket->inode = seen->pdiag_ino;
	if (tb[PACKET_DIAG_INFO]) {
		const struct packet_diag_info *info = nla_data(tb[PACKET_DIAG_INFO]);

		socket->ifindex = info->pdi_index;
	}
	if (tb[PACKET_DIAG_MEMINFO]) {
		const uint32_t *memory = nla_data(tb[PACKET_DIAG_MEMINFO]);

		socket->receive_queue = memory[SK_MEMINFO_RMEM_ALLOC];
	}
	return NL_OK;
}

/* Send one request and hand every message of the answer to TAKE. Returns 0 or a libnl error. */
static int dump(struct nl_sock *diag, int type, void *request, size_t size,
	nl_recvmsg_msg_cb_t take, struct listing *listing)
{
	int result = nl_send_simple(diag, type, NLM_F_DUMP, request, size);

	if (result < 0)
		return result;
	nl_socket_modify_cb(diag, NL_CB_VALID, NL_CB_CUSTOM, take, listing);
	return nl_recvmsgs_default(diag);
}

static int dump_tcp_in(struct nl_sock *diag, uint32_t states, struct listing *listing)
{
	struct inet_diag_req request = { .idiag_family = AF_INET, .idiag_states = states };

	listing->protocol = IPPROTO_TCP;
	return dump(diag, TCPDIAG_GETSOCK, &request, sizeof(request), take_inet, listing);
}

static int dump_tcp(const struct sockstate *state, struct listing *listing)
{
	size_t before = *listing->count, listening;
	int result = dump_tcp_in(state->diag, LISTENING, listing);

	if (result < 0)
		return result;
	listening = *listing->count - before;
	if (tcp_count_read(&state->tcp) <= listening)
		return 0;
	return dump_tcp_in(state->diag, ALL_STATES & ~LISTENING, listing);
}

static int dump_udp(struct nl_sock *diag, int family, struct listing *listing)
{
	struct inet_diag_req_v2 request = {
		.sdiag_family = (uint8_t)family,
		.sdiag_protocol = IPPROTO_UDP,
		.idiag_states = ALL_STATES,
	};

	listing->protocol = IPPROTO_UDP;
	return dump(diag, SOCK_DIAG_BY_FAMILY, &request, sizeof(request), take_inet, listing);
}

static int dump_packet(struct nl_sock *diag, struct listing *listing)
{
	struct packet_diag_req request = {
		.sdiag_family = AF_PACKET,
		.pdiag_show = PACKET_SHOW_INFO | PACKET_SHOW_MEMINFO,
	};

	return dump(diag, SOCK_DIAG_BY_FAMILY, &request, sizeof(request), take_packet, listing);
}

int sockstate_sockets(struct sockstate *state, unsigned int kinds, struct wl_arena *arena,
	struct wl_socket **sockets, size_t *count, struct wl_err *err)
{
	struct listing listing = { .arena = arena, .sockets = sockets, .count = count };
	const char *kind = "TCP";
	int result = 0;

	if (kinds & SOCKSTATE_TCP)
		result = dump_tcp(state, &listing);
	if (result >= 0 && kinds & SOCKSTATE_UDP) {
		kind = "UDP";
		result = dump_udp(state->diag, AF_INET, &listing);
		if (result >= 0)
			result = dump_udp(state->diag, AF_INET6, &listing);
	}
	if (result >= 0 && kinds & SOCKSTATE_PACKET) {
		kind = "packet";
		result = dump_packet(state->diag, &listing);
	}
	if (result < 0)
		return wl_err(err,
			_("this kernel does not list its %s sockets (%s): are the modules "
			  "inet_diag, tcp_diag, udp_diag and af_packet_diag there?"),
			kind, nl_geterror(result));
	return 0;
}

int sockstate_memberships(struct sockstate *state, struct wl_arena *arena,
	struct wl_membership **memberships, size_t *count, struct wl_err *err)
{
	return igmp_read(state->igmp, arena, memberships, count, err);
}
