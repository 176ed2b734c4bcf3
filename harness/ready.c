/*
 * Whether a program waits: for its peer the first time (hand_is_ready), or for more behind what came (hand_took). The kernel's
 * lists of sockets and memberships and /proc say it, the program does not notice.
 *
 * A bound UDP socket is enough for a start: the kernel keeps what comes before the first receive. For the next datagram or frame the
 * queue must be empty and the program asleep in a receive. One that polls (a timeout of 0.2 s, a non-blocking
 * loop) may be anywhere when it is looked at: it waits again when the same socket has stayed empty for a while and the program has been
 * round its loop meanwhile.
 */
#include "harness/stagehand.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "harness/base/clock.h"

#define SPINNER_NS 300000000u /* how long a socket must stay the same and empty for one that never sleeps in a receive */
#define SPINNER_CPU_NS 50000000u

/* Whether this is the kind of socket that READY asks for. */
static bool asked_for(const struct wl_socket *socket, const struct wl_ready *ready)
{
	if (ready->kind == WL_READY_PACKET || socket->family == AF_PACKET)
		return ready->kind == WL_READY_PACKET && socket->family == AF_PACKET;
	if (socket->local_port != ready->port)
		return false;
	if (ready->kind == WL_READY_TCP)
		return socket->protocol == IPPROTO_TCP && socket->state == TCP_LISTEN;
	return socket->protocol == IPPROTO_UDP;
}

/* It has been round its loop since its queue was first found empty: slept and woke, or used the processor. */
static bool been_round(struct player *player, const struct proc_activity *now)
{
	return wl_monotonic_ns() - player->empty_since_ns > SPINNER_NS &&
	       (now->switches >= player->empty_switches + 3 || now->cpu_ns > player->empty_cpu_ns + SPINNER_CPU_NS);
}

/* Nothing is in the socket's queue, and the program waits for more. */
static bool drained(struct player *player, const struct wl_socket *socket)
{
	struct proc_activity now;

	if (socket->receive_queue > 0)
		player->empty_inode = 0;
	if (socket->receive_queue > 0 || proc_receives_on(player->proc, socket->inode))
		return socket->receive_queue == 0;
	proc_activity(player->proc, &now);
	if (player->empty_inode == socket->inode)
		return been_round(player, &now);
	player->empty_inode = socket->inode;
	player->empty_since_ns = wl_monotonic_ns();
	player->empty_switches = now.switches;
	player->empty_cpu_ns = now.cpu_ns;
	return false;
}

/* It holds a socket of the kind it should have; with DRAINED_TOO, one that is drained. */
static bool socket_ready(struct wl_play *play, struct player *player, bool drained_too)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	struct wl_socket *sockets = NULL;
	size_t count = 0;

	if (sockstate_sockets(play->sockets[player->host], arena, &sockets, &count, &play->err) < 0)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!asked_for(&sockets[i], &player->ready) ||
			!proc_holds(player->proc, sockets[i].inode))
			continue;
		if (!drained_too || drained(player, &sockets[i]))
			return true;
	}
	return false;
}

/* Those on PLAYER's host, itself included, who belong to its group while they live. */
static unsigned int members_due(const struct wl_play *play, const struct player *player)
{
	unsigned int due = 0;

	for (size_t i = 0; i < play->player_count; i++) {
		const struct player *other = &play->players[i];

		due += other->host == player->host && other->ready.kind == WL_READY_GROUP && other->proc &&
		       !other->ended && strcmp(other->ready.group, player->ready.group) == 0;
	}
	return due;
}

/* An interface of its host counts as many members of the group as there should be: the list does not tell whose they are. */
static bool group_ready(struct wl_play *play, struct player *player)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	struct wl_membership *memberships = NULL;
	size_t count = 0;

	if (sockstate_memberships(play->sockets[player->host], arena, &memberships, &count, &play->err) < 0)
		return false;
	for (size_t i = 0; i < count; i++)
		if (strcmp(memberships[i].group, player->ready.group) == 0 &&
			memberships[i].users >= members_due(play, player))
			return true;
	return false;
}

bool hand_is_ready(struct wl_play *play, size_t index)
{
	struct player *player = &play->players[index];
	struct proc_activity activity;

	if (player->ended || !player->proc)
		return true; /* it has ended: there is nothing to wait for */
	switch (player->ready.kind) {
	case WL_READY_START:
		return true;
	case WL_READY_PROMPT:
		if (hand_printed(play, index, player->ready.prompt))
			return true;
		proc_activity(player->proc, &activity);
		return activity.reads_terminal;
	case WL_READY_UDP:
	case WL_READY_TCP:
		return socket_ready(play, player, false);
	case WL_READY_GROUP:
		return socket_ready(play, player, false) && group_ready(play, player);
	case WL_READY_PACKET:
		return socket_ready(play, player, true);
	}
	return true;
}

static bool waits_for_more(struct wl_play *play, size_t index)
{
	struct player *player = &play->players[index];

	if (player->ready.kind == WL_READY_UDP || player->ready.kind == WL_READY_GROUP)
		return socket_ready(play, player, true);
	return hand_is_ready(play, index);
}

/* What was sent counts as taken only once it has come: every frame that left a host has been seen. */
bool hand_took(struct wl_play *play, size_t index)
{
	struct player *player = &play->players[index];
	struct proc_activity activity;

	if (player->ended || !player->proc)
		return true;
	proc_activity(player->proc, &activity);
	return activity.switches != player->switches && capture_settled(play->capture) &&
	       waits_for_more(play, index);
}
