/*
 * What a stage of two hosts and one LAN costs beyond what the kernel itself takes for it. The
 * same kernel objects are made twice, by the same kernel calls in the same order: once here by
 * hand (no library, no check, no message), once by topo_up(). Rounds alternate, since what one
 * leaves for the kernel to clean up slows the next.
 *
 * usage: stage_probe [ROUNDS]     prints the medians and their ratio; status 1 when a ratio is
 * above 1.5
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "netns/topo.h"
#include "tests/bench/orders.h"

#define MOST_ROUNDS 10000
#define BRIDGE 1024
#define WIRE_END(cable) (1025 + (cable))
#define HOST_END 32

static void link_order(struct orders *orders, uint16_t flags, int ifindex, bool up)
{
	struct ifinfomsg link = {
		.ifi_index = ifindex, .ifi_flags = up ? IFF_UP : 0, .ifi_change = up ? IFF_UP : 0
	};

	begin(orders, RTM_NEWLINK, flags, &link, sizeof(link));
}

static void silence_ipv6(struct orders *orders, int ifindex)
{
	struct rtattr *families, *ipv6;
	uint8_t none = IN6_ADDR_GEN_MODE_NONE;

	link_order(orders, 0, ifindex, false);
	families = put(orders, IFLA_AF_SPEC, NULL, 0);
	ipv6 = put(orders, AF_INET6, NULL, 0);
	put(orders, IFLA_INET6_ADDR_GEN_MODE, &none, 1);
	end(orders, ipv6);
	end(orders, families);
}

static void add_bridge(struct orders *orders)
{
	struct rtattr *info, *data;
	uint8_t off = 0;

	link_order(orders, NLM_F_CREATE | NLM_F_EXCL, BRIDGE, false);
	put_text(orders, IFLA_IFNAME, "lan0");
	info = put(orders, IFLA_LINKINFO, NULL, 0);
	put_text(orders, IFLA_INFO_KIND, "bridge");
	data = put(orders, IFLA_INFO_DATA, NULL, 0);
	put(orders, IFLA_BR_MCAST_SNOOPING, &off, 1);
	put_u32(orders, IFLA_BR_STP_STATE, 0);
	put_u32(orders, IFLA_BR_AGEING_TIME, 0);
	end(orders, data);
	end(orders, info);
	silence_ipv6(orders, BRIDGE);
	link_order(orders, 0, BRIDGE, true);
}

static void describe_end(struct orders *orders, const char *name, const uint8_t *mac)
{
	put_text(orders, IFLA_IFNAME, name);
	put(orders, IFLA_ADDRESS, mac, 6);
	put_u32(orders, IFLA_MTU, 1500);
	put_u32(orders, IFLA_NUM_TX_QUEUES, 1);
	put_u32(orders, IFLA_NUM_RX_QUEUES, 1);
}

static void add_cable(struct orders *orders, int cable, int host_netns)
{
	const uint8_t near[6] = { 0x0e, 0, 0, 0, 0, (uint8_t)cable },
		      far[6] = { 2, 0, 0, 0, 0, (uint8_t)(cable + 1) };
	struct ifinfomsg peer_link = { .ifi_index = HOST_END };
	struct rtattr *info, *data, *peer;

	link_order(orders, NLM_F_CREATE | NLM_F_EXCL, WIRE_END(cable), false);
	describe_end(orders, cable ? "cable1" : "cable0", near);
	put_u32(orders, IFLA_MASTER, BRIDGE);
	info = put(orders, IFLA_LINKINFO, NULL, 0);
	put_text(orders, IFLA_INFO_KIND, "veth");
	data = put(orders, IFLA_INFO_DATA, NULL, 0);
	peer = put(orders, VETH_INFO_PEER, &peer_link, sizeof(peer_link));
	describe_end(orders, "eth0", far);
	put_u32(orders, IFLA_NET_NS_FD, (uint32_t)host_netns);
	end(orders, peer);
	end(orders, data);
	end(orders, info);
}

static void raise_port(struct orders *orders, int cable)
{
	struct rtattr *info, *data;
	uint8_t off = 0;

	link_order(orders, 0, WIRE_END(cable), true);
	info = put(orders, IFLA_LINKINFO, NULL, 0);
	put_text(orders, IFLA_INFO_SLAVE_KIND, "bridge");
	data = put(orders, IFLA_INFO_SLAVE_DATA, NULL, 0);
	put(orders, IFLA_BRPORT_LEARNING, &off, 1);
	end(orders, data);
	end(orders, info);
}

static void raise_host_end(struct orders *orders)
{
	struct rtattr *families, *ipv4, *settings;

	link_order(orders, 0, HOST_END, true);
	families = put(orders, IFLA_AF_SPEC, NULL, 0);
	ipv4 = put(orders, AF_INET, NULL, 0);
	settings = put(orders, IFLA_INET_CONF, NULL, 0);
	put_u32(orders, IPV4_DEVCONF_FORWARDING, 0);
	put_u32(orders, IPV4_DEVCONF_ROUTE_LOCALNET, 0);
	put_u32(orders, IPV4_DEVCONF_RP_FILTER, 0);
	end(orders, settings);
	end(orders, ipv4);
	end(orders, families);
}

static void raise_lo(struct orders *orders)
{
	link_order(orders, 0, 1, true);
	put_u32(orders, IFLA_MTU, 4096);
}

static void add_address(struct orders *orders, int host)
{
	struct ifaddrmsg header = {
		.ifa_family = AF_INET, .ifa_prefixlen = 24, .ifa_index = HOST_END
	};

	begin(orders, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &header, sizeof(header));
	put_u32(orders, IFA_LOCAL, htonl(0x0a4d0001 + (uint32_t)host));
	put_u32(orders, IFA_BROADCAST, htonl(0x0a4d00ff));
}

static void add_neighbour(struct orders *orders, int other)
{
	const uint8_t mac[6] = { 2, 0, 0, 0, 0, (uint8_t)(other + 1) };
	struct ndmsg header = {
		.ndm_family = AF_INET, .ndm_ifindex = HOST_END, .ndm_state = NUD_PERMANENT
	};

	begin(orders, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, &header, sizeof(header));
	put_u32(orders, NDA_DST, htonl(0x0a4d0001 + (uint32_t)other));
	put(orders, NDA_LLADDR, mac, 6);
}

static void add_route(struct orders *orders)
{
	struct rtmsg header = { .rtm_family = AF_INET,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_type = RTN_UNICAST,
		.rtm_scope = RT_SCOPE_LINK,
		.rtm_protocol = RTPROT_STATIC };

	begin(orders, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, &header, sizeof(header));
	put_u32(orders, RTA_OIF, HOST_END);
}

static void ask(struct orders *orders, int ifindex)
{
	struct ifinfomsg link = { .ifi_index = ifindex };

	begin(orders, RTM_GETLINK, 0, &link, sizeof(link));
	put_u32(orders, IFLA_EXT_MASK, 1u << 3);
}

static void stop_offloads(int rtnl, const char *interface, bool is_lo)
{
	static const uint32_t commands[] = { ETHTOOL_STXCSUM, ETHTOOL_STSO, ETHTOOL_SGSO,
		ETHTOOL_SGRO };

	for (size_t i = is_lo; i < 4; i++) {
		struct ethtool_value off = { .cmd = commands[i] };
		struct ifreq request = { .ifr_data = (char *)&off };

		strcpy(request.ifr_name, interface);
		if (ioctl(rtnl, SIOCETHTOOL, &request) < 0)
			die("SIOCETHTOOL");
	}
}

struct room {
	bool is_host;
	int fds[4]; /* net, user, ipc, uts */
	int rtnl;
};

