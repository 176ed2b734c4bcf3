/*
 * Why what came to a program's host did not come to the program: it went to a port or an address that no socket of it hears, came from
 * somebody to whom the socket is not connected, over another interface, as another type of frame, or was a call for which nobody listened.
 */
#include "harness/whereabouts.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define LO 1         /* the interface's number, in every namespace */
#define ALL_FRAMES 3 /* ETH_P_ALL */

static const char *plain(const char *address)
{
	return strncmp(address, "::ffff:", 7) == 0 ? address + 7 : address;
}

static bool is_any(const char *address)
{
	return strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0;
}

/* Why a socket on the port of a datagram does not hear it. */
enum deaf { HEARS, OTHER_PORT, OTHER_ADDRESS, OTHER_SENDER, OTHER_INTERFACE, REFUSED };

static enum deaf deafness(const struct wl_socket *socket, const struct wl_datagram *came)
{
	if (socket->protocol != IPPROTO_UDP || socket->family == AF_PACKET || socket->local_port != came->destination_port)
		return OTHER_PORT;
	if (socket->remote_port &&
		(socket->remote_port != came->source_port || strcmp(plain(socket->remote), came->source) != 0))
		return OTHER_SENDER;
	if (!is_any(socket->local) && strcmp(plain(socket->local), came->destination) != 0)
		return OTHER_ADDRESS;
	if (socket->ifindex && (socket->ifindex == LO) != (came->direction == WL_WITHIN_HOST))
		return OTHER_INTERFACE;
	return HEARS;
}

/* How a datagram fares with all its sockets: the best of them, which is *NEAREST. */
static enum deaf fate(const struct look *look, const struct wl_datagram *came, const struct wl_socket **nearest)
{
	enum deaf best = OTHER_PORT;

	for (size_t i = 0; i < look->count; i++) {
		const struct wl_socket *socket = &look->rows[i]->socket;
		enum deaf deaf = socket->family ? deafness(socket, came) : OTHER_PORT;

		if (deaf == OTHER_PORT)
			continue;
		if (deaf == HEARS)
			return HEARS;
		best = deaf;
		*nearest = socket;
	}
	return best;
}

static const char *deaf_words(const struct look *look, enum deaf deaf, const struct wl_socket *socket,
	const struct wl_datagram *came, size_t count)
{
	struct wl_arena *arena = look->c->arena;
	const char *name = socket ? socket_words(look->c, socket) : "";

	switch (deaf) {
	case OTHER_PORT:
		return wl_format(arena, _(" Datagrams that came to UDP port %u, where it has no socket: %zu."), came->destination_port, count);
	case OTHER_ADDRESS:
		return wl_format(arena, _(" %s hears only what is sent to that address; datagrams to %s: %zu."), name, came->destination,
			count);
	case OTHER_SENDER:
		return wl_format(arena, _(" %s is connected and hears nobody else; datagrams from others: %zu."), name, count);
	case OTHER_INTERFACE:
		return wl_format(arena, _(" %s is bound to one interface; datagrams that came over another one: %zu."), name, count);
	case REFUSED:
		return wl_format(arena, _(" Datagrams to UDP port %u that its machine refused (ICMP port unreachable): %zu."),
			came->destination_port, count);
	case HEARS:
		break;
	}
	return "";
}

/* Datagrams to the check's port that came to the host and that none of its sockets hears. */
static const char *unheard_datagrams(const struct look *look, uint64_t from_ns)
{
	const struct wl_case *c = look->c;
	const struct wl_datagram *first = NULL, *all;
	const struct wl_socket *nearest = NULL, *socket = NULL;
	enum deaf why = HEARS;
	size_t count, unheard = 0;

	all = wl_datagrams(c->seen, c->arena, &count);
	for (size_t i = 0; i < count; i++) {
		enum deaf deaf;

		socket = NULL;
		if (!whereabouts_at_host(c, look->performer, all[i].point) || all[i].direction == WL_FROM_HOST ||
			all[i].at_ns < from_ns || all[i].destination_port != c->check->port)
			continue;
		deaf = fate(look, &all[i], &socket);
		if (deaf == HEARS && whereabouts_refused(c, &all[i]))
			deaf = REFUSED; /* by no reason that a socket shows: IPV6_V6ONLY */
		if (deaf == HEARS || (first && deaf != why))
			continue;
		if (!first)
			nearest = socket;
		first = first ? first : &all[i];
		why = deaf;
		unheard++;
	}
	return first ? deaf_words(look, why, nearest, first, unheard) : "";
}

