/*
 * What passes is taken where no submitted program can reach: at the cable ends in the wire
 * namespace; on lo inside each host, for there is no other place.
 *
 * An Ethernet capture does not tell the direction, so each cable end has two handles: one for what
 * comes in from the cable (the host sent it), one for what goes out (to the host). On lo every
 * packet passes twice, out and in, and the copy that comes in is kept. A filter in the kernel parts
 * them, so that no ring is filled, and no loss counted, for frames of the other direction. It is
 * put on the socket itself: what pcap_setfilter() installs, libpcap applies to the first frames
 * once more by its own interpreter, which does not know directions and would lose them.
 *
 * Making a ring waits for the kernel's RCU, some 15 ms a handle; but those who wait at the same
 * time wait together. So each handle is opened by a thread of its own, which enters the network
 * namespace and ends; the handle stays where it was activated, and the namespace of the caller is
 * never touched.
 *
 * libpcap's immediate mode means TPACKET_V2: a ring of slots of one size, which follows from the
 * snapshot length. So that is cut to the interface's MTU: 4 MiB hold some 2,400 frames of an
 * ordinary cable. Promiscuous mode is left off: the virtual cables filter no address, and switching
 * it on takes the kernel's one lock on all interfaces, for which namespaces being torn down make us
 * wait.
 */
#include "harness/capture.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>

#include "harness/base/cleanup.h"
#include "harness/base/text.h"
#include "harness/capture_tap.h"

#define LO_MTU 4096
#define CABLE_RING (4 << 20)
#define LO_RING (2 << 20)
#define ROOM (ETH_HLEN + 4) /* before the packet: the header, perhaps a VLAN tag */

/* Let through what goes out of the interface, or all but that. */
static int part_directions(int fd, bool out)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (unsigned int)(SKF_AD_OFF + SKF_AD_PKTTYPE)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, out ? 0 : 1, out ? 1 : 0),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = { .len = 4, .filter = code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

static int set_up_pcap(struct tap *tap)
{
	pcap_t *pcap = tap->pcap; /* not promiscuous: see above */
	char why[PCAP_ERRBUF_SIZE];

	pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
	pcap_set_immediate_mode(pcap, 1);
	pcap_set_snaplen(pcap, tap->snaplen);
	pcap_set_buffer_size(pcap, tap->ring);
	if (pcap_activate(pcap) < 0 ||
		pcap_get_tstamp_precision(pcap) != PCAP_TSTAMP_PRECISION_NANO ||
		pcap_setdirection(pcap, tap->direction == WL_TO_HOST ? PCAP_D_OUT : PCAP_D_IN))
		return wl_err(&tap->err, _("cannot capture on %s: %s"), tap->interface,
			pcap_geterr(pcap));
	if (pcap_setnonblock(pcap, 1, why))
		return wl_err(&tap->err, _("cannot capture on %s: %s"), tap->interface, why);
	if (part_directions(pcap_fileno(pcap), tap->direction == WL_TO_HOST) ||
		fcntl(pcap_fileno(pcap), F_SETFD, FD_CLOEXEC))
		return wl_err_errno(&tap->err, _("cannot capture on %s"), tap->interface);
	return 0;
}

/* A thread: opens one tap. On failure there is no pcap, and err says why. */
static void *open_tap(void *argument)
{
	struct tap *tap = argument;
	char why[PCAP_ERRBUF_SIZE];

	if (setns(tap->netns, CLONE_NEWNET)) {
		wl_err_errno(&tap->err, _("cannot enter a network namespace"));
		return NULL;
	}
	tap->pcap = pcap_create(tap->interface, why);
	if (!tap->pcap) {
		wl_err(&tap->err, _("cannot capture on %s: %s"), tap->interface, why);
		return NULL;
	}
	if (set_up_pcap(tap)) {
		pcap_close(tap->pcap);
		tap->pcap = NULL;
	}
	tap->counters = open("/proc/thread-self/net/dev", O_RDONLY | O_CLOEXEC);
	tap->sent_before = tap_sent(tap);
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
		if (!tap->pcap)
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

static void add_tap(struct capture *capture, uint32_t point, enum wl_direction direction, int netns,
	const char *interface, unsigned int mtu)
{
	struct tap *tap = &capture->taps[capture->count++];

	tap->capture = capture;
	tap->point = point;
	tap->direction = direction;
	tap->netns = netns;
	tap->counters = -1;
	tap->interface = interface;
	tap->snaplen = (int)mtu + ROOM;
	tap->ring = direction == WL_WITHIN_HOST ? LO_RING : CABLE_RING;
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

	add_tap(capture, point, WL_FROM_HOST, topo_wire_netns(topo), topo_wire_end(topo, place),
		mtu);
	add_tap(capture, point, WL_TO_HOST, topo_wire_netns(topo), topo_wire_end(topo, place), mtu);
}

int capture_open(struct capture **out, const struct topo *topo, const struct wl_stage *stage,
	struct wl_observation *seen, struct wl_arena *arena, struct wl_err *err)
{
	size_t cables = topo_cable_count(topo), hosts = topo_host_count(topo), i;
	struct capture *capture = wl_alloc(arena, sizeof(*capture));

	*out = NULL;
	capture->seen = seen;
	capture->arena = arena;
	capture->taps = wl_alloc_array(arena, 2 * cables + hosts, sizeof(struct tap));
	for (i = 0; i < cables; i++)
		add_cable(capture, topo, stage, i);
	for (i = 0; i < hosts; i++)
		add_tap(capture, add_point(capture, topo_host_name(topo, i), "lo", "", "127.0.0.1"),
			WL_WITHIN_HOST, topo_host_netns(topo, i), "lo", LO_MTU);
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
		if (capture->taps[i].pcap)
			pcap_close(capture->taps[i].pcap);
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
		fds[i] = pcap_get_selectable_fd(capture->taps[i].pcap);
}
