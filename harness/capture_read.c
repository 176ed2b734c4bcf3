/*
 * Taking what the taps have, and putting it into one order. The kernel stamps a frame when it
 * reaches the interface, so times are right however late it is read, and the taps can be read one
 * after the other.
 */
#include "harness/capture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/capture_tap.h"

#define MOST_FRAMES 30000 /* 330 clients that are answered byte by byte, on two cables */
#define BATCH 8192 /* more than a ring holds: one read takes all that waited, and ends */

static void take_frame(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct tap *tap = (struct tap *)user;
	struct wl_observation *seen = tap->capture->seen;
	struct wl_arena *arena = tap->capture->arena;
	struct wl_frame *frame;

	tap->taken++;
	if (seen->frame_count >= MOST_FRAMES) {
		seen->points[tap->point].dropped++;
		return;
	}
	frame = wl_append(arena, &seen->frames, &seen->frame_count);
	/* with nanosecond precision tv_usec holds nanoseconds */
	frame->at_ns = (uint64_t)header->ts.tv_sec * 1000000000u + (uint64_t)header->ts.tv_usec;
	frame->point = tap->point;
	frame->direction = tap->direction;
	frame->wire_len = header->len;
	frame->len = header->caplen;
	frame->bytes = wl_memdup(arena, bytes, header->caplen);
}

size_t capture_read(struct capture *capture)
{
	size_t before = capture->seen->frame_count, i;

	for (i = 0; i < capture->count; i++) {
		struct tap *tap = &capture->taps[i];

		if (pcap_dispatch(tap->pcap, BATCH, take_frame, (u_char *)tap) < 0)
			capture->seen->points[tap->point].dropped++; /* who knows how many */
	}
	return capture->seen->frame_count - before;
}

/* PACKET_STATISTICS: frames that found no slot in the ring. libpcap adds them up over calls. */
static uint64_t tap_lost(const struct tap *tap)
{
	struct pcap_stat stat;

	return pcap_stats(tap->pcap, &stat) ? 0 : stat.ps_drop;
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
		const struct tap *tap = &capture->taps[i];

		if (tap->direction != WL_TO_HOST &&
			tap->taken + tap_lost(tap) < tap_sent(tap) - tap->sent_before)
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