static int open_or_die(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		die(path);
	return fd;
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return; /* no bridge netfilter here */
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die(path);
	close(fd);
}

static int furnish(void *arg)
{
	static const char *const paths[] = { "/proc/self/ns/net", "/proc/self/ns/user",
		"/proc/self/ns/ipc", "/proc/self/ns/uts" };
	struct room *room = arg;

	for (size_t i = 0; i < (room->is_host ? 4 : 1); i++)
		room->fds[i] = open_or_die(paths[i], O_RDONLY);
	room->rtnl = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (room->is_host) {
		write_file("/proc/sys/user/max_user_namespaces", "0");
		sethostname("host", 4);
	} else {
		write_file("/proc/sys/net/bridge/bridge-nf-call-iptables", "0");
		write_file("/proc/sys/net/bridge/bridge-nf-call-ip6tables", "0");
	}
	kill(getpid(), SIGSTOP);
	return 0;
}

static void make_room(struct room *room, bool is_host)
{
	static char stack[65536] __attribute__((aligned(16)));
	int flags =
		is_host ? CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS : CLONE_NEWNET;
	char path[64];
	pid_t pid;

	room->is_host = is_host;
	pid = clone(furnish, stack + sizeof(stack), CLONE_VM | CLONE_FILES | flags, room);
	if (pid < 0 || waitpid(pid, NULL, WUNTRACED | __WALL) < 0)
		die("clone");
	if (is_host) {
		snprintf(path, sizeof(path), "/proc/%d/uid_map", (int)pid);
		write_file(path, "0 0 1");
		snprintf(path, sizeof(path), "/proc/%d/gid_map", (int)pid);
		write_file(path, "0 0 1");
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, __WALL);
}

static void leave_room(const struct room *room)
{
	for (size_t i = 0; i < (room->is_host ? 4 : 1); i++)
		close(room->fds[i]);
}

