/*
 * Stages in real namespaces: what was declared is there, frames pass, nothing else does, nothing
 * stays.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/leave.h"
#include "netns/topo.h"
#include "netns/userns.h"
#include "tests/inside.h"
#include "tests/tests.h"

#define COURSE_MAC "\x00\x15\x5d\x11\xc9\xca"

static const char *const two[] = { "alice", "bob", NULL };
static const char *const three[] = { "alice", "bob", "carol", NULL };

static const struct wl_cable pair_cables[] = {
	{ .host = "alice", .address = "10.77.0.1/24", .mac = "00:15:5d:11:c9:ca" },
	{ .host = "bob", .address = "10.77.0.2/24" },
	{ NULL },
};
static const struct wl_stage pair = { .hosts = two, .cables = pair_cables };

static const struct wl_cable trio_cables[] = {
	{ .host = "alice", .address = "10.77.0.1/24" },
	{ .host = "bob", .address = "10.77.0.2/24" },
	{ .host = "carol", .address = "10.77.0.3/24", .interface = "wlan0" },
	{ NULL },
};
static const struct wl_route trio_routes[] = {
	{ "alice", "default", NULL, NULL },
	{ NULL },
};
static const struct wl_stage trio = {
	.hosts = three, .cables = trio_cables, .routes = trio_routes
};

static const struct wl_cable routed_cables[] = {
	{ .host = "alice", .address = "10.1.0.1/24", .lan = "left" },
	{ .host = "carol", .address = "10.1.0.254/24", .lan = "left" },
	{ .host = "bob", .address = "10.2.0.1/24", .lan = "right", .mtu = 1600 },
	{ .host = "carol",
		.address = "10.2.0.254/24",
		.lan = "right",
		.interface = "eth1",
		.mtu = 1600 },
	{ NULL },
};
static const struct wl_route routed_routes[] = {
	{ "alice", "default", "10.1.0.254", NULL },
	{ "bob", "10.1.0.0/16", "10.2.0.254", "eth0" },
	{ NULL },
};
static const struct wl_stage routed = {
	.hosts = three, .cables = routed_cables, .routes = routed_routes
};

static void two_hosts_talk(void)
{
	topo_auto struct topo *topo = NULL;

	if (!can_stage())
		return;
	topo = inside_stage(&pair);
	CU_ASSERT_EQUAL(topo_host_count(topo), 2);
	CU_ASSERT_EQUAL(topo_cable_count(topo), 2);
	CU_ASSERT_EQUAL(topo_find_host(topo, "bob"), 1);
	CU_ASSERT_EQUAL(topo_find_host(topo, "mallory"), -1);
	CU_ASSERT_STRING_EQUAL(topo_host_name(topo, 0), "alice");
	CU_ASSERT(inside_passes(topo, 0, 1, "10.77.0.2"));
	CU_ASSERT(inside_passes(topo, 1, 0, "10.77.0.1"));
	CU_ASSERT(inside_passes(topo, 0, 0, "127.0.0.1"));
}

static void three_hosts_share_a_lan(void)
{
	topo_auto struct topo *topo = NULL;

	if (!can_stage())
		return;
	topo = inside_stage(&trio);
	for (size_t from = 0; from < 3; from++)
		for (size_t to = 0; to < 3; to++) {
			char address[] = "10.77.0.1";

			address[8] = (char)('1' + to);
			CU_ASSERT(inside_passes(topo, from, to, address));
		}
}

static void gateways_pass_datagrams_on(void)
{
	topo_auto struct topo *topo = NULL;

	if (!can_stage())
		return;
	topo = inside_stage(&routed);
	CU_ASSERT(inside_passes(topo, 0, 1, "10.2.0.1"));
	CU_ASSERT(inside_passes(topo, 1, 0, "10.1.0.1"));
}

/* One fact of an interface by an ioctl(2) that fills an ifreq. */
static struct ifreq ask(int netns, const char *interface, unsigned long what)
{
	wl_auto_fd int fd = inside_socket(netns, AF_INET, SOCK_DGRAM, 0);
	struct ifreq request = { 0 };

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", interface);
	CU_ASSERT_EQUAL(ioctl(fd, what, &request), 0);
	return request;
}

