/*
 * Capture in real namespaces: two hosts on a LAN, neighbours known, so that nothing but the tests'
 * own datagrams is on the wire. Each case builds its stage anew. Senders are forked children that
 * enter a host's network namespace.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/capture.h"
#include "harness/packet.h"
#include "netns/topo.h"
#include "tests/tests.h"

#define PORT 4000

static const char *const hosts[] = { "near", "far", NULL };
static const struct wl_cable cables[] = {
	{ .host = "near", .address = "10.77.0.1/24" },
	{ .host = "far", .address = "10.77.0.2/24", .mac = "00:15:5d:11:c9:ca", .mtu = 1600 },
	{ NULL },
};
static const struct wl_stage stage = { .hosts = hosts, .cables = cables };

/* The points of that stage. */
enum { NEAR, FAR, NEAR_LO, FAR_LO, POINTS };

struct scene {
	struct wl_arena *arena;
	struct topo *topo;
	struct capture *capture;
	struct wl_observation seen;
};

static bool scene_up(struct scene *scene)
{
	struct wl_err err = { "" };

	memset(scene, 0, sizeof(*scene));
	scene->arena = wl_arena_new();
	if (!topo_up(&scene->topo, &stage, &err) &&
		!capture_open(
			&scene->capture, scene->topo, &stage, &scene->seen, scene->arena, &err))
		return true;
	CU_FAIL(err.text);
	fprintf(stderr, "test_capture: %s\n", err.text);
	return false;
}

static void scene_down(struct scene *scene)
{
	capture_close(scene->capture);
	topo_down(scene->topo);
	wl_arena_free(scene->arena);
}

struct burst {
	const char *to;
	unsigned int count;
	size_t len;
};

/* In the sender's namespace. What it sends to itself it also takes, so that nothing is unreachable
 * when it ends. */
static int send_burst(const struct burst *burst)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	int sink = socket(AF_INET, SOCK_DGRAM, 0), from = socket(AF_INET, SOCK_DGRAM, 0);
	static char bytes[2000];
	bool own;

	inet_pton(AF_INET, burst->to, &to.sin_addr);
	own = !bind(sink, (struct sockaddr *)&to, sizeof(to));
	for (unsigned int i = 0; i < burst->count; i++)
		if (sendto(from, bytes, burst->len, 0, (struct sockaddr *)&to, sizeof(to)) < 0 ||
			(own && recv(sink, bytes, sizeof(bytes), 0) < 0))
			return 1;
	return 0;
}

/* On the host, a process of its own; returns when it has ended. */
static bool burst_from(const struct scene *scene, const char *host, const struct burst *burst)
{
	int netns = topo_host_netns(scene->topo, (size_t)topo_find_host(scene->topo, host));
	pid_t child = fork();
	int status = -1;

	if (!child)
		_exit(setns(netns, CLONE_NEWNET) || send_burst(burst));
	waitpid(child, &status, 0);
	return !status;
}