static void set_up_wire(const struct room *wire, const struct room *hosts)
{
	struct orders orders = { .len = 0 };

	add_bridge(&orders);
	for (int cable = 0; cable < 2; cable++) {
		add_cable(&orders, cable, hosts[cable].fds[0]);
		silence_ipv6(&orders, WIRE_END(cable));
		raise_port(&orders, cable);
	}
	finish(&orders, wire->rtnl);
	stop_offloads(wire->rtnl, "cable0", false);
	stop_offloads(wire->rtnl, "cable1", false);
}

static void set_up_host(const struct room *host, int number)
{
	struct orders orders = { .len = 0 };

	stop_offloads(host->rtnl, "eth0", false);
	stop_offloads(host->rtnl, "lo", true);
	raise_lo(&orders);
	silence_ipv6(&orders, HOST_END);
	raise_host_end(&orders);
	add_address(&orders, number);
	add_neighbour(&orders, !number);
	add_route(&orders);
	ask(&orders, HOST_END);
	finish(&orders, host->rtnl);
	close(host->rtnl);
}

static void bare_up(struct room *rooms)
{
	struct orders orders = { .len = 0 };

	make_room(&rooms[2], false);
	make_room(&rooms[0], true);
	make_room(&rooms[1], true);
	set_up_wire(&rooms[2], rooms);
	set_up_host(&rooms[0], 0);
	set_up_host(&rooms[1], 1);
	ask(&orders, WIRE_END(0));
	ask(&orders, WIRE_END(1));
	finish(&orders, rooms[2].rtnl);
	close(rooms[2].rtnl);
}

static void bare_down(const struct room *rooms)
{
	for (size_t i = 0; i < 3; i++)
		leave_room(&rooms[i]);
}

/* One round of each kind; microseconds. */
struct lap {
	double up, down;
};

static double us_since(uint64_t start_ns)
{
	return (double)(wl_monotonic_ns() - start_ns) / 1e3;
}

static void run_bare(struct lap *lap)
{
	uint64_t start = wl_monotonic_ns();
	struct room rooms[3];

	bare_up(rooms);
	lap->up = us_since(start);
	start = wl_monotonic_ns();
	bare_down(rooms);
	lap->down = us_since(start);
}

static void run_topo(struct lap *lap)
{
	static const char *const hosts[] = { "alice", "bob", NULL };
	static const struct wl_cable cables[] = {
		{ .host = "alice", .address = "10.77.0.1/24" },
		{ .host = "bob", .address = "10.77.0.2/24" },
		{ NULL },
	};
	static const struct wl_stage stage = { .hosts = hosts, .cables = cables };
	uint64_t start = wl_monotonic_ns();
	struct topo *topo;
	struct wl_err err;

	if (topo_up(&topo, &stage, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		exit(1);
	}
	lap->up = us_since(start);
	start = wl_monotonic_ns();
	topo_down(topo);
	lap->down = us_since(start);
}

static int compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

static double median(const struct lap *laps, size_t count, bool up)
{
	static double values[MOST_ROUNDS];

	for (size_t i = 0; i < count; i++)
		values[i] = up ? laps[i].up : laps[i].down;
	qsort(values, count, sizeof(*values), compare);
	return values[count / 2];
}

/* Prints a line; true when the ratio is as it should be. */
static bool report(const char *what, double bare, double topo)
{
	printf("%-5s bare %8.1f us   topo %8.1f us   ratio %.2f\n", what, bare, topo, topo / bare);
	return topo <= 1.5 * bare;
}

/* Into a user namespace with one id, as an ordinary user's harness is in. */
static void enter_namespace(void)
{
	char uid_map[32], gid_map[32];

	snprintf(uid_map, sizeof(uid_map), "0 %u 1", (unsigned int)geteuid());
	snprintf(gid_map, sizeof(gid_map), "0 %u 1", (unsigned int)getegid());
	if (unshare(CLONE_NEWUSER) < 0)
		die("unshare");
	write_file("/proc/self/setgroups", "deny");
	write_file("/proc/self/uid_map", uid_map);
	write_file("/proc/self/gid_map", gid_map);
	prctl(PR_SET_DUMPABLE, 1);
}

int main(int argc, char **argv)
{
	static struct lap bare[MOST_ROUNDS], topo[MOST_ROUNDS], warm;
	size_t rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 200;
	bool fine;

	if (rounds == 0 || rounds > MOST_ROUNDS)
		return 2;
	enter_namespace();
	for (int i = 0; i < 10; i++) {
		run_bare(&warm);
		run_topo(&warm);
	}
	for (size_t i = 0; i < rounds; i++) {
		run_bare(&bare[i]);
		run_topo(&topo[i]);
	}
	printf("two hosts, one LAN, %zu rounds, medians:\n", rounds);
	fine = report("up", median(bare, rounds, true), median(topo, rounds, true));
	fine &= report("down", median(bare, rounds, false), median(topo, rounds, false));
	return !fine;
}
