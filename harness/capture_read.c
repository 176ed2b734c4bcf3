/*
 * Taking what the taps have, and putting it into one order. The kernel stamps a frame when it
 * reaches the interface, so times are right however late it is read, and the taps can be read one
 * after the other.
 */
#include "harness/capture.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/capture_tap.h"

#define MOST_FRAMES 30000 /* 330 clients that are answered byte by byte, on two cables */
#define TAG_AT (2 * ETH_ALEN) /* where a VLAN tag stands in a frame */
#define TAG_LEN 4

static enum wl_direction direction_of(const struct tap *tap, const struct tpacket2_hdr *slot)
{
	const struct sockaddr_ll *from = (const void *)((const char *)slot + TPACKET_ALIGN(sizeof(*slot)));

	if (tap->within)
		return WL_WITHIN_HOST;
	return from->sll_pkttype == PACKET_OUTGOING ? WL_TO_HOST : WL_FROM_HOST;
}

/* The kernel takes a VLAN tag out of the frame and tells it beside: here it is put back. */
static void put_tag_back(struct wl_frame *frame, const struct tpacket2_hdr *slot, struct wl_arena *arena)
{
	uint16_t tag[2] = { htons(slot->tp_status & TP_STATUS_VLAN_TPID_VALID ? slot->tp_vlan_tpid : ETH_P_8021Q),
		htons(slot->tp_vlan_tci) };
	unsigned char *tagged = wl_alloc(arena, frame->len + TAG_LEN);

	memcpy(tagged, frame->bytes, TAG_AT);
	memcpy(tagged + TAG_AT, tag, TAG_LEN);
	memcpy(tagged + TAG_AT + TAG_LEN, frame->bytes + TAG_AT, frame->len - TAG_AT);
	frame->bytes = tagged;
	frame->len += TAG_LEN;
	frame->wire_len += TAG_LEN;
}

static void take_frame(struct capture *capture, struct tap *tap, const struct tpacket2_hdr *slot)
{
	struct wl_observation *seen = capture->seen;
	enum wl_direction direction = direction_of(tap, slot);
	struct wl_frame *frame;

	tap->taken += direction != WL_TO_HOST;
	if (seen->frame_count >= MOST_FRAMES) {
		seen->points[tap->point].dropped++;
		return;
	}
	frame = wl_append(capture->arena, &seen->frames, &seen->frame_count);
	*frame = (struct wl_frame){ .at_ns = slot->tp_sec * 1000000000ull + slot->tp_nsec, .point = tap->point,
		.direction = direction, .wire_len = slot->tp_len,
		.len = slot->tp_snaplen < tap->snaplen ? slot->tp_snaplen : (uint32_t)tap->snaplen };
	frame->bytes = wl_memdup(capture->arena, (const char *)slot + slot->tp_mac, frame->len);
	if (slot->tp_status & TP_STATUS_VLAN_VALID && frame->len >= TAG_AT)
		put_tag_back(frame, slot, capture->arena);
}

/* All that waits, but not more than the ring holds: what comes meanwhile waits for the next time. */
static void read_tap(struct capture *capture, struct tap *tap)
{
	size_t in_block = tap_slots_in_block(tap), slots = in_block * tap->blocks;

	for (size_t i = 0; i < slots; i++) {
		struct tpacket2_hdr *slot = (void *)(tap->ring + tap->next / in_block * TAP_BLOCK +
						      tap->next % in_block * tap_slot_size(tap));

		if (!(__atomic_load_n(&slot->tp_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER))
			return;
		take_frame(capture, tap, slot);
		__atomic_store_n(&slot->tp_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
		tap->next = (tap->next + 1) % slots;
	}
}

size_t capture_read(struct capture *capture)
{
	size_t before = capture->seen->frame_count, i;

	for (i = 0; i < capture->count; i++)
		read_tap(capture, &capture->taps[i]);
	return capture->seen->frame_count - before;
}

/* PACKET_STATISTICS: frames that found no slot in the ring, since it was last asked. */
static uint64_t tap_lost(struct tap *tap)
{
	struct tpacket_stats stats = { 0 };
	socklen_t len = sizeof(stats);

	if (getsockopt(tap->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &len) == 0)
		tap->lost += stats.tp_drops;
	return tap->lost;
}

/* A /proc file from its start, which comes in pieces; cut off at ROOM. */
static void read_all(int fd, char *text, size_t room)
{
	size_t used = 0;
	ssize_t len;

	do {
		len = pread(fd, text + used, room - 1 - used, (off_t)used);
		used += len > 0 ? (size_t)len : 0;
	} while (len > 0 && used < room - 1);
	text[used] = 0;
}

uint64_t tap_sent(const struct tap *tap)
{
	char all[16384], *line, *rest = all;
	unsigned long long packets;

	read_all(tap->counters, all, sizeof(all));
	while ((line = strsep(&rest, "\n"))) {
		char *colon = strchr(line, ':');

		if (!colon)
			continue;
		*colon = 0;
		if (!strcmp(line + strspn(line, " "), tap->interface) &&
			sscanf(colon + 1, "%*u %llu", &packets) == 1)
			return packets;
	}
	return 0;
}

/* Frames count as sent at once, but wait for a processor before they reach the far end and its tap.
 */
bool capture_settled(struct capture *capture)
{
	size_t i;

	for (i = 0; i < capture->count; i++) {
		struct tap *tap = &capture->taps[i];
		uint64_t sent = tap_sent(tap) - tap->sent_before;

		if (tap->taken + tap->lost < sent && tap->taken + tap_lost(tap) < sent)
			return false;
	}
	return true;
}

static void note_drops(struct capture *capture)
{
	size_t i;

	for (i = 0; i < capture->count; i++)
		capture->seen->points[capture->taps[i].point].dropped +=
			tap_lost(&capture->taps[i]);
}

struct placed {
	struct wl_frame frame;
	size_t place;
};

static int compare_placed(const void *a, const void *b)
{
	const struct placed *one = a, *other = b;

	if (one->frame.at_ns != other->frame.at_ns)
		return one->frame.at_ns < other->frame.at_ns ? -1 : 1;
	if (one->frame.direction != other->frame.direction)
		return one->frame.direction < other->frame.direction ? -1 : 1;
	return one->place < other->place ? -1 : 1;
}

/* qsort(3) need not be stable: the place decides between equals. */
static void sort_frames(struct wl_observation *seen)
{
	struct wl_arena *scratch __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	struct placed *placed = wl_alloc_array(scratch, seen->frame_count, sizeof(*placed));
	size_t i;

	for (i = 0; i < seen->frame_count; i++)
		placed[i] = (struct placed){ .frame = seen->frames[i], .place = i };
	qsort(placed, seen->frame_count, sizeof(*placed), compare_placed);
	for (i = 0; i < seen->frame_count; i++)
		seen->frames[i] = placed[i].frame;
}

void capture_finish(struct capture *capture)
{
	capture_read(capture);
	note_drops(capture);
	sort_frames(capture->seen);
}
