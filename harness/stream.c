/*
 * TCP out of frames. A byte's place follows from its sequence number (RFC 9293 section 3.4): the SYN takes one number, the
 * first byte the next, and the numbers wrap at 2^32, so a segment's number is read as a distance from what is already there.
 * Each capture point is its own witness: a connection that passes two of them is two streams.
 *
 * What comes may be made to hurt. Pieces are kept sorted by their place and never overlap: a segment brings only
 * what fills a gap. Behind the first hole at most HELD pieces are kept, so that the search for a gap is short, and a piece only
 * points at its bytes until all are in order: time and memory are bounded by the frames, whatever numbers they name.
 */
#include "harness/stream.h"

#include <netinet/in.h>
#include <string.h>

#include "harness/ipv4.h"

#define FIN 0x01
#define SYN 0x02
#define RST 0x04
#define ACK 0x10
#define HELD 256
#define RECENT 64 /* calls to which an answer from another address may belong */

struct segment {
	const struct wl_frame *frame;
	uint32_t number; /* of the frame, from 1 */
	uint8_t source[4], destination[4];
	uint16_t source_port, destination_port;
	uint32_t sequence; /* of its first byte of data, or of where that would be */
	uint32_t awaited;  /* acknowledgement number */
	uint8_t flags;
	const uint8_t *data;
	size_t len;
};

/* New bytes of one segment. */
struct part {
	struct wl_piece piece;
	const uint8_t *data;
};

/* One end under construction. */
struct end {
	uint8_t address[4], alias[4]; /* under which it was called, and answers */
	uint16_t port;
	uint32_t start; /* sequence number of the first byte */
	struct part *parts; /* sorted by offset, without overlaps */
	size_t count;
	size_t joined; /* how many of them follow each other from 0 on */
	size_t reach;  /* where those end */
	struct wl_stream_side *side;
};

/* A connection under construction. */
struct flow {
	struct wl_stream stream;
	struct end client, server;
};

struct entry {
	struct entry *older; /* in the same bucket */
	struct flow *flow;
};

struct sorting {
	struct wl_arena *arena;
	struct entry **buckets;
	struct flow **flows;
	size_t mask, count;
};

static uint32_t be32(const uint8_t *at)
{
	return (uint32_t)be16(at) << 16 | be16(at + 2);
}

/* RFC 9293 section 3.1. False when it is no whole TCP segment. */
static bool read_segment(const struct wl_observation *seen, size_t index, struct segment *segment)
{
	struct wl_ether ether;
	struct ipv4 ip;
	size_t header;

	if (!wl_parse_ether(&seen->frames[index], &ether) || !ipv4_parse(&ether, &ip))
		return false;
	if (ip.protocol != IPPROTO_TCP || ipv4_is_fragment(&ip) || ip.len < 20)
		return false;
	header = (size_t)(ip.data[12] >> 4) * 4;
	if (header < 20 || header > ip.len)
		return false;
	*segment = (struct segment){ .frame = &seen->frames[index], .number = (uint32_t)index + 1,
		.source_port = be16(ip.data), .destination_port = be16(ip.data + 2),
		.sequence = be32(ip.data + 4), .awaited = be32(ip.data + 8), .flags = ip.data[13],
		.data = ip.data + header, .len = ip.len - header };
	memcpy(segment->source, ip.source, 4);
	memcpy(segment->destination, ip.destination, 4);
	if (segment->flags & SYN)
		segment->sequence++;
	return true;
}

/* The same for both directions of a connection. */
static size_t bucket_of(const struct sorting *sorting, const struct segment *segment)
{
	uint64_t one = (uint64_t)be32(segment->source) << 16 | segment->source_port;
	uint64_t other = (uint64_t)be32(segment->destination) << 16 | segment->destination_port;
	uint64_t both = (one * 0x9e3779b97f4a7c15u) ^ (other * 0x9e3779b97f4a7c15u);

	return (size_t)((both ^ segment->frame->point) * 0xff51afd7ed558ccdu >> 32) & sorting->mask;
}

static bool is_end(const struct end *end, const uint8_t address[4], uint16_t port)
{
	return port == end->port &&
	       (memcmp(address, end->address, 4) == 0 || memcmp(address, end->alias, 4) == 0);
}