/* Calls to the check's port that were refused. */
static size_t refused_calls(const struct look *look, uint64_t from_ns)
{
	const struct wl_case *c = look->c;
	size_t count, refused = 0;
	const struct wl_stream *all = wl_streams(c->seen, c->arena, &count);

	for (size_t i = 0; i < count; i++)
		refused += whereabouts_at_host(c, look->performer, all[i].point) && all[i].direction != WL_FROM_HOST &&
			   all[i].server.port == c->check->port && all[i].server.rst_frame && !all[i].server.syn_frame &&
			   all[i].server.rst_ns >= from_ns;
	return refused;
}

/* Why a packet socket does not hear a frame, in words; NULL when it does. */
static const char *deaf_to_frame(const struct look *look, const struct wl_socket *socket, const struct wl_frame *frame)
{
	const char *name = socket_words(look->c, socket);
	struct wl_ether ether;

	if (!wl_parse_ether(frame, &ether))
		return NULL;
	if (socket->protocol == 0)
		return ""; /* its name says it */
	if (socket->ifindex && (socket->ifindex == LO) != (frame->direction == WL_WITHIN_HOST))
		return wl_format(look->c->arena, _(" The frame came over another interface than that of %s."), name);
	if (socket->protocol != ALL_FRAMES && socket->protocol != ether.type)
		return wl_format(look->c->arena, _(" The frame is of type %04x, which %s does not hear."), ether.type, name);
	return NULL;
}

static const char *unheard_frame(const struct look *look, uint64_t from_ns)
{
	const struct wl_observation *seen = look->c->seen;
	const struct wl_frame *frame = seen->frames;
	const char *words = _(" It has no packet socket.");

	while (frame < seen->frames + seen->frame_count &&
		(frame->at_ns < from_ns || !whereabouts_at_host(look->c, look->performer, frame->point) || frame->direction == WL_FROM_HOST))
		frame++;
	if (frame == seen->frames + seen->frame_count)
		return "";
	for (size_t i = 0; i < look->count; i++) {
		if (look->rows[i]->socket.family != AF_PACKET)
			continue;
		words = deaf_to_frame(look, &look->rows[i]->socket, frame);
		if (!words)
			return "";
	}
	return words;
}

const char *unheard_words(const struct look *look, uint64_t from_ns)
{
	const char *text;

	if (!look->count)
		return "";
	if (!look->c->check->port)
		return unheard_frame(look, from_ns);
	text = unheard_datagrams(look, from_ns);
	if (!refused_calls(look, from_ns))
		return text;
	return wl_format(look->c->arena, _("%s TCP connections to port %u that were refused: %zu."), text, look->c->check->port,
		refused_calls(look, from_ns));
}

const char *sockets_words(const struct look *look, const char *told)
{
	const char *text = NULL;
	bool any = false;

	for (size_t i = 0; i < look->count; i++) {
		const struct wl_socket *socket = &look->rows[i]->socket;
		const char *words = socket->family ? socket_words(look->c, socket) : NULL;

		any = any || words;
		if (words && !strstr(told, words) && (!text || !strstr(text, words)))
			text = text ? wl_format(look->c->arena, "%s, %s", text, words) : words;
	}
	if (!any)
		return _(" It has no socket.");
	return text ? wl_format(look->c->arena, _(" Its other sockets: %s."), text) : "";
}
