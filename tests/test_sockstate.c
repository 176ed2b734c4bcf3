/* Each kind of socket is seen as it is, in its own namespace only, and the memberships with it. */
#include <net/ethernet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "harness/base/cleanup.h"
#include "netns/igmp.h"
#include "netns/sockstate.h"
#include "netns/tcp_count.h"
#include "netns/topo.h"
#include "tests/inside.h"
#include "tests/tests.h"

static const char *const hosts[] = { "alice", "bob", NULL };
static const struct wl_cable cables[] = {
	{ .host = "alice", .address = "10.77.0.1/24" },
	{ .host = "bob", .address = "10.77.0.2/24" },
	{ NULL },
};
static const struct wl_stage stage = { .hosts = hosts, .cables = cables };

/* A stage, bob's socket state, and room for answers. */
struct scene {
	struct topo *topo;
	struct sockstate *state;
	struct wl_arena *arena;
	int alice, bob; /* network namespaces */
};

static void close_scene(struct scene *scene)
{
	sockstate_close(scene->state);
	topo_down(scene->topo);
	wl_arena_free(scene->arena);
}

#define scene_auto __attribute__((cleanup(close_scene)))

static void open_scene(struct scene *scene)
{
	struct wl_err err = { "" };

	scene->arena = wl_arena_new();
	CU_ASSERT_EQUAL_FATAL(topo_up(&scene->topo, &stage, &err), 0);
	scene->alice = topo_host_netns(scene->topo, 0);
	scene->bob = topo_host_netns(scene->topo, 1);
	CU_ASSERT_EQUAL_FATAL(sockstate_open(&scene->state, scene->bob, &err), 0);
}

/* What bob's namespace says of the socket FD, NULL when it is not listed. */
static const struct wl_socket *look_up(const struct scene *scene, int fd)
{
	struct wl_socket *sockets = NULL;
	struct wl_err err = { "" };
	struct stat status;
	size_t count = 0;

	CU_ASSERT_EQUAL(fstat(fd, &status), 0);
	if (sockstate_sockets(scene->state, SOCKSTATE_ALL, scene->arena, &sockets, &count, &err) < 0)
		fprintf(stderr, "%s\n", err.text);
	for (size_t i = 0; i < count; i++)
		if (sockets[i].inode == status.st_ino)
			return &sockets[i];
	return NULL;
}

static void wait_readable(int fd)
{
	struct pollfd waiting = { .fd = fd, .events = POLLIN };

	CU_ASSERT_EQUAL(poll(&waiting, 1, 10000), 1);
}

static void udp_sockets_are_seen(void)
{
	scene_auto struct scene scene = { 0 };
	wl_auto_fd int server = -1, client = -1;
	const struct wl_socket *seen;

	if (!can_stage())
		return;
	open_scene(&scene);
	server = inside_udp(scene.bob, "10.77.0.2", 49002);
	seen = look_up(&scene, server);
	CU_ASSERT_PTR_NOT_NULL_FATAL(seen);
	CU_ASSERT_EQUAL(seen->family, AF_INET);
	CU_ASSERT_EQUAL(seen->protocol, IPPROTO_UDP);
	CU_ASSERT_STRING_EQUAL(seen->local, "10.77.0.2");
	CU_ASSERT_EQUAL(seen->local_port, 49002);
	CU_ASSERT_EQUAL(seen->state, TCP_CLOSE);
	CU_ASSERT_EQUAL(seen->receive_queue, 0);
	client = inside_udp(scene.alice, "10.77.0.1", 0);
	CU_ASSERT(inside_send(client, "10.77.0.2", 49002, "unread"));
	wait_readable(server);
	seen = look_up(&scene, server);
	CU_ASSERT_PTR_NOT_NULL_FATAL(seen);
	CU_ASSERT(seen->receive_queue > 0);
	CU_ASSERT(inside_takes(server, "unread", NULL));
	CU_ASSERT_PTR_NULL(look_up(&scene, client));
}

