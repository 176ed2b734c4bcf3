/*
 * Hand-made observations. IPv4 and UDP headers are put together byte by byte as RFC 791 and RFC 768
 * have them, so that what reads them is not tested with its own mirror image.
 */
#include "tests/made.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "harness/values.h"
#include "tests/tests.h"

#define HEADERS 42 /* Ethernet 14, IPv4 20, UDP 8 */

void made_up(struct made *made, const char *lesson, const char *scenario)
{
	*made = (struct made){ .arena = wl_arena_new(), .now_ns = 1700000000000000000u };
	made->seen.lesson = lesson;
	made->seen.scenario = scenario;
	made->seen.take = 1;
}

void made_down(struct made *made)
{
	wl_arena_free(made->arena);
}

static uint64_t tick(struct made *made)
{
	return made->now_ns += 1000000;
}

uint32_t made_point(struct made *made, const char *host, const char *mac, const char *address)
{
	struct wl_point *point = wl_append(made->arena, &made->seen.points,
		&made->seen.point_count);

	*point = (struct wl_point){ host, *mac ? "eth0" : "lo", mac, address, 0 };
	return (uint32_t)made->seen.point_count - 1;
}

uint32_t made_performer(struct made *made, const char *actor, const char *host, bool submitted)
{
	struct wl_performer *performer =
		wl_append(made->arena, &made->seen.performers, &made->seen.performer_count);

	*performer = (struct wl_performer){ actor, host, actor, submitted };
	return (uint32_t)made->seen.performer_count - 1;
}

void made_value(struct made *made, const char *name, const char *text)
{
	values_set(&made->seen, made->arena, name, text, strlen(text));
}

void made_event(struct made *made, uint32_t performer, enum wl_event_kind kind, int64_t number,
	const char *text)
{
	struct wl_event *event = wl_append(made->arena, &made->seen.events,
		&made->seen.event_count);

	event->at_ns = tick(made);
	event->kind = kind;
	event->performer = performer;
	event->number = number;
	event->bytes = (const uint8_t *)text;
	event->len = strlen(text);
}

void made_print(struct made *made, uint32_t performer, const char *text)
{
	made_event(made, performer, WL_EVENT_PRINTED, 0, text);
}

uint32_t made_frame(struct made *made, uint32_t point, enum wl_direction direction,
	const void *bytes, size_t len)
{
	struct wl_frame *frame = wl_append(made->arena, &made->seen.frames,
		&made->seen.frame_count);

	frame->at_ns = tick(made);
	frame->point = point;
	frame->direction = direction;
	frame->wire_len = frame->len = (uint32_t)len;
	frame->bytes = wl_memdup(made->arena, bytes, len);
	return (uint32_t)made->seen.frame_count;
}

