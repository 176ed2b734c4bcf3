/* What goes over the cables of a stage, and what must not. */
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "harness/base/cleanup.h"
#include "netns/topo.h"
#include "tests/inside.h"
#include "tests/tests.h"

#define COURSE_MAC "\x00\x15\x5d\x11\xc9\xca"

static const char *const two[] = { "alice", "bob", NULL };
static const struct wl_cable pair_cables[] = {
	{ .host = "alice", .address = "10.77.0.1/24", .mac = "00:15:5d:11:c9:ca" },
	{ .host = "bob", .address = "10.77.0.2/24" },
	{ NULL },
};
static const struct wl_stage pair = { .hosts = two, .cables = pair_cables };

/* Send FRAME out of alice's eth0 and look for it at SNIFFER, skipping others. */
static bool frame_passes(int alice, int sniffer, const uint8_t *frame, size_t len)
{
	wl_auto_fd int sender = inside_sniffer(alice, "eth0");
	uint8_t got[2048];
	ssize_t got_len;

	if (send(sender, frame, len, 0) != (ssize_t)len)
		return false;
	while ((got_len = recv(sniffer, got, sizeof(got), 0)) > 0)
		if ((size_t)got_len == len && memcmp(got, frame, len) == 0)
			return true;
	return false;
}

static void a_frame_to_its_own_source_crosses(void)
{
	static const uint8_t as_ipv4[] = COURSE_MAC COURSE_MAC "\x08\x00hi, no IP header at all";
	static const uint8_t as_ipv6[] = COURSE_MAC COURSE_MAC "\x86\xddhi, no IP header at all";
	static const uint8_t to_nobody[] = "\x02\xaa\xaa\xaa\xaa\xaa" COURSE_MAC "\x88\xb5hi";
	topo_auto struct topo *topo = NULL;
	wl_auto_fd int bob = -1, wire = -1;
	int alice;

	if (!can_stage())
		return;
	topo = inside_stage(&pair);
	alice = topo_host_netns(topo, 0);
	bob = inside_sniffer(topo_host_netns(topo, 1), "eth0");
	wire = inside_sniffer(topo_wire_netns(topo), topo_wire_end(topo, 1));
	for (int i = 0; i < 3; i++) {
		CU_ASSERT(frame_passes(alice, bob, as_ipv4, sizeof(as_ipv4) - 1));
		CU_ASSERT(frame_passes(alice, bob, as_ipv6, sizeof(as_ipv6) - 1));
		CU_ASSERT(frame_passes(alice, wire, to_nobody, sizeof(to_nobody) - 1));
	}
}

static void large_datagrams_stay_whole(void)
{
	topo_auto struct topo *topo = NULL;
	wl_auto_fd int sender = -1, receiver = -1;
	char text[1501];

	if (!can_stage())
		return;
	topo = inside_stage(&pair);
	sender = inside_socket(topo_host_netns(topo, 0), AF_INET, SOCK_DGRAM, 0);
	receiver = inside_udp(topo_host_netns(topo, 1), "10.77.0.2", 7000);
	for (int round = 0; round < 20; round++) {
		memset(text, 'a' + round, 1500);
		text[1500] = '\0';
		CU_ASSERT(inside_send(sender, "10.77.0.2", 7000, text));
		CU_ASSERT(inside_takes(receiver, text, NULL));
	}
}

/* RFC 1071: the ones' complement sum of the bytes, a wrong one is not 0xffff. */
static uint16_t internet_sum(const uint8_t *bytes, size_t len, uint32_t sum)
{
	for (size_t i = 0; i < len; i++)
		sum += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

/* A TCP segment as it goes over a wire: no longer than the MTU allows, with its checksum. */
static bool is_finished_segment(const uint8_t *frame, size_t len)
{
	return len <= 1514 &&
	       internet_sum(frame + 26, len - 26, IPPROTO_TCP + (uint32_t)(len - 34)) == 0xffff;
}

static void segments_are_finished_on_the_wire(void)
{
	static char data[60000];
	struct sockaddr_in to = inside_address("10.77.0.2", 7000);
	topo_auto struct topo *topo = NULL;
	wl_auto_fd int wire = -1, listener = -1, client = -1, server = -1;
	size_t received = 0, segments = 0;
	uint8_t frame[65536];
	ssize_t len;

	if (!can_stage())
		return;
	topo = inside_stage(&pair);
	wire = inside_sniffer(topo_wire_netns(topo), topo_wire_end(topo, 0));
	listener = inside_listener(topo_host_netns(topo, 1), "10.77.0.2", 7000);
	client = inside_socket(topo_host_netns(topo, 0), AF_INET, SOCK_STREAM, 0);
	CU_ASSERT_EQUAL_FATAL(connect(client, (struct sockaddr *)&to, sizeof(to)), 0);
	server = accept(listener, NULL, NULL);
	CU_ASSERT_EQUAL(send(client, data, sizeof(data), 0), (ssize_t)sizeof(data));
	while (received < sizeof(data) && (len = recv(server, data, sizeof(data), 0)) > 0)
		received += (size_t)len;
	CU_ASSERT_EQUAL(received, sizeof(data));
	while ((len = recv(wire, frame, sizeof(frame), MSG_DONTWAIT)) > 0) {
		CU_ASSERT(is_finished_segment(frame, (size_t)len));
		segments += len > 1000;
	}
	CU_ASSERT(segments >= sizeof(data) / 1460);
}

static bool is_on(int netns, const char *interface, uint32_t command)
{
	wl_auto_fd int fd = inside_socket(netns, AF_INET, SOCK_DGRAM, 0);
	struct ethtool_value value = { .cmd = command };
	struct ifreq request = { .ifr_data = (char *)&value };

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", interface);
	CU_ASSERT_EQUAL(ioctl(fd, SIOCETHTOOL, &request), 0);
	return value.data != 0;
}

static void offloads_are_off(void)
{
	static const uint32_t commands[] = { ETHTOOL_GTSO, ETHTOOL_GGSO, ETHTOOL_GGRO };
	topo_auto struct topo *topo = NULL;

	if (!can_stage())
		return;
	topo = inside_stage(&pair);
	for (size_t host = 0; host < 2; host++) {
		int netns = topo_host_netns(topo, host);
		const char *wire_end = topo_wire_end(topo, host);

		CU_ASSERT_FALSE(is_on(netns, "eth0", ETHTOOL_GTXCSUM));
		CU_ASSERT_FALSE(is_on(topo_wire_netns(topo), wire_end, ETHTOOL_GTXCSUM));
		for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
			CU_ASSERT_FALSE(is_on(netns, "eth0", commands[i]));
			CU_ASSERT_FALSE(is_on(netns, "lo", commands[i]));
			CU_ASSERT_FALSE(is_on(topo_wire_netns(topo), wire_end, commands[i]));
		}
	}
}

