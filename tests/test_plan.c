/*
 * Stages that cannot be: each is refused with a sentence that names the slip, and leaves nothing.
 */
#include <stdio.h>
#include <string.h>

#include "netns/topo.h"
#include "tests/inside.h"
#include "tests/tests.h"

static const char *const two[] = { "alice", "bob", NULL };
static const struct wl_cable pair_cables[] = {
	{ .host = "alice", .address = "10.77.0.1/24", .mac = "00:15:5d:11:c9:ca" },
	{ .host = "bob", .address = "10.77.0.2/24" },
	{ NULL },
};
static const struct wl_stage pair = { .hosts = two, .cables = pair_cables };

/* STAGE is refused with a sentence that has HINT in it, and nothing is left. */
static void check_refusal(const struct wl_stage *stage, const char *hint)
{
	size_t descriptors = inside_count_descriptors(), children = inside_count_children();
	struct wl_err err = { "" };
	struct topo *topo = (struct topo *)&err;

	CU_ASSERT_EQUAL(topo_up(&topo, stage, &err), -1);
	CU_ASSERT_PTR_NULL(topo);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, hint));
	if (!strstr(err.text, hint))
		fprintf(stderr, "expected \"%s\" in: %s\n", hint, err.text);
	CU_ASSERT_EQUAL(inside_count_descriptors(), descriptors);
	CU_ASSERT_EQUAL(inside_count_children(), children);
}

static void bad_cables_are_refused(void)
{
	static const struct {
		struct wl_cable cable;
		const char *hint;
	} slips[] = {
		{ { .host = "mallory" }, "\"mallory\"" },
		{ { .host = "alice", .address = "10.77.0.256/24" },
			"\"10.77.0.256/24\" of host alice" },
		{ { .host = "alice", .address = "10.77.0.1" }, "\"10.77.0.1\" of host alice" },
		{ { .host = "alice", .address = "10.77.0.1/33" }, "\"10.77.0.1/33\"" },
		{ { .host = "alice", .address = "10.77.0.1/24x" }, "\"10.77.0.1/24x\"" },
		{ { .host = "alice", .address = "10.77.0.1/-1" }, "\"10.77.0.1/-1\"" },
		{ { .host = "alice", .mac = "00:15:5d:11:c9" }, "\"00:15:5d:11:c9\"" },
		{ { .host = "alice", .mac = "00:15:5d:11:c9:cg" }, "cg\"" },
		{ { .host = "alice", .mac = "01:00:5e:00:00:01" }, "no MAC of one interface" },
		{ { .host = "alice", .mac = "00:00:00:00:00:00" }, "no MAC of one interface" },
		{ { .host = "alice", .interface = "lo" }, "\"lo\"" },
		{ { .host = "alice", .interface = "an-interface-name" }, "\"an-interface-name\"" },
		{ { .host = "alice", .interface = "a/b" }, "\"a/b\"" },
		{ { .host = "alice", .mtu = 67 }, "67 bytes" },
		{ { .host = "bob" }, "two cables at its interface eth0" },
	};

	for (size_t i = 0; i < sizeof(slips) / sizeof(*slips); i++) {
		const struct wl_cable cables[] = { { .host = "bob" }, slips[i].cable, { NULL } };
		const struct wl_stage stage = { .hosts = two, .cables = cables };

		check_refusal(&stage, slips[i].hint);
	}
}

static void bad_hosts_are_refused(void)
{
	static const struct {
		const char *hosts[4];
		const char *hint;
	} slips[] = {
		{ { NULL }, "no host" },
		{ { "alice", "bob", "alice", NULL }, "two hosts \"alice\"" },
		{ { "", NULL }, "\"\" is no name" },
		{ { "a-very-long-name", NULL }, "\"a-very-long-name\" is no name" },
		{ { "two words", NULL }, "\"two words\" is no name" },
	};

	for (size_t i = 0; i < sizeof(slips) / sizeof(*slips); i++) {
		const struct wl_stage stage = { .hosts = slips[i].hosts };

		check_refusal(&stage, slips[i].hint);
	}
}

static void bad_routes_are_refused(void)
{
	static const struct {
		struct wl_route route;
		const char *hint;
	} slips[] = {
		{ { "mallory", "default", NULL, NULL }, "\"mallory\"" },
		{ { "alice", "defualt", NULL, NULL }, "\"defualt\" of host alice" },
		{ { "alice", "10.1.0.5/16", NULL, NULL }, "\"10.1.0.5/16\" of host alice" },
		{ { "alice", NULL, NULL, NULL }, "no destination" },
		{ { "alice", "default", "10.77.0", NULL }, "\"10.77.0\" of host alice" },
		{ { "alice", "default", NULL, "eth1" }, "eth1, which it does not have" },
	};

	for (size_t i = 0; i < sizeof(slips) / sizeof(*slips); i++) {
		const struct wl_route routes[] = { slips[i].route, { NULL } };
		const struct wl_stage stage = {
			.hosts = two, .cables = pair_cables, .routes = routes
		};

		check_refusal(&stage, slips[i].hint);
	}
}

static void bad_leads_are_refused(void)
{
	static const struct {
		struct wl_lead lead;
		const char *hint;
	} slips[] = {
		{ { "mallory", IPPROTO_UDP, 7000, "10.77.0.2" }, "\"mallory\"" },
		{ { "alice", IPPROTO_ICMP, 7000, "10.77.0.2" }, "protocol 1" },
		{ { "alice", IPPROTO_UDP, 0, "10.77.0.2" }, "port 0" },
		{ { "alice", IPPROTO_UDP, 7000, "bob" }, "\"bob\"" },
		{ { "alice", IPPROTO_UDP, 7000, NULL }, "\"\", to which" },
	};

	for (size_t i = 0; i < sizeof(slips) / sizeof(*slips); i++) {
		const struct wl_lead leads[] = { slips[i].lead, { NULL } };
		const struct wl_stage stage = {
			.hosts = two, .cables = pair_cables, .leads = leads
		};

		check_refusal(&stage, slips[i].hint);
	}
}

/* The tables are well formed, and yet the kernel refuses: half a stage stands by then. */
static void what_the_kernel_refuses_leaves_nothing(void)
{
	static const struct wl_route twice[] = {
		{ "bob", "default", NULL, NULL },
		{ "bob", "default", NULL, NULL },
		{ NULL },
	};
	static const struct wl_route nowhere[] = {
		{ "bob", "default", "192.0.2.1", NULL },
		{ NULL },
	};
	struct wl_stage stage = pair;

	if (!can_stage())
		return;
	stage.routes = twice;
	check_refusal(&stage, "host bob: the kernel refuses a route");
	stage.routes = nowhere;
	check_refusal(&stage, "host bob: the kernel refuses a route");
}

void suite_plan(void);
void suite_plan(void)
{
	test("bad cables are refused", bad_cables_are_refused);
	test("bad hosts are refused", bad_hosts_are_refused);
	test("bad routes are refused", bad_routes_are_refused);
	test("bad leads are refused", bad_leads_are_refused);
	test("what the kernel refuses leaves nothing", what_the_kernel_refuses_leaves_nothing);
}