static bool is_from(const struct segment *segment, const struct end *end)
{
	return is_end(end, segment->source, segment->source_port);
}

static bool is_to(const struct segment *segment, const struct end *end)
{
	return is_end(end, segment->destination, segment->destination_port);
}

static bool belongs(const struct segment *segment, const struct flow *flow)
{
	return flow->stream.point == segment->frame->point &&
	       ((is_from(segment, &flow->client) && is_to(segment, &flow->server)) ||
		       (is_from(segment, &flow->server) && is_to(segment, &flow->client)));
}

/*
 * On lo a call that was led elsewhere is seen with its new destination, the answer already with the address that was called. Such
 * an answer is known by what it acknowledges: the client's very SYN.
 */
static bool answers_call(const struct segment *segment, const struct flow *flow)
{
	return segment->frame->direction == WL_WITHIN_HOST && (segment->flags & ACK) &&
	       (segment->flags & (SYN | RST)) &&
	       flow->stream.point == segment->frame->point && !flow->stream.server.syn_frame &&
	       is_to(segment, &flow->client) && segment->source_port == flow->server.port &&
	       segment->awaited == flow->client.start;
}

/* Segments like this one are FLOW's from now on. */
static void enter(struct sorting *sorting, const struct segment *segment, struct flow *flow)
{
	struct entry **bucket = &sorting->buckets[bucket_of(sorting, segment)];
	struct entry *entry = wl_alloc(sorting->arena, sizeof(*entry));

	entry->older = *bucket;
	entry->flow = flow;
	*bucket = entry;
}

/* The youngest connection that the segment may belong to, or NULL. */
static struct flow *find_flow(struct sorting *sorting, const struct segment *segment)
{
	struct entry *entry = sorting->buckets[bucket_of(sorting, segment)];

	for (; entry; entry = entry->older)
		if (belongs(segment, entry->flow))
			return entry->flow;
	for (size_t i = sorting->count; i > 0 && sorting->count - i < RECENT; i--) {
		struct flow *flow = sorting->flows[i - 1];

		if (answers_call(segment, flow)) {
			memcpy(flow->server.alias, segment->source, 4);
			enter(sorting, segment, flow);
			return flow;
		}
	}
	return NULL;
}

static void end_up(struct end *end, struct wl_stream_side *side, const uint8_t address[4], uint16_t port)
{
	memcpy(end->address, address, 4);
	memcpy(end->alias, address, 4);
	end->port = port;
	end->side = side;
	ipv4_text(address, side->address);
	side->port = port;
}

static struct flow *add_flow(struct sorting *sorting, const struct segment *segment)
{
	struct flow *flow = wl_alloc(sorting->arena, sizeof(*flow));

	enter(sorting, segment, flow);
	*wl_append(sorting->arena, &sorting->flows, &sorting->count) = flow;
	flow->stream.point = segment->frame->point;
	flow->stream.direction = segment->frame->direction;
	end_up(&flow->client, &flow->stream.client, segment->source, segment->source_port);
	end_up(&flow->server, &flow->stream.server, segment->destination, segment->destination_port);
	return flow;
}

/* The connection of a segment: a SYN without ACK begins one, unless it is the last one's once more. */
static struct flow *flow_of(struct sorting *sorting, const struct segment *segment)
{
	struct flow *flow = find_flow(sorting, segment);

	if ((segment->flags & (SYN | ACK | RST)) != SYN)
		return flow;
	if (flow && is_from(segment, &flow->client) && flow->client.start == segment->sequence)
		return flow;
	return add_flow(sorting, segment);
}

static void note(uint32_t *frame, uint64_t *at_ns, const struct segment *segment)
{
	if (*frame)
		return;
	*frame = segment->number;
	*at_ns = segment->frame->at_ns;
}

/* Room for one more part at index AT; those from there on move up. */
static struct part *make_room(struct sorting *sorting, struct end *end, size_t at)
{
	wl_append(sorting->arena, &end->parts, &end->count);
	memmove(end->parts + at + 1, end->parts + at, (end->count - 1 - at) * sizeof(*end->parts));
	return &end->parts[at];
}

/*
 * The bytes FROM to TO of the side's data, which no part has yet, as a part at index AT; SEGMENT's data begins at OFFSET. False when
 * too much is held behind a hole.
 */