/* Waits for LEAST frames, and until the hosts' counters say that all they sent has come. */
static void take_all(struct scene *scene, size_t least)
{
	uint64_t deadline = wl_monotonic_ns() + 5000000000u;
	struct pollfd waits[16] = { { 0 } };
	int fds[16];
	size_t count = capture_fd_count(scene->capture);

	capture_fds(scene->capture, fds);
	for (size_t i = 0; i < count; i++)
		waits[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
	do {
		poll(waits, count, 1);
		capture_read(scene->capture);
	} while ((!capture_settled(scene->capture) || scene->seen.frame_count < least) &&
		 wl_monotonic_ns() < deadline);
	CU_ASSERT_TRUE(capture_settled(scene->capture));
	capture_finish(scene->capture);
}

/* Frames at a point that carry UDP to PORT, in one direction. */
static size_t count_datagrams(
	const struct scene *scene, uint32_t point, enum wl_direction direction)
{
	size_t count, found = 0;
	struct wl_datagram *datagrams = wl_datagrams(&scene->seen, scene->arena, &count);

	for (size_t i = 0; i < count; i++)
		found += datagrams[i].point == point && datagrams[i].direction == direction &&
			 datagrams[i].destination_port == PORT;
	return found;
}

static uint64_t count_dropped(const struct scene *scene)
{
	uint64_t dropped = 0;

	for (size_t i = 0; i < scene->seen.point_count; i++)
		dropped += scene->seen.points[i].dropped;
	return dropped;
}

static void points_are_named(void)
{
	static const char *const lines[] = {
		"near eth0 02:00:00:00:00:01 10.77.0.1",
		"far eth0 00:15:5d:11:c9:ca 10.77.0.2",
		"near lo  127.0.0.1",
		"far lo  127.0.0.1",
	};
	struct scene scene;

	if (!can_stage())
		return;
	if (scene_up(&scene)) {
		CU_ASSERT_EQUAL_FATAL(scene.seen.point_count, POINTS);
		for (size_t i = 0; i < POINTS; i++) {
			const struct wl_point *point = &scene.seen.points[i];

			CU_ASSERT_STRING_EQUAL(
				wl_format(scene.arena, "%s %s %s %s", point->host, point->interface,
					point->mac, point->address),
				lines[i]);
		}
	}
	scene_down(&scene);
}

static void cables_tell_direction_and_time(void)
{
	const struct burst burst = { "10.77.0.2", 1, 5 };
	uint64_t before, behind;
	struct scene scene;

	if (!can_stage())
		return;
	if (scene_up(&scene)) {
		size_t count;
		struct wl_datagram *datagrams;

		before = wl_wall_ns();
		CU_ASSERT_TRUE(burst_from(&scene, "near", &burst));
		take_all(&scene, 4);
		behind = wl_wall_ns();
		datagrams = wl_datagrams(&scene.seen, scene.arena, &count);
		CU_ASSERT_EQUAL_FATAL(count, 2);
		CU_ASSERT_TRUE(
			datagrams[0].point == NEAR && datagrams[0].direction == WL_FROM_HOST);
		CU_ASSERT_TRUE(datagrams[1].point == FAR && datagrams[1].direction == WL_TO_HOST);
		CU_ASSERT_TRUE(
			before <= datagrams[0].at_ns && datagrams[0].at_ns <= datagrams[1].at_ns);
		CU_ASSERT_TRUE(datagrams[1].at_ns <= behind && datagrams[0].at_ns % 1000000);
		CU_ASSERT_EQUAL(datagrams[1].payload_len, 5);
		CU_ASSERT_EQUAL(scene.seen.frames[0].wire_len, 14 + 20 + 8 + 5);
		/* nobody listens on far: its ICMP goes the other way */
		CU_ASSERT_EQUAL(scene.seen.frame_count, 4);
		CU_ASSERT_EQUAL(count_dropped(&scene), 0);
	}
	scene_down(&scene);
}

/* As the course sends them: its own address in both fields, an ethertype that promises IPv4, and
 * text. */
static int send_raw(void)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET,
		.sll_ifindex = (int)if_nametoindex("eth0") };
	static const char frame[] = "\x02\0\0\0\0\x01\x02\0\0\0\0\x01\x08\0hello";
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	return sendto(fd, frame, 19, 0, (struct sockaddr *)&to, sizeof(to)) != 19;
}

static void frames_for_anybody_are_seen(void)
{
	static const char words[] = "02:00:00:00:00:01 > 02:00:00:00:00:01 type 0800, 5 bytes";
	struct scene scene;
	pid_t child;

	if (!can_stage())
		return;
	if (scene_up(&scene)) {
		child = fork();
		if (!child)
			_exit(setns(topo_host_netns(scene.topo, 0), CLONE_NEWNET) || send_raw());
		waitpid(child, NULL, 0);
		take_all(&scene, 2);
		CU_ASSERT_EQUAL_FATAL(scene.seen.frame_count, 2);
		for (size_t i = 0; i < 2; i++)
			CU_ASSERT_STRING_EQUAL(
				wl_describe_frame(&scene.seen.frames[i], scene.arena), words);
		CU_ASSERT_TRUE(
			scene.seen.frames[0].point == NEAR && scene.seen.frames[1].point == FAR);
	}
	scene_down(&scene);
}

static void lo_is_seen_once(void)
{
	const struct burst burst = { "127.0.0.1", 7, 2000 };
	struct scene scene;

	if (!can_stage())
		return;
	if (scene_up(&scene)) {
		CU_ASSERT_TRUE(burst_from(&scene, "far", &burst));
		take_all(&scene, 7);
		CU_ASSERT_EQUAL(scene.seen.frame_count, 7);
		CU_ASSERT_EQUAL(count_datagrams(&scene, FAR_LO, WL_WITHIN_HOST), 7);
		CU_ASSERT_EQUAL(scene.seen.frames[0].len, 14 + 20 + 8 + 2000);
	}
	scene_down(&scene);
}

/* Also: the first frames behind the opening are there, and the largest are whole. */
static void bursts_are_complete(void)
{
	const struct burst burst = { "10.77.0.2", 1500, 1472 };
	struct scene scene;

	if (!can_stage())
		return;
	if (scene_up(&scene)) {
		CU_ASSERT_TRUE(burst_from(&scene, "near", &burst));
		take_all(&scene, 3000);
		CU_ASSERT_EQUAL(count_datagrams(&scene, NEAR, WL_FROM_HOST), 1500);
		CU_ASSERT_EQUAL(count_datagrams(&scene, FAR, WL_TO_HOST), 1500);
		CU_ASSERT_EQUAL(count_dropped(&scene), 0);
		for (size_t i = 1; i < scene.seen.frame_count; i++)
			CU_ASSERT_TRUE_FATAL(
				scene.seen.frames[i - 1].at_ns <= scene.seen.frames[i].at_ns);
	}
	scene_down(&scene);
}