static void put16(uint8_t *at, unsigned int value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

uint32_t made_ether(struct made *made, uint32_t point, enum wl_direction direction,
	const char *destination, const char *source, uint16_t type, const char *payload)
{
	size_t len = 14 + strlen(payload);
	uint8_t *bytes = wl_alloc(made->arena, len);

	CU_ASSERT_TRUE_FATAL(wl_parse_mac(destination, bytes) && wl_parse_mac(source, bytes + 6));
	put16(bytes + 12, type);
	memcpy(bytes + 14, payload, len - 14);
	return made_frame(made, point, direction, bytes, len);
}

/* RFC 791 section 3.1: the ones' complement of the ones' complement sum of the header. */
static unsigned int checksum(const uint8_t *header)
{
	unsigned int sum = 0;

	for (size_t i = 0; i < 20; i += 2)
		sum += (unsigned int)header[i] << 8 | header[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	return ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
}

static void put_ipv4(uint8_t *ip, uint8_t protocol, const char *from, const char *to, size_t len)
{
	ip[0] = 0x45;
	put16(ip + 2, (unsigned int)len);
	ip[8] = 64;
	ip[9] = protocol;
	CU_ASSERT_EQUAL_FATAL(inet_pton(AF_INET, from, ip + 12), 1);
	CU_ASSERT_EQUAL_FATAL(inet_pton(AF_INET, to, ip + 16), 1);
	put16(ip + 10, checksum(ip));
}

uint32_t made_udp_bytes(struct made *made, uint32_t point, enum wl_direction direction,
	struct made_end from, struct made_end to, const void *payload, size_t len)
{
	uint8_t *bytes = wl_alloc(made->arena, HEADERS + len);

	put16(bytes + 12, 0x0800);
	put_ipv4(bytes + 14, IPPROTO_UDP, from.address, to.address, len + 28);
	put16(bytes + 34, from.port);
	put16(bytes + 36, to.port);
	put16(bytes + 38, (unsigned int)len + 8);
	memcpy(bytes + HEADERS, payload, len);
	return made_frame(made, point, direction, bytes, HEADERS + len);
}

uint32_t made_udp(struct made *made, uint32_t point, enum wl_direction direction,
	struct made_end from, struct made_end to, const char *text)
{
	return made_udp_bytes(made, point, direction, from, to, text, strlen(text));
}

uint32_t made_carried(struct made *made, struct made_end from, struct made_end to, const char *text)
{
	uint32_t first = made_udp(made, from.point, WL_FROM_HOST, from, to, text);

	made_udp(made, to.point, WL_TO_HOST, from, to, text);
	return first;
}

uint32_t made_segment(struct made *made, uint32_t point, enum wl_direction direction,
	struct made_end from, struct made_end to, unsigned int flags, uint32_t sequence,
	const void *bytes, size_t len)
{
	uint8_t *frame = wl_alloc(made->arena, 54 + len);

	put16(frame + 12, 0x0800);
	put_ipv4(frame + 14, IPPROTO_TCP, from.address, to.address, len + 40);
	put16(frame + 34, from.port);
	put16(frame + 36, to.port);
	put16(frame + 38, sequence >> 16);
	put16(frame + 40, sequence & 0xffff);
	frame[46] = 5 << 4;
	frame[47] = (uint8_t)flags;
	if (len)
		memcpy(frame + 54, bytes, len);
	return made_frame(made, point, direction, frame, 54 + len);
}

struct wl_finding made_judge(struct made *made, const struct wl_check *check)
{
	struct wl_finding finding = { .expected = "", .actual = "" };
	const struct wl_case c = { &made->seen, NULL, check, made->arena };

	finding.verdict = check->verb(&c, &finding);
	return finding;
}

const char *made_label(struct made *made, const struct wl_check *check)
{
	struct wl_finding finding = made_judge(made, check);

	CU_ASSERT_EQUAL(!finding.label, !finding.explanation);
	CU_ASSERT_TRUE(!finding.label || finding.verdict == WL_FAIL);
	return finding.label ? finding.label : "";
}

char made_letter(struct made *made, const struct wl_check *check)
{
	struct wl_finding finding = made_judge(made, check);

	if (finding.verdict == WL_PASS)
		return 'p';
	CU_ASSERT_TRUE(*finding.actual);
	CU_ASSERT_TRUE(finding.verdict != WL_FAIL || *finding.expected);
	CU_ASSERT_TRUE(finding.frame <= made->seen.frame_count);
	return finding.verdict == WL_FAIL ? 'f' : finding.verdict == WL_BROKEN ? 'x' : '?';
}

bool made_fails(struct made *made, const struct wl_check *check, uint32_t frame,
	const char *expected, const char *actual)
{
	struct wl_finding finding = made_judge(made, check);

	if (finding.verdict == WL_FAIL && finding.frame == frame &&
		strstr(finding.expected, expected) && strstr(finding.actual, actual))
		return true;
	fprintf(stderr, "wanted: frame %u, \"%s\", \"%s\"\nhave: %s, frame %u, \"%s\", \"%s\"\n",
		frame, expected, actual, wl_verdict_name(finding.verdict), finding.frame,
		finding.expected, finding.actual);
	return false;
}
