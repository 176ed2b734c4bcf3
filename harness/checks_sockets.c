/*
 * A socket in words: what it is bound and connected to, and what lies in its queue.
 */
#include "harness/whereabouts.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#define LO 1         /* the interface's number, in every namespace */
#define ALL_FRAMES 3 /* ETH_P_ALL */

const char *socket_end(const struct wl_case *c, const char *address, uint16_t port)
{
	if (strncmp(address, "::ffff:", 7) == 0)
		address += 7;
	return wl_format(c->arena, strchr(address, ':') ? "[%s]:%u" : "%s:%u", address, port);
}

static const char *packet_words(const struct wl_case *c, const struct wl_socket *socket)
{
	const char *words = _("a packet socket for all frames");

	if (socket->protocol == 0)
		words = _("a packet socket without a protocol, which gets no frames");
	else if (socket->protocol != ALL_FRAMES)
		words = wl_format(c->arena, _("a packet socket for frames of type %04x"), (unsigned int)socket->protocol);
	return socket->ifindex == LO ? wl_format(c->arena, _("%s on lo"), words) : words;
}

const char *socket_words(const struct wl_case *c, const struct wl_socket *socket)
{
	const char *kind = socket->protocol == IPPROTO_UDP ? "UDP" : "TCP", *local;

	if (socket->family == AF_PACKET)
		return packet_words(c, socket);
	local = socket_end(c, socket->local, socket->local_port);
	if (socket->protocol == IPPROTO_TCP && socket->state == TCP_LISTEN)
		return wl_format(c->arena, _("listening TCP %s"), local);
	if (socket->remote_port)
		return wl_format(c->arena, "%s %s > %s", kind, local, socket_end(c, socket->remote, socket->remote_port));
	if (!socket->local_port)
		return wl_format(c->arena, _("a %s socket without a port"), kind);
	if (socket->protocol == IPPROTO_TCP)
		return wl_format(c->arena, _("TCP %s, which neither listens nor is connected"), local);
	return wl_format(c->arena, "%s %s", kind, local);
}

/* How many bytes one side had sent when the look was taken. */
static ptrdiff_t sent_until(const struct wl_stream_side *side, uint64_t at_ns)
{
	size_t sent = 0;

	for (size_t i = 0; i < side->piece_count; i++)
		sent += side->pieces[i].at_ns <= at_ns ? side->pieces[i].len : 0;
	return (ptrdiff_t)sent;
}

/*
 * The same of the other side of the connection, as far as the host saw; -1: it was not captured. The ports tell which connection it is:
 * where a program calls 127.0.0.1 and is led to another host, the cable shows other addresses.
 */
static ptrdiff_t sent_by_other(const struct look *look, const struct wl_socket *socket)
{
	const struct wl_case *c = look->c;
	const char *host = c->seen->performers[look->performer].host;
	size_t count;
	const struct wl_stream *all = wl_streams(c->seen, c->arena, &count);
	ptrdiff_t found = -1;

	for (size_t i = 0; i < count; i++) {
		if (strcmp(c->seen->points[all[i].point].host, host) != 0)
			continue;
		if (all[i].client.port == socket->local_port && all[i].server.port == socket->remote_port)
			found = sent_until(&all[i].server, look->rows[0]->at_ns);
		if (all[i].client.port == socket->remote_port && all[i].server.port == socket->local_port)
			found = sent_until(&all[i].client, look->rows[0]->at_ns);
	}
	return found;
}

static size_t open_connections(const struct look *look, uint16_t port)
{
	size_t count = 0;

	for (size_t i = 0; i < look->count; i++) {
		const struct wl_socket *socket = &look->rows[i]->socket;

		count += socket->protocol == IPPROTO_TCP && socket->state == TCP_ESTABLISHED && socket->local_port == port;
	}
	return count;
}

static const char *connection_state(const struct look *look, const struct wl_socket *socket)
{
	ptrdiff_t sent = sent_by_other(look, socket);

	if (sent < 0)
		return wl_format(look->c->arena, _("bytes unread: %u"), socket->receive_queue);
	return wl_format(look->c->arena, _("bytes that the other side has sent: %zu, unread: %u"), (size_t)sent,
		socket->receive_queue);
}

/* Datagrams that came to the host for the socket's port, from the one to whom it is connected if it is, until the look was taken. */
static size_t came_until(const struct look *look, const struct wl_socket *socket)
{
	const struct wl_case *c = look->c;
	size_t count, came = 0;
	const struct wl_datagram *all = wl_datagrams(c->seen, c->arena, &count);

	for (size_t i = 0; i < count && all[i].at_ns <= look->rows[0]->at_ns; i++)
		came += whereabouts_at_host(c, look->performer, all[i].point) && all[i].direction != WL_FROM_HOST &&
			all[i].destination_port == socket->local_port &&
			(!socket->remote_port || socket->remote_port == all[i].source_port);
	return came;
}

static const char *datagrams_words(const struct look *look, const struct wl_socket *socket)
{
	size_t came = socket->local_port ? came_until(look, socket) : 0;

	if (!came)
		return socket->receive_queue ? _("something unread is in its queue") : _("nothing has come to it");
	return wl_format(look->c->arena, socket->receive_queue
			? _("datagrams that have come to its port: %zu, something unread is in its queue")
			: _("datagrams that have come to its port: %zu, its queue is empty"), came);
}

/* What lies in its queue. */
static const char *queue_words(const struct look *look, const struct wl_socket *socket)
{
	struct wl_arena *arena = look->c->arena;
	size_t open;

	if (socket->family != AF_PACKET && socket->protocol == IPPROTO_UDP)
		return datagrams_words(look, socket);
	if (socket->family == AF_PACKET)
		return socket->receive_queue ? _("something unread is in its queue") : _("its queue is empty");
	if (socket->state != TCP_LISTEN)
		return connection_state(look, socket);
	open = open_connections(look, socket->local_port);
	if (!open)
		return wl_format(arena, _("connections that wait to be accepted: %u"), socket->receive_queue);
	return wl_format(arena, _("connections that wait to be accepted: %u, already open: %zu"), socket->receive_queue, open);
}

const char *socket_and_queue(const struct look *look, const struct wl_socket *socket)
{
	return wl_format(look->c->arena, "%s (%s)", socket_words(look->c, socket), queue_words(look, socket));
}
