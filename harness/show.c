/*
 * Frames and bytes in words for people. Each describe_ function knows one protocol and returns NULL
 * when the bytes are not what they claim, so that the next, plainer description is taken: a UDP
 * header that is cut off is "UDP" with so many bytes, and what says ethertype 0800 and is no IPv4
 * is "type 0800". Names of protocols are not translated.
 */
#include "harness/packet.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <netinet/in.h>

#include "harness/base/text.h"
#include "harness/ipv4.h"

struct name {
	unsigned int number;
	const char *name;
};

static const struct name protocols[] = {
	{ IPPROTO_ICMP, "ICMP" },
	{ IPPROTO_IGMP, "IGMP" },
	{ IPPROTO_TCP, "TCP" },
	{ IPPROTO_UDP, "UDP" },
	{ IPPROTO_HOPOPTS, "hop-by-hop" },
	{ IPPROTO_ICMPV6, "ICMPv6" },
	{ 0, NULL },
};

/* RFC 792, RFC 1256; the number is the type, and for types 3 and 11 the code on top of it. */
static const struct name icmp_types[] = {
	{ 0, "echo reply" },
	{ 3, "network unreachable" },
	{ 0x103, "host unreachable" },
	{ 0x203, "protocol unreachable" },
	{ 0x303, "port unreachable" },
	{ 0x403, "fragmentation needed" },
	{ 5, "redirect" },
	{ 8, "echo request" },
	{ 9, "router advertisement" },
	{ 10, "router solicitation" },
	{ 11, "time to live exceeded" },
	{ 0x10b, "reassembly time exceeded" },
	{ 12, "parameter problem" },
	{ 13, "timestamp request" },
	{ 14, "timestamp reply" },
	{ 0, NULL },
};

/* RFC 1112, RFC 2236, RFC 3376. */
static const struct name igmp_types[] = {
	{ 0x11, "query" },
	{ 0x12, "version 1 report" },
	{ 0x16, "version 2 report" },
	{ 0x17, "leave" },
	{ 0x22, "version 3 report" },
	{ 0, NULL },
};

/* RFC 3376 section 4.2.12: what a group record of a version 3 report says of its group. */
static const struct name igmp_records[] = {
	{ 1, "includes" },
	{ 2, "is in" },
	{ 3, "leaves" },
	{ 4, "joins" },
	{ 5, "allows" },
	{ 6, "blocks" },
	{ 0, NULL },
};

static const char *find_name(const struct name *names, unsigned int number)
{
	for (; names->name; names++)
		if (names->number == number)
			return names->name;
	return NULL;
}

static const char *name_or_number(
	struct wl_arena *arena, const struct name *names, const char *kind, unsigned int number)
{
	const char *name = find_name(names, number);

	return name ? name : wl_format(arena, "%s %u", kind, number);
}

static const char *bytes_in_words(struct wl_arena *arena, size_t len)
{
	return wl_format(arena, ngettext("%zu byte", "%zu bytes", len), len);
}

/* Where a packet comes from and goes to, with ports or without. */
struct ends {
	char source[INET6_ADDRSTRLEN], destination[INET6_ADDRSTRLEN];
};

/* RFC 826, for IPv4 over Ethernet alone. */
static char *describe_arp(struct wl_arena *arena, const uint8_t *at, size_t len)
{
	char sender[IPV4_TEXT], target[IPV4_TEXT];

	if (len < 28 || be16(at) != 1 || be16(at + 2) != ETH_P_IP || at[4] != 6 || at[5] != 4)
		return NULL;
	ipv4_text(at + 14, sender);
	ipv4_text(at + 24, target);
	if (be16(at + 6) == 1)
		return wl_format(arena, "ARP who-has %s tell %s", target, sender);
	if (be16(at + 6) == 2)
		return wl_format(arena, "ARP %s is-at %s", sender, wl_format_mac(at + 8, arena));
	return NULL;
}

static char *describe_udp(
	struct wl_arena *arena, const struct ends *ends, const uint8_t *at, size_t len)
{
	if (len < 8 || be16(at + 4) < 8 || be16(at + 4) > len)
		return NULL;
	return wl_format(arena, "%s:%u > %s:%u UDP %s", ends->source, be16(at), ends->destination,
		be16(at + 2), bytes_in_words(arena, be16(at + 4) - 8u));
}

static const char *tcp_flags(struct wl_arena *arena, uint8_t flags)
{
	static const char *const names[] = { "FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE",
		"CWR" };
	const char *text = "";
	unsigned int i;

	for (i = 0; i < 8; i++)
		if (flags & 1u << i)
			text = wl_format(arena, "%s%s%s", text, *text ? " " : "", names[i]);
	return text;
}

/* RFC 9293 section 3.1. */
static char *describe_tcp(
	struct wl_arena *arena, const struct ends *ends, const uint8_t *at, size_t len)
{
	size_t header = len < 20 ? 0 : (size_t)(at[12] >> 4) * 4;

