#pragma once
#include <stddef.h>
#include <stdint.h>

#include "harness/observation.h"

/* TCP connections out of captured frames (RFC 9293): what each end sent, and when. */

/* One captured segment that brought new bytes. */
struct wl_piece {
	uint32_t frame; /* number, from 1 */
	uint64_t at_ns;
	size_t offset; /* of its new bytes in the side's data */
	size_t len;
};

/* One end of a connection and what it sent. Frames are numbers from 1, 0: never; times are those of the frames. */
struct wl_stream_side {
	char address[16]; /* IPv4 */
	uint16_t port;    /* host byte order */
	const uint8_t *data; /* in order, what was sent twice only once, up to the first hole; a NUL byte behind it */
	size_t len;
	struct wl_piece *pieces; /* in the order of their offsets, without gaps from 0 to len */
	size_t piece_count;
	uint32_t syn_frame, fin_frame, rst_frame; /* the first of each */
	uint64_t syn_ns, fin_ns, rst_ns;
};

struct wl_stream {
	uint32_t point;              /* where it was captured */
	enum wl_direction direction; /* of the SYN: WL_FROM_HOST when the point's host is the client */
	struct wl_stream_side client, server; /* client: who sent the SYN without ACK */
};

/*
 * All TCP connections of the observation whose SYN was captured, once per capture point, in the order of their SYNs, in ARENA;
 * *COUNT is set, NULL when there is none. A port that is used again (a SYN with another sequence number) begins another
 * connection. One that was refused is a SYN and the server's RST. Damaged frames and fragments are passed over; TCP
 * checksums are not checked: on lo they are not filled in. A server that answers from another address than was called, as NAT shows it
 * on lo, has the address that was called. Of bytes that came twice those that came first count.
 */
struct wl_stream *wl_streams(const struct wl_observation *seen, struct wl_arena *arena, size_t *count);

/* The piece that brought the byte at OFFSET of the side's data, or NULL. */
const struct wl_piece *wl_piece_at(const struct wl_stream_side *side, size_t offset);
