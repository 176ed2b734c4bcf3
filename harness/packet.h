#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/observation.h"

/* Captured bytes through checked readers: no struct is ever cast onto a capture. */

/* Fields of an Ethernet II frame (IEEE 802.3, RFC 894). Points into the frame. */
struct wl_ether {
	const uint8_t *destination; /* 6 bytes */
	const uint8_t *source;      /* 6 bytes */
	uint16_t type;              /* host byte order */
	const uint8_t *payload;     /* all that follows, padding too */
	size_t payload_len;
};

/* False when the frame is shorter than 14 bytes. */
bool wl_parse_ether(const struct wl_frame *frame, struct wl_ether *ether);

/* One UDP datagram as it was seen at one point, reassembled if it came in fragments (RFC 791, RFC 768). */
struct wl_datagram {
	uint32_t frame;  /* number (1-based) of the frame that completed it */
	uint32_t point;
	enum wl_direction direction;
	uint64_t at_ns;  /* of that frame */
	char source[16], destination[16]; /* IPv4 addresses */
	uint16_t source_port, destination_port; /* host byte order */
	uint8_t ttl;
	uint32_t fragments; /* frames that it took: 1 when whole */
	const uint8_t *payload;
	size_t payload_len;
};

/*
 * All UDP datagrams of the observation in the order of their completion, in ARENA (payloads may point
 * into the observation); *COUNT is set, NULL when there is none. Frames that are not IPv4 UDP, or are
 * damaged (lengths that do not fit, an IPv4 header whose checksum is wrong), are passed over, and so
 * is a datagram whose fragments contradict each other. ttl is that of the first fragment. The UDP
 * checksum is not checked: on lo it is not filled in.
 */
struct wl_datagram *wl_datagrams(const struct wl_observation *seen, struct wl_arena *arena, size_t *count);

/* What a host says of one group: an IGMP report or leave, or one record of a version 3 report (RFC 1112, RFC 2236, RFC 3376). */
struct wl_group_report {
	uint32_t frame; /* its number, from 1 */
	uint32_t point;
	enum wl_direction direction;
	uint64_t at_ns;
	unsigned int version; /* 1 to 3 */
	char group[16];       /* IPv4 address */
	bool member;          /* false: it leaves */
};

/*
 * All of them in the order of the frames, in ARENA; *COUNT is set, NULL when there is none. Damaged messages (lengths that do not
 * fit, a wrong checksum) are passed over; so are queries and records that only block sources.
 */
struct wl_group_report *wl_group_reports(const struct wl_observation *seen, struct wl_arena *arena, size_t *count);

/* A TCP segment that brings nothing but an acknowledgement: no data, no SYN, FIN or RST (RFC 9293 section 3.1). */
bool wl_is_bare_ack(const struct wl_frame *frame);

/*
 * One line for people, in ARENA: "10.77.0.1:40000 > 10.77.0.2:49002 UDP 5 bytes", "... TCP [SYN ACK]
 * 0 bytes", "... ICMP port unreachable", "... IGMP version 2 report 224.1.1.1", "... UDP fragment at
 * 1480, 28 bytes", "ARP who-has 10.77.0.2 tell 10.77.0.1", "ARP 10.77.0.2 is-at aa:bb:...", "... IPv6
 * ICMPv6 8 bytes"; all else, and what is not what its ethertype says: "aa:bb:... > aa:bb:... type
 * 0800, 12 bytes".
 */
char *wl_describe_frame(const struct wl_frame *frame, struct wl_arena *arena);

/* "00:15:5d:11:c9:ca" of 6 bytes, in ARENA; and back: 6 bytes into MAC, false when TEXT is not one. */
char *wl_format_mac(const uint8_t *mac, struct wl_arena *arena);
bool wl_parse_mac(const char *text, uint8_t mac[6]);

/* True when the bytes are valid UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF). */
bool wl_is_utf8(const uint8_t *bytes, size_t len);

/*
 * Bytes for people, in ARENA: text in double quotes where all is UTF-8 (control codes as \xNN, quotes
 * and backslashes with a backslash before them), else hexadecimal, "68 ff"; the first MOST bytes and
 * "... (N bytes)" when LEN is more.
 */
char *wl_show_bytes(const uint8_t *bytes, size_t len, size_t most, struct wl_arena *arena);

/* The same of at most 60 bytes, and the length in any case. */
char *wl_show_sized(const uint8_t *bytes, size_t len, struct wl_arena *arena);