static void connected_udp_sockets_are_seen(void)
{
	struct sockaddr_in to = inside_address("10.77.0.1", 7000);
	scene_auto struct scene scene = { 0 };
	wl_auto_fd int client = -1;
	const struct wl_socket *seen;

	if (!can_stage())
		return;
	open_scene(&scene);
	client = inside_udp(scene.bob, "0.0.0.0", 0);
	CU_ASSERT_EQUAL(connect(client, (struct sockaddr *)&to, sizeof(to)), 0);
	seen = look_up(&scene, client);
	CU_ASSERT_PTR_NOT_NULL_FATAL(seen);
	CU_ASSERT_EQUAL(seen->state, TCP_ESTABLISHED);
	CU_ASSERT_STRING_EQUAL(seen->remote, "10.77.0.1");
	CU_ASSERT_EQUAL(seen->remote_port, 7000);
}

static void tcp_sockets_are_seen(void)
{
	struct sockaddr_in to = inside_address("10.77.0.2", 49001);
	scene_auto struct scene scene = { 0 };
	wl_auto_fd int listener = -1, client = -1, server = -1;
	const struct wl_socket *seen;

	if (!can_stage())
		return;
	open_scene(&scene);
	listener = inside_listener(scene.bob, "0.0.0.0", 49001);
	client = inside_socket(scene.alice, AF_INET, SOCK_STREAM, 0);
	CU_ASSERT_EQUAL_FATAL(connect(client, (struct sockaddr *)&to, sizeof(to)), 0);
	wait_readable(listener);
	seen = look_up(&scene, listener);
	CU_ASSERT_PTR_NOT_NULL_FATAL(seen);
	CU_ASSERT_EQUAL(seen->protocol, IPPROTO_TCP);
	CU_ASSERT_EQUAL(seen->state, TCP_LISTEN);
	CU_ASSERT_EQUAL(seen->local_port, 49001);
	CU_ASSERT_EQUAL(seen->receive_queue, 1);
	server = accept(listener, NULL, NULL);
	CU_ASSERT_EQUAL(send(client, "unread", 6, 0), 6);
	wait_readable(server);
	seen = look_up(&scene, server);
	CU_ASSERT_PTR_NOT_NULL_FATAL(seen);
	CU_ASSERT_EQUAL(seen->state, TCP_ESTABLISHED);
	CU_ASSERT_STRING_EQUAL(seen->remote, "10.77.0.1");
	CU_ASSERT_EQUAL(seen->receive_queue, 6);
	CU_ASSERT_PTR_NULL(look_up(&scene, client));
}

static void ipv6_sockets_are_seen(void)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6, .sin6_port = htons(49001) };
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM };
	scene_auto struct scene scene = { 0 };

	if (!can_stage())
		return;
	open_scene(&scene);
	for (size_t i = 0; i < 2; i++) {
		wl_auto_fd int server = inside_socket(scene.bob, AF_INET6, types[i], 0);
		const struct wl_socket *seen;

		if (server < 0) {
			notrun("this machine has no IPv6");
			return;
		}
		CU_ASSERT_EQUAL(bind(server, (struct sockaddr *)&any, sizeof(any)), 0);
		if (types[i] == SOCK_STREAM)
			CU_ASSERT_EQUAL(listen(server, 5), 0);
		seen = look_up(&scene, server);
		CU_ASSERT_PTR_NOT_NULL_FATAL(seen);
		CU_ASSERT_EQUAL(seen->family, AF_INET6);
		CU_ASSERT_EQUAL(
			seen->protocol, types[i] == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP);
		CU_ASSERT_STRING_EQUAL(seen->local, "::");
		CU_ASSERT_EQUAL(seen->local_port, 49001);
	}
}

static void packet_sockets_are_seen(void)
{
	scene_auto struct scene scene = { 0 };
	wl_auto_fd int bound = -1, loose = -1, client = -1;
	const struct wl_socket *seen;

	if (!can_stage())
		return;
	open_scene(&scene);
	bound = inside_sniffer(scene.bob, "eth0");
	loose = inside_socket(scene.bob, AF_PACKET, SOCK_RAW, htons(ETH_P_IP));
	seen = look_up(&scene, bound);
	CU_ASSERT_PTR_NOT_NULL_FATAL(seen);
	CU_ASSERT_EQUAL(seen->family, AF_PACKET);
	CU_ASSERT_EQUAL(seen->protocol, ETH_P_ALL);
	CU_ASSERT_NOT_EQUAL(seen->ifindex, 0);
	CU_ASSERT_STRING_EQUAL(seen->local, "");
	CU_ASSERT_EQUAL(seen->receive_queue, 0);
	seen = look_up(&scene, loose);
	CU_ASSERT_PTR_NOT_NULL_FATAL(seen);
	CU_ASSERT_EQUAL(seen->protocol, ETH_P_IP);
	CU_ASSERT_EQUAL(seen->ifindex, 0);
	client = inside_udp(scene.alice, "10.77.0.1", 0);
	CU_ASSERT(inside_send(client, "10.77.0.2", 7000, "to nobody"));
	wait_readable(bound);
	seen = look_up(&scene, bound);
	CU_ASSERT_PTR_NOT_NULL_FATAL(seen);
	CU_ASSERT(seen->receive_queue > 0);
}