	if (header < 20 || header > len)
		return NULL;
	return wl_format(arena, "%s:%u > %s:%u TCP [%s] %s", ends->source, be16(at),
		ends->destination, be16(at + 2), tcp_flags(arena, at[13]),
		bytes_in_words(arena, len - header));
}

static char *describe_icmp(
	struct wl_arena *arena, const struct ends *ends, const uint8_t *at, size_t len)
{
	unsigned int type;

	if (len < 8)
		return NULL;
	type = at[0] == 3 || at[0] == 11 ? at[0] | (unsigned int)at[1] << 8 : at[0];
	if (!find_name(icmp_types, type))
		return wl_format(arena, "%s > %s ICMP type %u code %u", ends->source,
			ends->destination, at[0], at[1]);
	return wl_format(arena, "%s > %s ICMP %s", ends->source, ends->destination,
		find_name(icmp_types, type));
}

static char *describe_igmp(
	struct wl_arena *arena, const struct ends *ends, const uint8_t *at, size_t len)
{
	char group[IPV4_TEXT];
	const char *type, *verb = "";

	if (len < 8)
		return NULL;
	type = name_or_number(arena, igmp_types, "type", at[0]);
	ipv4_text(at + 4, group);
	if (at[0] == 0x22) { /* the count of records, then records; the first one is named */
		if (len < 16 || !be16(at + 6))
			return wl_format(
				arena, "%s > %s IGMP %s", ends->source, ends->destination, type);
		verb = name_or_number(arena, igmp_records, "record", at[8]);
		ipv4_text(at + 12, group);
	}
	return wl_format(arena, "%s > %s IGMP %s%s%s %s", ends->source, ends->destination, type,
		*verb ? ": " : "", verb, group);
}

static char *describe_transport(struct wl_arena *arena, const struct ends *ends,
	unsigned int protocol, const uint8_t *at, size_t len)
{
	switch (protocol) {
	case IPPROTO_UDP:
		return describe_udp(arena, ends, at, len);
	case IPPROTO_TCP:
		return describe_tcp(arena, ends, at, len);
	case IPPROTO_ICMP:
		return describe_icmp(arena, ends, at, len);
	case IPPROTO_IGMP:
		return describe_igmp(arena, ends, at, len);
	}
	return NULL;
}

static char *describe_ipv4(struct wl_arena *arena, const struct wl_ether *ether)
{
	struct ends ends;
	struct ipv4 ip;
	const char *protocol;
	char *words = NULL;

	if (!ipv4_parse(ether, &ip))
		return NULL;
	ipv4_text(ip.source, ends.source);
	ipv4_text(ip.destination, ends.destination);
	protocol = name_or_number(arena, protocols, "protocol", ip.protocol);
	if (ipv4_is_fragment(&ip))
		return wl_format(arena, _("%s > %s %s fragment at %zu, %s"), ends.source,
			ends.destination, protocol, ip.offset, bytes_in_words(arena, ip.len));
	words = describe_transport(arena, &ends, ip.protocol, ip.data, ip.len);
	return words ? words
		     : wl_format(arena, "%s > %s %s %s", ends.source, ends.destination, protocol,
			       bytes_in_words(arena, ip.len));
}

/* RFC 8200 section 3: not taught, so no more than who and what. */
static char *describe_ipv6(struct wl_arena *arena, const uint8_t *at, size_t len)
{
	struct ends ends;

	if (len < 40 || at[0] >> 4 != 6)
		return NULL;
	inet_ntop(AF_INET6, at + 8, ends.source, sizeof(ends.source));
	inet_ntop(AF_INET6, at + 24, ends.destination, sizeof(ends.destination));
	return wl_format(arena, "%s > %s IPv6 %s %s", ends.source, ends.destination,
		name_or_number(arena, protocols, "protocol", at[6]),
		bytes_in_words(arena, be16(at + 4)));
}

char *wl_describe_frame(const struct wl_frame *frame, struct wl_arena *arena)
{
	struct wl_ether ether;
	char *words = NULL;

	if (!wl_parse_ether(frame, &ether))
		return wl_format(
			arena, _("%s, too short for Ethernet"), bytes_in_words(arena, frame->len));
	if (ether.type == ETH_P_ARP)
		words = describe_arp(arena, ether.payload, ether.payload_len);
	else if (ether.type == ETH_P_IP)
		words = describe_ipv4(arena, &ether);
	else if (ether.type == ETH_P_IPV6)
		words = describe_ipv6(arena, ether.payload, ether.payload_len);
	return words ? words
		     : wl_format(arena, _("%s > %s type %04x, %s"),
			       wl_format_mac(ether.source, arena),
			       wl_format_mac(ether.destination, arena), ether.type,
			       bytes_in_words(arena, ether.payload_len));
}
