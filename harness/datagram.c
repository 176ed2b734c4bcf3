/*
 * UDP datagrams out of frames, fragments put together as RFC 791 section 3.2 says: pieces belong
 * together when source, destination, protocol and identification agree. Here also point and
 * direction: each place is its own witness, and what passes three of them is three datagrams.
 *
 * What comes may be made to hurt. A half-built datagram marks which units of 8 bytes it has: a
 * piece that brings only what is there already is a duplicate; one that overlaps in part, or
 * contradicts the known end, spoils the whole datagram, as it does in Linux's own reassembly. At
 * most SLOTS are under construction, the oldest gives way, and none older than 30 s is continued
 * (net.ipv4.ipfrag_time). So time and memory are bounded by the number of frames.
 */
#include "harness/packet.h"

#include <netinet/in.h>
#include <string.h>

#include "harness/ipv4.h"

#define SLOTS 16
#define MOST (65535 - 20) /* data bytes of the largest datagram */
#define UNITS (MOST / 8 + 1)
#define PATIENCE_NS 30000000000u

/* A datagram under construction. Free when fragments is 0. */
struct partial {
	uint32_t point;
	enum wl_direction direction;
	uint8_t key[10]; /* source, destination, identification */
	uint64_t at_ns;  /* of its first piece */
	uint32_t fragments;
	uint8_t ttl;  /* of the piece at offset 0, which carries the UDP header */
	size_t end;   /* its length, once the last piece has come, or 0 */
	size_t reach; /* where the furthest piece ends */
	size_t bytes; /* how many are there */
	uint8_t has[UNITS];
	uint8_t data[UNITS * 8];
};

struct assembly {
	const struct wl_observation *seen;
	struct wl_arena *arena;
	struct partial *slots[SLOTS]; /* made when first needed */
	struct wl_datagram *found;
	size_t count;
};

static void make_key(const struct ipv4 *ip, uint8_t key[10])
{
	memcpy(key, ip->source, 4);
	memcpy(key + 4, ip->destination, 4);
	key[8] = (uint8_t)(ip->id >> 8);
	key[9] = (uint8_t)ip->id;
}

static bool belongs(
	const struct partial *partial, const struct wl_frame *frame, const uint8_t key[10])
{
	return partial->fragments && partial->point == frame->point &&
	       partial->direction == frame->direction && !memcmp(partial->key, key, 10) &&
	       frame->at_ns - partial->at_ns <= PATIENCE_NS;
}

/* The slot to start a new datagram in: a free one, or that of the oldest. */
static struct partial *make_room(struct assembly *assembly)
{
	struct partial *oldest = NULL;
	size_t i;

	for (i = 0; i < SLOTS; i++) {
		if (!assembly->slots[i])
			assembly->slots[i] = wl_alloc(assembly->arena, sizeof(struct partial));
		if (!assembly->slots[i]->fragments)
			return assembly->slots[i];
		if (!oldest || assembly->slots[i]->at_ns < oldest->at_ns)
			oldest = assembly->slots[i];
	}
	return oldest;
}

static struct partial *find_partial(
	struct assembly *assembly, const struct wl_frame *frame, const struct ipv4 *ip)
{
	struct partial *partial;
	uint8_t key[10];
	size_t i;

	make_key(ip, key);
	for (i = 0; i < SLOTS && assembly->slots[i]; i++)
		if (belongs(assembly->slots[i], frame, key))
			return assembly->slots[i];
	partial = make_room(assembly);
	memset(partial, 0, offsetof(struct partial, data));
	partial->point = frame->point;
	partial->direction = frame->direction;
	partial->at_ns = frame->at_ns;
	memcpy(partial->key, key, sizeof(key));
	return partial;
}

/* A piece that no right sender makes: empty, beyond the largest datagram, or cut inside a unit of 8
 * bytes. */
static bool is_absurd(const struct ipv4 *ip)
{
	return !ip->len || ip->offset + ip->len > MOST || (ip->more && ip->len % 8);
}

/* How many of the piece's units are there already. */
static size_t count_known(const struct partial *partial, const struct ipv4 *ip)
{
	size_t first = ip->offset / 8, units = (ip->len + 7) / 8, known = 0, i;

	for (i = 0; i < units; i++)
		known += partial->has[first + i];
	return known;
}

/* Does the piece speak of another end than the pieces before it? */
static bool contradicts(const struct partial *partial, const struct ipv4 *ip)
{
	size_t end = ip->offset + ip->len;

	if (partial->end)
		return ip->more ? end >= partial->end : end != partial->end;
	return !ip->more && partial->reach > end;
}

static void add_piece(struct partial *partial, const struct ipv4 *ip)
{
	size_t units = (ip->len + 7) / 8, known = count_known(partial, ip);

	if ((known && known < units) || contradicts(partial, ip)) {
		partial->fragments = 0;
		return;
	}
	if (known)
		return;
	memcpy(partial->data + ip->offset, ip->data, ip->len);
	memset(partial->has + ip->offset / 8, 1, units);
	partial->bytes += ip->len;
	partial->fragments++;
	if (partial->reach < ip->offset + ip->len)
		partial->reach = ip->offset + ip->len;
	if (!ip->offset)
		partial->ttl = ip->ttl;
	if (!ip->more)
		partial->end = ip->offset + ip->len;
}

/* RFC 768: DATA is what IP carried, LEN its length; damaged ones are passed over. */
static void take_udp(struct assembly *assembly, size_t frame, const struct ipv4 *ip,
	const uint8_t *data, size_t len, uint32_t fragments)
{
	const struct wl_frame *last = &assembly->seen->frames[frame];
	struct wl_datagram *found;

	if (len < 8 || be16(data + 4) < 8 || be16(data + 4) > len)
		return;
	found = wl_append(assembly->arena, &assembly->found, &assembly->count);
	found->frame = (uint32_t)frame + 1;
	found->point = last->point;
	found->direction = last->direction;
	found->at_ns = last->at_ns;
	ipv4_text(ip->source, found->source);
	ipv4_text(ip->destination, found->destination);
	found->source_port = be16(data);
	found->destination_port = be16(data + 2);
	found->ttl = ip->ttl;
	found->fragments = fragments;
	found->payload = data + 8;
	found->payload_len = be16(data + 4) - 8u;
}

static void take_fragment(struct assembly *assembly, size_t frame, const struct ipv4 *ip)
{
	struct partial *partial;
	struct ipv4 whole = *ip;

	if (is_absurd(ip))
		return;
	partial = find_partial(assembly, &assembly->seen->frames[frame], ip);
	add_piece(partial, ip);
	if (!partial->fragments || !partial->end || partial->bytes != partial->end)
		return;
	whole.ttl = partial->ttl;
	take_udp(assembly, frame, &whole, wl_memdup(assembly->arena, partial->data, partial->end),
		partial->end, partial->fragments);
	partial->fragments = 0;
}

struct wl_datagram *wl_datagrams(
	const struct wl_observation *seen, struct wl_arena *arena, size_t *count)
{
	struct assembly assembly = { .seen = seen, .arena = arena };
	struct wl_ether ether;
	struct ipv4 ip;
	size_t i;

	for (i = 0; i < seen->frame_count; i++) {
		if (!wl_parse_ether(&seen->frames[i], &ether) || !ipv4_parse(&ether, &ip))
			continue;
		if (ip.protocol != IPPROTO_UDP)
			continue;
		if (ipv4_is_fragment(&ip))
			take_fragment(&assembly, i, &ip);
		else
			take_udp(&assembly, i, &ip, ip.data, ip.len, 1);
	}
	*count = assembly.count;
	return assembly.found;
}
