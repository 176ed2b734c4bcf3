/*
 * Calls that are led to another host: by UDP and TCP, to 127.0.0.1 and to anywhere, and only
 * those.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "harness/base/cleanup.h"
#include "netns/topo.h"
#include "tests/inside.h"
#include "tests/tests.h"

static const char *const hosts[] = { "client", "server", "bystander", NULL };
static const struct wl_cable cables[] = {
	{ .host = "client", .address = "10.77.0.1/24" },
	{ .host = "server", .address = "10.77.0.2/24" },
	{ .host = "bystander", .address = "10.77.0.3/24" },
	{ NULL },
};
static const struct wl_lead leads[] = {
	{ .host = "client", .protocol = IPPROTO_UDP, .port = 49002, .to = "10.77.0.2" },
	{ .host = "client", .protocol = IPPROTO_TCP, .port = 49001, .to = "10.77.0.2" },
	{ NULL },
};
static const struct wl_stage led = { .hosts = hosts, .cables = cables, .leads = leads };

static const char *const called[] = { "127.0.0.1", "127.9.9.9", "10.77.0.1", "10.77.0.3",
	"198.51.100.7" };
#define CALLED (sizeof(called) / sizeof(*called))

static bool is_from(const struct sockaddr_in *seen, const char *address)
{
	return seen->sin_addr.s_addr == inside_address(address, 0).sin_addr.s_addr;
}

/*
 * Call ADDRESS by UDP; the server answers to the address that it sees, the client hears it from
 * the one that it called.
 */
static void check_udp(const struct topo *topo, int server, const char *address)
{
	wl_auto_fd int client = inside_socket(topo_host_netns(topo, 0), AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in seen = { 0 }, answering = { 0 };

	CU_ASSERT(inside_send(client, address, 49002, "call"));
	CU_ASSERT(inside_takes(server, "call", &seen));
	CU_ASSERT(is_from(&seen, "10.77.0.1"));
	CU_ASSERT_EQUAL(sendto(server, "answer", 6, 0, (struct sockaddr *)&seen, sizeof(seen)), 6);
	CU_ASSERT(inside_takes(client, "answer", &answering));
	CU_ASSERT(is_from(&answering, address));
	CU_ASSERT_EQUAL(answering.sin_port, htons(49002));
}

static void udp_calls_are_led(void)
{
	topo_auto struct topo *topo = NULL;
	wl_auto_fd int server = -1;

	if (!can_stage())
		return;
	topo = inside_stage(&led);
	server = inside_udp(topo_host_netns(topo, 1), "0.0.0.0", 49002);
	for (size_t i = 0; i < CALLED; i++)
		check_udp(topo, server, called[i]);
}

static void check_tcp(const struct topo *topo, int listener, const char *address)
{
	wl_auto_fd int client = inside_socket(topo_host_netns(topo, 0), AF_INET, SOCK_STREAM, 0);
	wl_auto_fd int server = -1;
	struct sockaddr_in to = inside_address(address, 49001), seen = { 0 };
	socklen_t len = sizeof(seen);
	char got[8];

	CU_ASSERT_EQUAL_FATAL(connect(client, (struct sockaddr *)&to, sizeof(to)), 0);
	server = accept(listener, (struct sockaddr *)&seen, &len);
	CU_ASSERT(is_from(&seen, "10.77.0.1"));
	CU_ASSERT_EQUAL(send(client, "call", 4, 0), 4);
	CU_ASSERT_EQUAL(recv(server, got, 4, MSG_WAITALL), 4);
	CU_ASSERT_EQUAL(send(server, "answer", 6, 0), 6);
	CU_ASSERT_EQUAL(recv(client, got, 6, MSG_WAITALL), 6);
}

static void tcp_calls_are_led(void)
{
	topo_auto struct topo *topo = NULL;
	wl_auto_fd int listener = -1;

	if (!can_stage())
		return;
	topo = inside_stage(&led);
	listener = inside_listener(topo_host_netns(topo, 1), "0.0.0.0", 49001);
	for (size_t i = 0; i < CALLED; i++)
		check_tcp(topo, listener, called[i]);
}

/* The call is visible on the wire, from the client's own address, and not within the client. */
static void led_calls_go_over_the_wire(void)
{
	topo_auto struct topo *topo = NULL;
	wl_auto_fd int server = -1, wire = -1, lo = -1;
	const uint8_t from_to[] = { 10, 77, 0, 1, 10, 77, 0, 2 };
	uint8_t frame[2048];

	if (!can_stage())
		return;
	topo = inside_stage(&led);
	wire = inside_sniffer(topo_wire_netns(topo), topo_wire_end(topo, 0));
	lo = inside_sniffer(topo_host_netns(topo, 0), "lo");
	server = inside_udp(topo_host_netns(topo, 1), "0.0.0.0", 49002);
	check_udp(topo, server, "127.0.0.1");
	CU_ASSERT_EQUAL(recv(wire, frame, sizeof(frame), MSG_DONTWAIT), 14 + 20 + 8 + 4);
	CU_ASSERT_EQUAL(memcmp(frame + 26, from_to, sizeof(from_to)), 0);
	CU_ASSERT_EQUAL(recv(lo, frame, sizeof(frame), MSG_DONTWAIT), -1);
}

/* Another port, another protocol on the same port, and hosts without leads stay at home. */
static void other_calls_stay(void)
{
	topo_auto struct topo *topo = NULL;
	wl_auto_fd int there = -1, here = -1, caller = -1, stream = -1;
	struct sockaddr_in to = inside_address("127.0.0.1", 49002);

	if (!can_stage())
		return;
	topo = inside_stage(&led);
	here = inside_udp(topo_host_netns(topo, 0), "127.0.0.1", 49003);
	caller = inside_socket(topo_host_netns(topo, 0), AF_INET, SOCK_DGRAM, 0);
	CU_ASSERT(inside_send(caller, "127.0.0.1", 49003, "home"));
	CU_ASSERT(inside_takes(here, "home", NULL));
	stream = inside_socket(topo_host_netns(topo, 0), AF_INET, SOCK_STREAM, 0);
	CU_ASSERT_EQUAL(connect(stream, (struct sockaddr *)&to, sizeof(to)), -1);
	CU_ASSERT_EQUAL(errno, ECONNREFUSED);
	wl_close_fd(&caller);
	there = inside_udp(topo_host_netns(topo, 2), "127.0.0.1", 49002);
	caller = inside_socket(topo_host_netns(topo, 2), AF_INET, SOCK_DGRAM, 0);
	CU_ASSERT(inside_send(caller, "127.0.0.1", 49002, "home"));
	CU_ASSERT(inside_takes(there, "home", NULL));
}

void suite_nat(void);
void suite_nat(void)
{
	test("UDP calls are led", udp_calls_are_led);
	test("TCP calls are led", tcp_calls_are_led);
	test("led calls go over the wire", led_calls_go_over_the_wire);
	test("other calls stay", other_calls_stay);
}
