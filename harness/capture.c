/*
 * What passes is taken where no submitted program can reach: at the cable ends in the wire
 * namespace; on lo inside each host, for there is no other place.
 *
 * A tap is a packet socket with a ring (packet(7), PACKET_RX_RING, version 2): the kernel writes each frame with its time
 * into the next slot, where it is read without a call. What came in from the cable (the host sent it) and what goes out to
 * the host are told apart by the address in the slot. On lo every packet passes twice, out and in, and the copy that comes
 * in is kept.
 *
 * A slot has room for the longest frame, which the interface's MTU limits. The kernel clears a ring when it makes it, and would
 * copy its mapping into every program that is started: so a ring is no larger than a burst needs that comes while the machine is
 * busy, and its mapping is not inherited. Its blocks are larger than a page: fewer to find.
 *
 * Making a ring waits for the kernel's RCU, some 15 ms each; but those who wait at the same
 * time wait together. So each tap is opened by a thread of its own, which enters the network
 * namespace and ends; the socket stays where it was made, and the namespace of the caller is
 * never touched. Promiscuous mode is left off: the virtual cables filter no address, and switching
 * it on takes the kernel's one lock on all interfaces, for which namespaces being torn down make us
 * wait.
 */
#include "harness/capture.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "harness/base/cleanup.h"
#include "harness/base/text.h"
#include "harness/capture_tap.h"

#define LO_MTU 4096
#define ROOM (ETH_HLEN + 4) /* before the packet: the header, perhaps a VLAN tag */
#define CABLE_BLOCKS 24
#define LO_BLOCKS 8

static int make_ring(struct tap *tap)
{
	const int version = TPACKET_V2;
	struct tpacket_req ring = { .tp_block_size = TAP_BLOCK, .tp_block_nr = tap->blocks,
		.tp_frame_size = (unsigned int)tap_slot_size(tap),
		.tp_frame_nr = (unsigned int)(tap_slots_in_block(tap) * tap->blocks) };
	size_t size = (size_t)TAP_BLOCK * tap->blocks;

	if (setsockopt(tap->fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)) ||
		setsockopt(tap->fd, SOL_PACKET, PACKET_RX_RING, &ring, sizeof(ring)))
		return -1;
	tap->ring = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, tap->fd, 0);
	if (tap->ring == MAP_FAILED) {
		tap->ring = NULL;
		return -1;
	}
	return madvise(tap->ring, size, MADV_DONTFORK);
}

/* From here on frames come. */
static int bind_socket(const struct tap *tap)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	struct ifreq request = { 0 };
	const int within = tap->within;

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", tap->interface);
	if (setsockopt(tap->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &within, sizeof(within)) ||
		ioctl(tap->fd, SIOCGIFINDEX, &request))
		return -1;
	address.sll_ifindex = request.ifr_ifindex;
	return bind(tap->fd, (struct sockaddr *)&address, sizeof(address));
}

/* A thread: opens one tap. On failure err says why. */
static void *open_tap(void *argument)
{
	struct tap *tap = argument;

	if (setns(tap->netns, CLONE_NEWNET)) {
		wl_err_errno(&tap->err, _("cannot enter a network namespace"));
		return NULL;
	}
	tap->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (tap->fd < 0 || make_ring(tap) || bind_socket(tap)) {
		wl_err_errno(&tap->err, _("cannot capture on %s"), tap->interface);
		return NULL;
	}
	tap->counters = open("/proc/thread-self/net/dev", O_RDONLY | O_CLOEXEC);
	tap->sent_before = tap_sent(tap);
	tap->open = true;
	return NULL;
}

static int open_taps(struct capture *capture, struct wl_err *err)
{
	size_t i;
	int result = 0;

	for (i = 0; i < capture->count; i++)
		capture->taps[i].started = !pthread_create(
			&capture->taps[i].thread, NULL, open_tap, &capture->taps[i]);
	for (i = 0; i < capture->count; i++) {
		struct tap *tap = &capture->taps[i];

		if (tap->started)
			pthread_join(tap->thread, NULL);
		else
			wl_err(&tap->err, _("cannot start a thread"));
		if (!tap->open)
			result = wl_err(err, "%s", tap->err.text);
	}
	return result;
}

static uint32_t add_point(struct capture *capture, const char *host, const char *interface,
	const char *mac, const char *address)
{
	struct wl_observation *seen = capture->seen;
	struct wl_point *point = wl_append(capture->arena, &seen->points, &seen->point_count);

	point->host = wl_strdup(capture->arena, host);
	point->interface = wl_strdup(capture->arena, interface);
	point->mac = wl_strdup(capture->arena, mac);
	point->address = wl_memdup(capture->arena, address, strcspn(address, "/"));
	return (uint32_t)(seen->point_count - 1);
}

static void add_tap(struct capture *capture, uint32_t point, bool within, int netns, const char *interface,
	unsigned int mtu)
{
	struct tap *tap = &capture->taps[capture->count++];

	tap->fd = tap->counters = -1;
	tap->point = point;
	tap->within = within;
	tap->netns = netns;
	tap->interface = interface;
	tap->snaplen = mtu + ROOM;
	tap->blocks = within ? LO_BLOCKS : CABLE_BLOCKS;
}

static void add_cable(struct capture *capture, const struct topo *topo,
	const struct wl_stage *stage, size_t place)
{
	const struct wl_cable *cable = &stage->cables[place];
	const char *mac = cable->mac ? cable->mac
				     : wl_format(capture->arena, "02:00:00:00:00:%02zx", place + 1);
	unsigned int mtu = cable->mtu ? cable->mtu : 1500;
	uint32_t point =
		add_point(capture, cable->host, cable->interface ? cable->interface : "eth0", mac,
			cable->address ? cable->address : "");

	add_tap(capture, point, false, topo_wire_netns(topo), topo_wire_end(topo, place), mtu);
}

int capture_open(struct capture **out, const struct topo *topo, const struct wl_stage *stage,
	struct wl_observation *seen, struct wl_arena *arena, struct wl_err *err)
{
	size_t cables = topo_cable_count(topo), hosts = topo_host_count(topo), i;
	struct capture *capture = wl_alloc(arena, sizeof(*capture));

	*out = NULL;
	capture->seen = seen;
	capture->arena = arena;
	capture->taps = wl_alloc_array(arena, cables + hosts, sizeof(struct tap));
	for (i = 0; i < cables; i++)
		add_cable(capture, topo, stage, i);
	for (i = 0; i < hosts; i++)
		add_tap(capture, add_point(capture, topo_host_name(topo, i), "lo", "", "127.0.0.1"),
			true, topo_host_netns(topo, i), "lo", LO_MTU);
	if (open_taps(capture, err)) {
		capture_close(capture);
		return -1;
	}
	*out = capture;
	return 0;
}

void capture_close(struct capture *capture)
{
	size_t i;

	for (i = 0; capture && i < capture->count; i++) {
		wl_close_fd(&capture->taps[i].counters);
		if (capture->taps[i].ring)
			munmap(capture->taps[i].ring, (size_t)TAP_BLOCK * capture->taps[i].blocks);
		wl_close_fd(&capture->taps[i].fd);
	}
}

size_t capture_fd_count(const struct capture *capture)
{
	return capture->count;
}

void capture_fds(const struct capture *capture, int *fds)
{
	size_t i;

	for (i = 0; i < capture->count; i++)
		fds[i] = capture->taps[i].fd;
}