static bool has_address(int netns, const char *interface, unsigned long what, const char *expected)
{
	struct ifreq answer = ask(netns, interface, what);
	struct sockaddr_in seen, wanted = inside_address(expected, 0);

	memcpy(&seen, &answer.ifr_addr, sizeof(seen));
	return seen.sin_addr.s_addr == wanted.sin_addr.s_addr;
}

static void interfaces_are_as_declared(void)
{
	topo_auto struct topo *topo = NULL;
	int alice, bob, carol;

	if (!can_stage())
		return;
	topo = inside_stage(&pair);
	alice = topo_host_netns(topo, 0);
	CU_ASSERT_EQUAL(
		memcmp(ask(alice, "eth0", SIOCGIFHWADDR).ifr_hwaddr.sa_data, COURSE_MAC, 6), 0);
	CU_ASSERT_EQUAL(ask(alice, "eth0", SIOCGIFMTU).ifr_mtu, 1500);
	CU_ASSERT_EQUAL(ask(alice, "lo", SIOCGIFMTU).ifr_mtu, 4096);
	CU_ASSERT(ask(alice, "lo", SIOCGIFFLAGS).ifr_flags & IFF_UP);
	CU_ASSERT(has_address(alice, "eth0", SIOCGIFADDR, "10.77.0.1"));
	CU_ASSERT(has_address(alice, "eth0", SIOCGIFNETMASK, "255.255.255.0"));
	CU_ASSERT(has_address(alice, "eth0", SIOCGIFBRDADDR, "10.77.0.255"));
	topo_downp(&topo);
	topo = inside_stage(&routed);
	bob = topo_host_netns(topo, 1);
	carol = topo_host_netns(topo, 2);
	CU_ASSERT_EQUAL(ask(bob, "eth0", SIOCGIFMTU).ifr_mtu, 1600);
	CU_ASSERT_EQUAL(ask(carol, "eth1", SIOCGIFMTU).ifr_mtu, 1600);
	CU_ASSERT_EQUAL(
		memcmp(ask(carol, "eth1", SIOCGIFHWADDR).ifr_hwaddr.sa_data, "\2\0\0\0\0\4", 6), 0);
	CU_ASSERT(has_address(carol, "eth0", SIOCGIFADDR, "10.1.0.254"));
	CU_ASSERT(ask(carol, "eth1", SIOCGIFFLAGS).ifr_flags & IFF_RUNNING);
	CU_ASSERT(ask(topo_wire_netns(topo), topo_wire_end(topo, 3), SIOCGIFFLAGS).ifr_flags &
		  IFF_RUNNING);
}

/*
 * Is there a line of /proc/net/route with these columns? Numbers as it prints them: memory order.
 */