static void loss_is_counted(void)
{
	const struct burst burst = { "127.0.0.1", 30000, 1 };
	struct scene scene;

	if (!can_stage())
		return;
	if (scene_up(&scene)) {
		CU_ASSERT_TRUE(burst_from(&scene, "near", &burst)); /* more than a ring holds */
		take_all(&scene, 0);
		CU_ASSERT_EQUAL(scene.seen.frame_count + scene.seen.points[NEAR_LO].dropped, 30000);
		CU_ASSERT_TRUE(scene.seen.points[NEAR_LO].dropped > 0);
		CU_ASSERT_EQUAL(count_dropped(&scene), scene.seen.points[NEAR_LO].dropped);
	}
	scene_down(&scene);
}

static void too_many_are_counted(void)
{
	const struct burst burst = { "127.0.0.1", 500, 1 };
	struct scene scene;

	if (!can_stage())
		return;
	if (scene_up(&scene)) {
		for (int i = 0; i < 62; i++) {
			CU_ASSERT_TRUE(burst_from(&scene, "near", &burst));
			while (!capture_settled(scene.capture))
				capture_read(scene.capture);
		}
		take_all(&scene, 30000);
		CU_ASSERT_EQUAL(scene.seen.frame_count, 30000);
		CU_ASSERT_EQUAL(scene.seen.points[NEAR_LO].dropped, 1000);
	}
	scene_down(&scene);
}

static void caller_stays_where_it_is(void)
{
	struct stat before, behind;
	struct scene scene;
	int fds[16];

	if (!can_stage())
		return;
	CU_ASSERT_EQUAL(stat("/proc/self/ns/net", &before), 0);
	if (scene_up(&scene)) {
		CU_ASSERT_EQUAL(stat("/proc/self/ns/net", &behind), 0);
		CU_ASSERT_EQUAL(before.st_ino, behind.st_ino);
		CU_ASSERT_EQUAL_FATAL(capture_fd_count(scene.capture), 6);
		capture_fds(scene.capture, fds);
		for (size_t i = 0; i < 6; i++)
			CU_ASSERT_TRUE(fcntl(fds[i], F_GETFD) & FD_CLOEXEC);
	}
	scene_down(&scene);
}

/* Hosts without cables: nothing but lo, and nothing on it. */
static void nothing_to_see(void)
{
	static const struct wl_stage no_cables = { .hosts = hosts, .cables = cables + 2 };
	struct wl_arena *arena = wl_arena_new();
	struct wl_observation seen = { 0 };
	struct capture *capture = NULL;
	struct topo *topo = NULL;
	struct wl_err err;

	if (can_stage()) {
		CU_ASSERT_EQUAL(topo_up(&topo, &no_cables, &err), 0);
		CU_ASSERT_EQUAL(capture_open(&capture, topo, &no_cables, &seen, arena, &err), 0);
		CU_ASSERT_EQUAL(seen.point_count, 2); /* lo of each */
		CU_ASSERT_EQUAL(capture_read(capture), 0);
		CU_ASSERT_TRUE(capture_settled(capture));
		capture_finish(capture);
		CU_ASSERT_EQUAL(seen.frame_count, 0);
	}
	capture_close(capture);
	topo_down(topo);
	wl_arena_free(arena);
}

static int rename_interface(const char *name)
{
	struct ifreq request = { .ifr_newname = "elsewhere" };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	return ioctl(fd, SIOCSIFNAME, &request);
}

/* A cable whose interface is gone from the wire: the error names it, and what was opened is closed.
 */
static void failure_is_told(void)
{
	struct wl_arena *arena = wl_arena_new();
	struct wl_observation seen = { 0 };
	struct capture *capture = NULL;
	struct topo *topo = NULL;
	struct wl_err err = { "" };
	pid_t child;

	if (can_stage()) {
		CU_ASSERT_EQUAL(topo_up(&topo, &stage, &err), 0);
		child = fork();
		if (!child)
			_exit(setns(topo_wire_netns(topo), CLONE_NEWNET) ||
				rename_interface(topo_wire_end(topo, 1)));
		waitpid(child, NULL, 0);
		CU_ASSERT_EQUAL(capture_open(&capture, topo, &stage, &seen, arena, &err), -1);
		CU_ASSERT_PTR_NULL(capture);
		CU_ASSERT_PTR_NOT_NULL(strstr(err.text, topo_wire_end(topo, 1)));
	}
	topo_down(topo);
	wl_arena_free(arena);
}

void suite_capture(void);
void suite_capture(void)
{
	test("points are named", points_are_named);
	test("cables tell direction and time", cables_tell_direction_and_time);
	test("frames for anybody are seen", frames_for_anybody_are_seen);
	test("lo is seen once", lo_is_seen_once);
	test("bursts are complete", bursts_are_complete);
	test("loss is counted", loss_is_counted);
	test("more than 30,000 frames are counted, not kept", too_many_are_counted);
	test("the caller stays where it is", caller_stays_where_it_is);
	test("a stage without cables and frames", nothing_to_see);
	test("a failure is told", failure_is_told);
}
