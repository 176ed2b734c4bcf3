/*
 * IGMP reports out of frames: what a host says of its groups. Versions 1 and 2 name one group in a message of 8 bytes; version 3
 * has a list of records, each with a group and the sources that are wanted or not. "Exclude none" is the plain membership of
 * versions 1 and 2, "include none" is none at all (RFC 3376 section 4.2.12).
 */
#include "harness/packet.h"

#include <netinet/in.h>

#include "harness/ipv4.h"

enum { V1_REPORT = 0x12, V2_REPORT = 0x16, V2_LEAVE = 0x17, V3_REPORT = 0x22 };
enum { IS_INCLUDE = 1, IS_EXCLUDE, TO_INCLUDE, TO_EXCLUDE, ALLOW, BLOCK };

struct reading {
	const struct wl_observation *seen;
	struct wl_arena *arena;
	struct wl_group_report *found;
	size_t count;
};

static void take(struct reading *reading, size_t frame, unsigned int version, const uint8_t *group, bool member)
{
	const struct wl_frame *from = &reading->seen->frames[frame];
	struct wl_group_report *report = wl_append(reading->arena, &reading->found, &reading->count);

	*report = (struct wl_group_report){ .frame = (uint32_t)frame + 1, .point = from->point,
		.direction = from->direction, .at_ns = from->at_ns, .version = version, .member = member };
	ipv4_text(group, report->group);
}

/* RFC 3376 section 4.2.4: type, length of auxiliary data in words, number of sources, group, sources, auxiliary data. */
static void take_records(struct reading *reading, size_t frame, const uint8_t *at, size_t len)
{
	size_t records = be16(at + 6), used = 8;

	for (; records > 0 && len - used >= 8; records--) {
		const uint8_t *record = at + used;
		size_t sources = be16(record + 2), size = 8 + 4 * (sources + record[1]);

		if (size > len - used)
			return;
		if (record[0] >= IS_INCLUDE && record[0] < BLOCK)
			take(reading, frame, 3, record + 4,
				sources > 0 || record[0] == IS_EXCLUDE || record[0] == TO_EXCLUDE);
		used += size;
	}
}

static void take_message(struct reading *reading, size_t frame, const uint8_t *at, size_t len)
{
	if (len < 8 || !ipv4_sum_fits(at, len))
		return;
	if (at[0] == V3_REPORT)
		take_records(reading, frame, at, len);
	else if (at[0] == V1_REPORT || at[0] == V2_REPORT || at[0] == V2_LEAVE)
		take(reading, frame, at[0] == V1_REPORT ? 1 : 2, at + 4, at[0] != V2_LEAVE);
}

struct wl_group_report *wl_group_reports(const struct wl_observation *seen, struct wl_arena *arena, size_t *count)
{
	struct reading reading = { .seen = seen, .arena = arena };
	struct wl_ether ether;
	struct ipv4 ip;

	for (size_t i = 0; i < seen->frame_count; i++)
		if (wl_parse_ether(&seen->frames[i], &ether) && ipv4_parse(&ether, &ip) &&
			ip.protocol == IPPROTO_IGMP && !ipv4_is_fragment(&ip))
			take_message(&reading, i, ip.data, ip.len);
	*count = reading.count;
	return reading.found;
}