static bool has_route(int netns, const char *interface, const char *destination,
	const char *gateway, const char *mask)
{
	char table[4096], *rest = NULL, name[16];
	unsigned int seen[3], metrics[4];

	inside_read(netns, "/proc/self/net/route", table, sizeof(table));
	for (char *line = strtok_r(table, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		if (sscanf(line, "%15s %x %x %x %u %u %u %x", name, &seen[0], &seen[1], &metrics[0],
			    &metrics[1], &metrics[2], &metrics[3], &seen[2]) == 8 &&
			strcmp(name, interface) == 0 &&
			seen[0] == inside_address(destination, 0).sin_addr.s_addr &&
			seen[1] == inside_address(gateway, 0).sin_addr.s_addr &&
			seen[2] == inside_address(mask, 0).sin_addr.s_addr)
			return true;
	return false;
}

static void routes_are_as_declared(void)
{
	topo_auto struct topo *topo = NULL;

	if (!can_stage())
		return;
	topo = inside_stage(&pair);
	for (size_t host = 0; host < 2; host++)
		CU_ASSERT(has_route(
			topo_host_netns(topo, host), "eth0", "0.0.0.0", "0.0.0.0", "0.0.0.0"));
	topo_downp(&topo);
	topo = inside_stage(&trio);
	CU_ASSERT(has_route(topo_host_netns(topo, 0), "eth0", "0.0.0.0", "0.0.0.0", "0.0.0.0"));
	CU_ASSERT_FALSE(
		has_route(topo_host_netns(topo, 2), "wlan0", "0.0.0.0", "0.0.0.0", "0.0.0.0"));
	topo_downp(&topo);
	topo = inside_stage(&routed);
	CU_ASSERT(has_route(topo_host_netns(topo, 0), "eth0", "0.0.0.0", "10.1.0.254", "0.0.0.0"));
	CU_ASSERT(has_route(
		topo_host_netns(topo, 1), "eth0", "10.1.0.0", "10.2.0.254", "255.255.0.0"));
}

static void a_join_on_any_interface_works(void)
{
	struct ip_mreq group = { .imr_multiaddr = inside_address("224.1.1.1", 0).sin_addr };
	topo_auto struct topo *topo = NULL;
	wl_auto_fd int member = -1, sender = -1;

	if (!can_stage())
		return;
	topo = inside_stage(&pair);
	member = inside_udp(topo_host_netns(topo, 1), "0.0.0.0", 49003);
	CU_ASSERT_EQUAL(
		setsockopt(member, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof(group)), 0);
	sender = inside_socket(topo_host_netns(topo, 0), AF_INET, SOCK_DGRAM, 0);
	CU_ASSERT(inside_send(sender, "224.1.1.1", 49003, "to all"));
	CU_ASSERT(inside_takes(member, "to all", NULL));
}

#define SYSFS_FORBIDDEN 100

/* 0 when /sys shows bob's eth0. */
static int look_at_sysfs(void)
{
	wl_auto_fd int fd = open("/sys/class/net/eth0/address", O_RDONLY | O_CLOEXEC);
	char mac[18] = "";

	if (fd >= 0 && read(fd, mac, 17) == 17 && strcmp(mac, "02:00:00:00:00:02") == 0)
		return 0;
	return mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, NULL) <
			       0
		       ? SYSFS_FORBIDDEN
		       : 1;
}

/*
 * What holds inside a host for a child that entered it; returns the number of the first thing
 * that does not.
 */
static int look_around(const struct topo *topo)
{
	struct wl_err err = { "" };
	char name[64];

	if (topo_enter_host(topo, 1, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 2;
	}
	if (geteuid() != 0 || getuid() != 0 || getegid() != 0)
		return 3;
	if (gethostname(name, sizeof(name)) < 0 || strcmp(name, "bob") != 0)
		return 4;
	if (unshare(CLONE_NEWUSER) == 0 || errno != ENOSPC)
		return 5;
	if (userns_id_count() != 1)
		return 6;
	return sethostname("renamed", 7) < 0 ? 7 : look_at_sysfs();
}

static void a_child_enters_a_host(void)
{
	topo_auto struct topo *topo = NULL;
	int status = -1;
	pid_t child;

	if (!can_stage())
		return;
	topo = inside_stage(&pair);
	fflush(NULL);
	child = fork();
	if (child == 0)
		wl_leave(look_around(topo));
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	CU_ASSERT(WIFEXITED(status));
	if (WEXITSTATUS(status) == SYSFS_FORBIDDEN)
		notrun("this machine does not permit a sysfs of one's own");
	else
		CU_ASSERT_EQUAL(WEXITSTATUS(status), 0);
}

static void hosts_have_ids_of_their_own(void)
{
	topo_auto struct topo *topo = NULL;

	if (!can_stage())
		return;
	topo = inside_stage(&pair);
	if (userns_id_count() == 1) {
		CU_ASSERT_EQUAL(topo_host_uid(topo, 0), 0);
		CU_ASSERT_EQUAL(topo_host_uid(topo, 1), 0);
	} else {
		CU_ASSERT_EQUAL(topo_host_uid(topo, 0), 10);
		CU_ASSERT_EQUAL(topo_host_uid(topo, 1), 11);
	}
}

static ino_t own_netns(void)
{
	struct stat status;

	return stat("/proc/self/ns/net", &status) == 0 ? status.st_ino : 0;
}

static void nothing_stays_of_two_hundred_stages(void)
{
	size_t descriptors = inside_count_descriptors(), children = inside_count_children();
	ino_t netns = own_netns();
	struct wl_stage led = pair;
	const struct wl_lead leads[] = {
		{ .host = "alice", .protocol = IPPROTO_UDP, .port = 7000, .to = "10.77.0.2" },
		{ NULL },
	};

	if (!can_stage())
		return;
	led.leads = leads;
	for (int i = 0; i < 200; i++) {
		struct topo *topo = inside_stage(i % 2 ? &pair : &led);

		topo_down(topo);
	}
	CU_ASSERT_EQUAL(inside_count_descriptors(), descriptors);
	CU_ASSERT_EQUAL(inside_count_children(), children);
	CU_ASSERT_EQUAL(own_netns(), netns);
	topo_down(NULL);
}

/* More orders than one batch holds, and more cables than a bridge has seen so far. */
static void many_hosts_fit(void)
{
	char names[24][16];
	char addresses[24][20];
	const char *hosts[25] = { NULL };
	struct wl_cable cables[25] = { { NULL } };
	const struct wl_stage crowd = { .hosts = hosts, .cables = cables };
	topo_auto struct topo *topo = NULL;

	if (!can_stage())
		return;
	for (size_t i = 0; i < 24; i++) {
		snprintf(names[i], sizeof(names[i]), "host%zu", i);
		snprintf(addresses[i], sizeof(addresses[i]), "10.77.0.%zu/24", i + 1);
		hosts[i] = names[i];
		cables[i] = (struct wl_cable){ .host = names[i], .address = addresses[i] };
	}
	topo = inside_stage(&crowd);
	CU_ASSERT(inside_passes(topo, 0, 23, "10.77.0.24"));
	CU_ASSERT(inside_passes(topo, 23, 11, "10.77.0.12"));
}

/* A host without a cable, a cable without an address, and an MTU that is too small for IPv6. */
static void odd_stages_stand(void)
{
	static const struct wl_cable cables[] = {
		{ .host = "alice", .mtu = 576 },
		{ .host = "bob", .address = "10.77.0.2/24", .mtu = 576 },
		{ NULL },
	};
	static const struct wl_stage odd = { .hosts = three, .cables = cables };
	static const struct wl_stage lonely = { .hosts = two };
	topo_auto struct topo *topo = NULL;

	if (!can_stage())
		return;
	topo = inside_stage(&odd);
	CU_ASSERT_EQUAL(ask(topo_host_netns(topo, 0), "eth0", SIOCGIFMTU).ifr_mtu, 576);
	topo_downp(&topo);
	topo = inside_stage(&lonely);
	CU_ASSERT(inside_passes(topo, 0, 0, "127.0.0.1"));
}

void suite_topo(void);
void suite_topo(void)
{
	test("two hosts talk", two_hosts_talk);
	test("three hosts share a LAN", three_hosts_share_a_lan);
	test("gateways pass datagrams on", gateways_pass_datagrams_on);
	test("interfaces are as declared", interfaces_are_as_declared);
	test("routes are as declared", routes_are_as_declared);
	test("a join on any interface works", a_join_on_any_interface_works);
	test("a child enters a host", a_child_enters_a_host);
	test("hosts have ids of their own", hosts_have_ids_of_their_own);
	test("nothing stays of two hundred stages", nothing_stays_of_two_hundred_stages);
	test("many hosts fit", many_hosts_fit);
	test("odd stages stand", odd_stages_stand);
}
