#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/packet.h"

/* The IPv4 header of a captured frame, for the readers of packet.h: no part of the vocabulary. */

/* Numbers that a frame carries come in network byte order; these read them at any address. */
static inline uint16_t be16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

#define IPV4_TEXT 16 /* room for "255.255.255.255" */

/* RFC 791 section 3.1. Points into the frame; lengths in bytes. */
struct ipv4 {
	uint8_t ttl, protocol;
	uint16_t id;
	size_t offset;         /* of this fragment's data in the datagram's */
	bool more;             /* more fragments follow */
	const uint8_t *source; /* 4 bytes */
	const uint8_t *destination;
	const uint8_t *data; /* behind the header and its options */
	size_t len;          /* of data, without what pads the frame */
};

/*
 * False when the frame is no IPv4, or damaged: cut off, lengths that do not fit, or a wrong header
 * checksum. All three matter: the course's raw frames say ethertype 0800 and carry text, and text
 * may begin with 'E' (0x45).
 */
bool ipv4_parse(const struct wl_ether *ether, struct ipv4 *ip);

/* RFC 1071: the sum over AT, its checksum included, is right. An odd LEN counts as one zero byte more. */
bool ipv4_sum_fits(const uint8_t *at, size_t len);

/* Is it one piece of a larger datagram? */
static inline bool ipv4_is_fragment(const struct ipv4 *ip)
{
	return ip->more || ip->offset;
}

/* "10.77.0.2" of 4 bytes. */
void ipv4_text(const uint8_t *address, char text[IPV4_TEXT]);