static unsigned int users_of(const struct scene *scene, const char *interface, const char *group)
{
	struct wl_membership *memberships = NULL;
	size_t count = 0;

	CU_ASSERT_EQUAL(
		sockstate_memberships(scene->state, scene->arena, &memberships, &count, NULL), 0);
	for (size_t i = 0; i < count; i++)
		if (strcmp(memberships[i].interface, interface) == 0 &&
			strcmp(memberships[i].group, group) == 0)
			return memberships[i].users;
	return 0;
}

static void memberships_are_seen(void)
{
	struct ip_mreq group = { .imr_multiaddr = inside_address("224.1.1.1", 0).sin_addr };
	scene_auto struct scene scene = { 0 };
	wl_auto_fd int first = -1, second = -1;

	if (!can_stage())
		return;
	open_scene(&scene);
	CU_ASSERT_EQUAL(users_of(&scene, "eth0", "224.0.0.1"), 1);
	CU_ASSERT_EQUAL(users_of(&scene, "eth0", "224.1.1.1"), 0);
	first = inside_udp(scene.bob, "0.0.0.0", 0);
	second = inside_udp(scene.bob, "0.0.0.0", 0);
	CU_ASSERT_EQUAL(setsockopt(first, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof(group)), 0);
	CU_ASSERT_EQUAL(users_of(&scene, "eth0", "224.1.1.1"), 1);
	CU_ASSERT_EQUAL(
		setsockopt(second, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof(group)), 0);
	CU_ASSERT_EQUAL(users_of(&scene, "eth0", "224.1.1.1"), 2);
	CU_ASSERT_EQUAL(
		setsockopt(first, IPPROTO_IP, IP_DROP_MEMBERSHIP, &group, sizeof(group)), 0);
	wl_close_fd(&second);
	second = -1;
	CU_ASSERT_EQUAL(users_of(&scene, "eth0", "224.1.1.1"), 0);
}

static void many_memberships_are_read(void)
{
	struct ip_mreq group = { 0 };
	scene_auto struct scene scene = { 0 };
	int sockets[12];

	if (!can_stage())
		return;
	open_scene(&scene);
	for (unsigned int i = 0; i < 12; i++) {
		sockets[i] = inside_udp(scene.bob, "0.0.0.0", 0);
		for (unsigned int j = 0; j < 20; j++) {
			group.imr_multiaddr.s_addr = htonl(0xe8000000u + i * 20 + j);
			CU_ASSERT_EQUAL(setsockopt(sockets[i], IPPROTO_IP, IP_ADD_MEMBERSHIP,
						&group, sizeof(group)),
				0);
		}
	}
	CU_ASSERT_EQUAL(users_of(&scene, "eth0", "232.0.0.0"), 1);
	CU_ASSERT_EQUAL(users_of(&scene, "eth0", "232.0.0.239"), 1);
	for (unsigned int i = 0; i < 12; i++)
		wl_close_fd(&sockets[i]);
}