static bool put_part(struct sorting *sorting, struct end *end, size_t at, const struct segment *segment,
	int64_t offset, int64_t from, int64_t to)
{
	struct part *part;

	if (end->count - end->joined >= HELD && (size_t)from != end->reach)
		return false;
	part = make_room(sorting, end, at);
	part->piece = (struct wl_piece){ segment->number, segment->frame->at_ns, (size_t)from,
		(size_t)(to - from) };
	part->data = segment->data + (from - offset);
	while (end->joined < end->count && end->parts[end->joined].piece.offset == end->reach)
		end->reach += end->parts[end->joined++].piece.len;
	return true;
}

static int64_t end_of_part(const struct part *part)
{
	return (int64_t)(part->piece.offset + part->piece.len);
}

/* What of the segment fills gaps, from the first hole on. */
static void take_data(struct sorting *sorting, struct end *end, const struct segment *segment)
{
	int64_t reach = (int64_t)end->reach;
	int64_t offset = reach + (int32_t)(segment->sequence - (end->start + (uint32_t)reach));
	int64_t from = offset > reach ? offset : reach, to = offset + (int64_t)segment->len;

	for (size_t at = end->joined; from < to; at++) {
		int64_t gap = at < end->count ? (int64_t)end->parts[at].piece.offset : to;

		if (from < gap && !put_part(sorting, end, at++, segment, offset, from, gap < to ? gap : to))
			return;
		if (at == end->count)
			return;
		if (from < end_of_part(&end->parts[at]))
			from = end_of_part(&end->parts[at]);
	}
}

static void take(struct sorting *sorting, const struct segment *segment)
{
	struct flow *flow = flow_of(sorting, segment);
	struct end *end;

	if (!flow)
		return;
	end = is_from(segment, &flow->client) ? &flow->client : &flow->server;
	if ((segment->flags & SYN) && !end->side->syn_frame)
		end->start = segment->sequence;
	if (segment->flags & SYN)
		note(&end->side->syn_frame, &end->side->syn_ns, segment);
	if (segment->flags & RST)
		note(&end->side->rst_frame, &end->side->rst_ns, segment);
	if (!end->side->syn_frame || (segment->flags & RST))
		return;
	if (segment->flags & FIN)
		note(&end->side->fin_frame, &end->side->fin_ns, segment);
	if (segment->len)
		take_data(sorting, end, segment);
}

/* Put together what is in order. */
static void join(struct sorting *sorting, struct end *end)
{
	struct wl_stream_side *side = end->side;
	uint8_t *data = wl_alloc(sorting->arena, end->reach + 1);

	side->data = data;
	side->len = end->reach;
	side->piece_count = end->joined;
	side->pieces = wl_alloc_array(sorting->arena, end->joined + 1, sizeof(*side->pieces));
	for (size_t i = 0; i < end->joined; i++) {
		side->pieces[i] = end->parts[i].piece;
		memcpy(data + side->pieces[i].offset, end->parts[i].data, side->pieces[i].len);
	}
}

struct wl_stream *wl_streams(const struct wl_observation *seen, struct wl_arena *arena, size_t *count)
{
	struct sorting sorting = { .arena = arena, .mask = 63 };
	struct wl_stream *streams;
	struct segment segment;

	while (sorting.mask < seen->frame_count / 8)
		sorting.mask = sorting.mask * 2 + 1;
	sorting.buckets = wl_alloc_array(arena, sorting.mask + 1, sizeof(struct entry *));
	for (size_t i = 0; i < seen->frame_count; i++)
		if (read_segment(seen, i, &segment))
			take(&sorting, &segment);
	*count = sorting.count;
	if (!sorting.count)
		return NULL;
	streams = wl_alloc_array(arena, sorting.count, sizeof(*streams));
	for (size_t i = 0; i < sorting.count; i++) {
		join(&sorting, &sorting.flows[i]->client);
		join(&sorting, &sorting.flows[i]->server);
		streams[i] = sorting.flows[i]->stream;
	}
	return streams;
}

const struct wl_piece *wl_piece_at(const struct wl_stream_side *side, size_t offset)
{
	for (size_t i = 0; i < side->piece_count; i++)
		if (offset - side->pieces[i].offset < side->pieces[i].len)
			return &side->pieces[i];
	return NULL;
}
