/*
 * What left a program's host instead of what should have: by another protocol, to another place, over lo, to a machine that is not
 * there; and whether it was refused.
 */
#include "harness/whereabouts.h"

#include <netinet/in.h>
#include <string.h>

#include "harness/ipv4.h"

#define MOST_FLOWS 3
#define TYPE_IPV4 0x0800
#define TYPE_ARP 0x0806
#define TYPE_IPV6 0x86dd

/* A list of different flows, in the order in which they were first seen. */
struct flows {
	const struct wl_case *c;
	const char *told; /* what has been said already */
	const char *text[MOST_FLOWS];
	size_t count;
};

static void add_flow(struct flows *flows, const char *text)
{
	for (size_t i = 0; i < flows->count; i++)
		if (strcmp(flows->text[i], text) == 0)
			return;
	if (flows->count < MOST_FLOWS)
		flows->text[flows->count++] = text;
}

static const char *over(const struct wl_case *c, const char *what, bool lo)
{
	return lo ? wl_format(c->arena, _("%s, over lo"), what) : what;
}

/* On lo it may be our own program's call as well as this one's. */
static bool is_the_call(const struct flows *flows, const struct wl_stream *call)
{
	return call->direction == WL_WITHIN_HOST && call->server.port == flows->c->check->port;
}

/* "UDP to 10.77.0.9:49002" says nothing new behind "It sent one to 10.77.0.9:49002." */
static bool is_told(const struct flows *flows, const char *text, const char *address, uint16_t port)
{
	return !strchr(text, ',') && strstr(flows->told, wl_format(flows->c->arena, "%s:%u", address, port));
}

static void add_datagrams(struct flows *flows, uint32_t performer)
{
	const struct wl_case *c = flows->c;
	size_t count;
	const struct wl_datagram *all = wl_datagrams(c->seen, c->arena, &count);

	for (size_t i = 0; i < count; i++) {
		const struct wl_datagram *sent = &all[i];
		const char *text;

		if (!whereabouts_at_host(c, performer, sent->point) || sent->direction == WL_TO_HOST || sent->source_port == c->check->port)
			continue;
		text = wl_format(c->arena, _("UDP to %s:%u"), sent->destination, sent->destination_port);
		text = over(c, text, sent->direction == WL_WITHIN_HOST);
		if (whereabouts_refused(c, sent))
			text = wl_format(c->arena, _("%s, refused (ICMP port unreachable)"), text);
		if (!is_told(flows, text, sent->destination, sent->destination_port))
			add_flow(flows, text);
	}
}

static void add_calls(struct flows *flows, uint32_t performer)
{
	const struct wl_case *c = flows->c;
	size_t count;
	const struct wl_stream *all = wl_streams(c->seen, c->arena, &count);

	for (size_t i = 0; i < count; i++) {
		const struct wl_stream *call = &all[i];
		const char *text;

		if (!whereabouts_at_host(c, performer, call->point) || call->direction == WL_TO_HOST || is_the_call(flows, call))
			continue;
		text = wl_format(c->arena, _("TCP to %s:%u"), call->server.address, call->server.port);
		text = over(c, text, call->direction == WL_WITHIN_HOST);
		if (call->server.rst_frame && !call->server.syn_frame)
			text = wl_format(c->arena, _("%s, refused (RST)"), text);
		if (!is_told(flows, text, call->server.address, call->server.port))
			add_flow(flows, text);
	}
}

/* RFC 826: the address in the question, when nobody at this point answered it; else NULL. */
static const char *asked_in_vain(const struct wl_case *c, const struct wl_frame *frame, const struct wl_ether *ether)
{
	const uint8_t *target;

	if (ether->type != TYPE_ARP || ether->payload_len < 28 || be16(ether->payload + 6) != 1)
		return NULL;
	target = ether->payload + 24;
	if (memcmp(ether->payload + 14, target, 4) == 0) /* it asks whether its own address is free */
		return NULL;
	for (size_t i = 0; i < c->seen->frame_count; i++) {
		struct wl_ether answer;

		if (c->seen->frames[i].point == frame->point && wl_parse_ether(&c->seen->frames[i], &answer) &&
			answer.type == TYPE_ARP && answer.payload_len >= 28 && be16(answer.payload + 6) == 2 &&
			memcmp(answer.payload + 14, target, 4) == 0)
			return NULL;
	}
	return wl_format(c->arena, "%u.%u.%u.%u", target[0], target[1], target[2], target[3]);
}

/* Frames that are neither IP nor answered ARP. */
static void add_frames(struct flows *flows, uint32_t performer)
{
	const struct wl_case *c = flows->c;

	for (size_t i = 0; i < c->seen->frame_count; i++) {
		const struct wl_frame *frame = &c->seen->frames[i];
		struct wl_ether ether;
		const char *missing;
		struct ipv4 ip;

		if (!whereabouts_at_host(c, performer, frame->point) || frame->direction == WL_TO_HOST || !wl_parse_ether(frame, &ether) ||
			ether.type == TYPE_IPV6 || (ether.type == TYPE_IPV4 && ipv4_parse(&ether, &ip)))
			continue;
		missing = asked_in_vain(c, frame, &ether);
		if (missing)
			add_flow(flows, wl_format(c->arena, _("ARP for %s, which nobody has"), missing));
		else if (ether.type != TYPE_ARP)
			add_flow(flows, over(c, wl_format(c->arena, _("a frame of type %04x"), ether.type),
						frame->direction == WL_WITHIN_HOST));
	}
}

const char *astray_words(const struct wl_case *c, uint32_t performer, const char *told)
{
	struct flows flows = { c, told };
	const char *text = "";

	add_datagrams(&flows, performer);
	add_calls(&flows, performer);
	add_frames(&flows, performer);
	for (size_t i = 0; i < flows.count; i++)
		text = wl_format(c->arena, "%s%s%s", text, i ? "; " : "", flows.text[i]);
	return flows.count ? wl_format(c->arena, _(" What left its machine: %s."), text) : "";
}