static void the_table_of_groups_is_parsed(void)
{
	char text[] = "Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n"
		      "1\tlo        :     1      V3\n"
		      "\t\t\t\t010000E0     1 0:00000000\t\t0\n"
		      "1024\tinterface-no-15:     2      V3\n"
		      "\t\t\t\t010101E0     3 1:00000010\t\t1\n"
		      "\t\t\t\tgarbage\n";
	struct wl_arena *arena = wl_arena_new();
	struct wl_membership *memberships = NULL;
	size_t count = 0;

	if (htonl(1) == 1) { /* the text is a little-endian machine's */
		wl_arena_free(arena);
		return;
	}
	igmp_parse(text, arena, &memberships, &count);
	CU_ASSERT_EQUAL_FATAL(count, 2);
	CU_ASSERT_STRING_EQUAL(memberships[0].interface, "lo");
	CU_ASSERT_STRING_EQUAL(memberships[0].group, "224.0.0.1");
	CU_ASSERT_STRING_EQUAL(memberships[1].interface, "interface-no-15");
	CU_ASSERT_STRING_EQUAL(memberships[1].group, "224.1.1.1");
	CU_ASSERT_EQUAL(memberships[1].users, 3);
	wl_arena_free(arena);
}

static void the_counters_are_parsed(void)
{
	static const char ipv4[] =
		"sockets: used 26\n"
		"TCP: inuse 5 orphan 1 tw 2 alloc 7 mem 1\nUDP: inuse 9 mem 245\n";

	CU_ASSERT_EQUAL(tcp_count_parse(ipv4, "TCP"), 7);
	CU_ASSERT_EQUAL(tcp_count_parse("TCP6: inuse 3\nUDP6: inuse 1\n", "TCP6"), 3);
	CU_ASSERT_EQUAL(tcp_count_parse("", "TCP"), (size_t)-1);
	CU_ASSERT_EQUAL(tcp_count_parse("UDP: inuse 9 mem 245\nTCP: none\n", "TCP"), (size_t)-1);
}

/* The side that closes first keeps its end of the connection for a while, without an inode. */
static void time_wait_is_seen(void)
{
	struct sockaddr_in to = inside_address("10.77.0.1", 49001);
	scene_auto struct scene scene = { 0 };
	wl_auto_fd int listener = -1, client = -1, server = -1;
	struct wl_socket *sockets = NULL;
	size_t count = 0;
	char byte;

	if (!can_stage())
		return;
	open_scene(&scene);
	listener = inside_listener(scene.alice, "0.0.0.0", 49001);
	client = inside_socket(scene.bob, AF_INET, SOCK_STREAM, 0);
	CU_ASSERT_EQUAL_FATAL(connect(client, (struct sockaddr *)&to, sizeof(to)), 0);
	server = accept(listener, NULL, NULL);
	CU_ASSERT_EQUAL(shutdown(client, SHUT_WR), 0);
	CU_ASSERT_EQUAL(recv(server, &byte, 1, 0), 0);
	wl_close_fd(&server);
	server = -1;
	CU_ASSERT_EQUAL(recv(client, &byte, 1, 0), 0);
	wl_close_fd(&client);
	client = -1;
	CU_ASSERT_EQUAL(sockstate_sockets(scene.state, SOCKSTATE_ALL, scene.arena, &sockets, &count, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(count, 1);
	CU_ASSERT_EQUAL(sockets[0].state, TCP_TIME_WAIT);
	CU_ASSERT_EQUAL(sockets[0].remote_port, 49001);
	CU_ASSERT_EQUAL(sockets[0].inode, 0);
}

static void no_namespace_no_state(void)
{
	struct sockstate *state = (struct sockstate *)&state;
	size_t descriptors = inside_count_descriptors();
	struct wl_err err = { "" };

	CU_ASSERT_EQUAL(sockstate_open(&state, -1, &err), -1);
	CU_ASSERT_PTR_NULL(state);
	CU_ASSERT_NOT_EQUAL(err.text[0], '\0');
	CU_ASSERT_EQUAL(inside_count_descriptors(), descriptors);
	sockstate_close(NULL);
}

void suite_sockstate(void);
void suite_sockstate(void)
{
	test("UDP sockets are seen", udp_sockets_are_seen);
	test("connected UDP sockets are seen", connected_udp_sockets_are_seen);
	test("TCP sockets are seen", tcp_sockets_are_seen);
	test("IPv6 sockets are seen", ipv6_sockets_are_seen);
	test("packet sockets are seen", packet_sockets_are_seen);
	test("memberships are seen", memberships_are_seen);
	test("many memberships are read", many_memberships_are_read);
	test("the table of groups is parsed", the_table_of_groups_is_parsed);
	test("the counters are parsed", the_counters_are_parsed);
	test("TIME_WAIT is seen", time_wait_is_seen);
	test("no namespace, no state", no_namespace_no_state);
}