/* How many frames interface NAME has received since it exists. */
static unsigned long frames_received(int netns, const char *name)
{
	char table[4096], *line;
	unsigned long bytes, frames = 0;

	inside_read(netns, "/proc/self/net/dev", table, sizeof(table));
	line = strstr(table, name);
	CU_ASSERT_PTR_NOT_NULL(line);
	if (line)
		CU_ASSERT_EQUAL(sscanf(line + strlen(name), ": %lu %lu", &bytes, &frames), 2);
	return frames;
}

/*
 * From the first moment on: the counters are as old as the cables. The datagrams show that what
 * came before has passed.
 */
static void an_idle_wire_is_silent(void)
{
	topo_auto struct topo *topo = NULL;
	wl_auto_fd int wire = -1;
	uint8_t frame[2048];
	int ns, frames = 0;

	if (!can_stage())
		return;
	topo = inside_stage(&pair);
	ns = topo_wire_netns(topo);
	wire = inside_sniffer(ns, NULL);
	for (int i = 0; i < 10; i++)
		CU_ASSERT(inside_passes(topo, 0, 1, "10.77.0.2"));
	CU_ASSERT(inside_passes(topo, 1, 0, "10.77.0.1"));
	CU_ASSERT_EQUAL(frames_received(ns, topo_wire_end(topo, 0)), 10);
	CU_ASSERT_EQUAL(frames_received(ns, topo_wire_end(topo, 1)), 1);
	for (; recv(wire, frame, sizeof(frame), MSG_DONTWAIT) > 0; frames++)
		CU_ASSERT(frame[12] == 8 && frame[13] == 0 && frame[23] == IPPROTO_UDP);
	CU_ASSERT(frames >= 22);
}

static void no_host_has_a_link_local_address(void)
{
	topo_auto struct topo *topo = NULL;
	char addresses[4096];

	if (!can_stage())
		return;
	topo = inside_stage(&pair);
	for (size_t host = 0; host < 2; host++) {
		inside_read(topo_host_netns(topo, host), "/proc/self/net/if_inet6", addresses,
			sizeof(addresses));
		CU_ASSERT_PTR_NULL(strstr(addresses, "fe80"));
	}
	inside_read(topo_wire_netns(topo), "/proc/self/net/if_inet6", addresses, sizeof(addresses));
	CU_ASSERT_PTR_NULL(strstr(addresses, "fe80"));
}

static void hosts_ask_by_arp_when_told_to(void)
{
	struct wl_stage asking = pair;
	topo_auto struct topo *topo = NULL;
	wl_auto_fd int wire = -1;
	uint8_t frame[2048];
	bool asked = false;

	if (!can_stage())
		return;
	asking.arp = true;
	topo = inside_stage(&asking);
	wire = inside_sniffer(topo_wire_netns(topo), topo_wire_end(topo, 0));
	CU_ASSERT(inside_passes(topo, 0, 1, "10.77.0.2"));
	while (recv(wire, frame, sizeof(frame), MSG_DONTWAIT) > 0)
		asked |= frame[12] == 8 && frame[13] == 6;
	CU_ASSERT(asked);
}

void suite_wire(void);
void suite_wire(void)
{
	test("a frame to its own source crosses", a_frame_to_its_own_source_crosses);
	test("large datagrams stay whole", large_datagrams_stay_whole);
	test("segments are finished on the wire", segments_are_finished_on_the_wire);
	test("offloads are off", offloads_are_off);
	test("an idle wire is silent", an_idle_wire_is_silent);
	test("no host has a link-local address", no_host_has_a_link_local_address);
	test("hosts ask by ARP when told to", hosts_ask_by_arp_when_told_to);
}
