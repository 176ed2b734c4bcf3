/*
 * Whether a program waits: for its peer the first time (hand_is_ready), or for more behind what came (hand_took). The kernel's
 * lists of sockets and memberships and /proc say it, the program does not notice.
 *
 * A bound UDP socket is enough for a start: the kernel keeps what comes before the first receive. One that hears a single address, or
 * IPv6, may be the first of several, so its program must also have come to wait. For the next datagram or frame the
 * queue must be empty and the program asleep in a receive. One that polls (a timeout of 0.2 s, a non-blocking
 * loop) may be anywhere when it is looked at: it waits again when the same socket has stayed empty for a while and the program has been
 * round its loop meanwhile.
 *
 * Who receives need not be who prints: a thread behind a queue or a process behind a pipe may still be at it; and one that polls may
 * print letter by letter. So everybody must wait for input, or, where somebody sleeps by the clock or computes, nothing more may
 * have been printed for a while.
 */
#include "harness/stagehand.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "harness/base/clock.h"
#include "harness/packet.h"

#define SPINNER_NS 300000000u /* how long a socket must stay the same and empty for one that never sleeps in a receive */
#define SPINNER_CPU_NS 250000000u /* much more than what it does with what came */
#define SILENT_NS 300000000u /* behind the last print ... */
#define MUTE_NS 1000000000u  /* ... or without any, of a program that prints by the clock */

/* Whether this is the kind of socket that READY asks for. */
static bool asked_for(const struct wl_socket *socket, const struct wl_ready *ready)
{
	if (ready->kind == WL_READY_PACKET || socket->family == AF_PACKET)
		return ready->kind == WL_READY_PACKET && socket->family == AF_PACKET;
	if (ready->port && socket->local_port != ready->port)
		return false;
	if (ready->kind == WL_READY_TCP)
		return socket->protocol == IPPROTO_TCP && socket->state == TCP_LISTEN;
	return socket->protocol == IPPROTO_UDP;
}

/* The kinds of sockets among which it is. */
static unsigned int kinds_for(const struct wl_ready *ready)
{
	if (ready->kind == WL_READY_PACKET)
		return SOCKSTATE_PACKET;
	return ready->kind == WL_READY_TCP ? SOCKSTATE_TCP : SOCKSTATE_UDP;
}

static struct moment moment(const struct proc_activity *now)
{
	return (struct moment){ wl_monotonic_ns(), now->sleeps, now->cpu_ns };
}

/* It has been round its loop since then: slept and woke, or used the processor. That others took the processor from it says nothing. */
static bool been_round(const struct moment *since, const struct proc_activity *now)
{
	return wl_monotonic_ns() - since->at_ns > SPINNER_NS &&
	       (now->sleeps >= since->sleeps + 3 || now->cpu_ns > since->cpu_ns + SPINNER_CPU_NS);
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
		return been_round(&player->empty, &now);
	player->empty_inode = socket->inode;
	player->empty = moment(&now);
	return false;
}

/* Whether it hears what comes to any IPv4 address of its host, so that no other socket can be missing. */
static bool hears_all(const struct wl_socket *socket)
{
	return socket->family == AF_INET && strcmp(socket->local, "0.0.0.0") == 0;
}

/* It holds a socket of the kind it should have; with DRAINED_TOO, or if more may follow, one that is drained. */
static bool socket_ready(struct wl_play *play, struct player *player, bool drained_too)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	struct wl_socket *sockets = NULL;
	size_t count = 0;

	if (sockstate_sockets(play->sockets[player->host], kinds_for(&player->ready), arena, &sockets, &count,
		    &play->err) < 0)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!asked_for(&sockets[i], &player->ready) ||
			!proc_holds(player->proc, sockets[i].inode))
			continue;
		if (!drained_too && (player->ready.kind != WL_READY_UDP || hears_all(&sockets[i])))
			return true;
		if (drained(player, &sockets[i]))
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

/* The kernel reports a membership a few milliseconds behind the join, and nothing on lo. */
static bool was_reported(const struct wl_play *play, const struct player *player, struct wl_arena *arena)
{
	size_t count;
	const struct wl_group_report *reports = wl_group_reports(play->seen, arena, &count);

	for (size_t i = 0; i < count; i++)
		if (reports[i].member && reports[i].direction == WL_FROM_HOST &&
			strcmp(reports[i].group, player->ready.group) == 0 &&
			strcmp(play->seen->points[reports[i].point].host, player->actor->host) == 0)
			return true;
	return false;
}

/*
 * An interface of its host counts as many members of the group as there should be (the list does not tell whose they are), and the
 * other hosts have been told. One that has joined on lo may join on the next interface then, until it waits.
 */
static bool group_ready(struct wl_play *play, struct player *player)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	struct wl_membership *memberships = NULL;
	size_t count = 0;
	bool on_lo = false;

	if (sockstate_memberships(play->sockets[player->host], arena, &memberships, &count, &play->err) < 0)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(memberships[i].group, player->ready.group) != 0 ||
			memberships[i].users < members_due(play, player))
			continue;
		if (strcmp(memberships[i].interface, "lo") != 0)
			return was_reported(play, player, arena);
		on_lo = true;
	}
	return on_lo && socket_ready(play, player, true);
}

/*
 * It reads its terminal and has asked for the line; or one of the two holds, and everybody in it has waited for a while. A prompt alone is not
 * enough: who sets up the terminal behind it may throw away what was typed before. One that looks for input now and then has been
 * round its loop.
 */
static bool prompt_ready(struct wl_play *play, size_t index)
{
	struct player *player = &play->players[index];
	bool prompted = hand_printed(play, index, player->ready.prompt);
	struct proc_activity now;

	proc_activity(player->proc, &now);
	if (now.reads_terminal && prompted)
		return true;
	if (!prompted && !now.reads_terminal)
		return false;
	if (!player->asking.at_ns)
		player->asking = moment(&now);
	if (now.idle) /* also where the machine does not show in what */
		return wl_monotonic_ns() - player->asking.at_ns > SILENT_NS;
	return been_round(&player->asking, &now);
}

bool hand_is_ready(struct wl_play *play, size_t index)
{
	struct player *player = &play->players[index];

	if (player->ended || !player->proc)
		return true; /* it has ended: there is nothing to wait for */
	switch (player->ready.kind) {
	case WL_READY_START:
		return true;
	case WL_READY_PROMPT:
		return prompt_ready(play, index);
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

/* Two looks: what one task woke while the first went from task to task shows in the second. */
static bool all_wait(const struct player *player)
{
	struct proc_activity first, second;

	proc_activity(player->proc, &first);
	proc_activity(player->proc, &second);
	return first.idle && second.idle && first.switches == second.switches;
}

static size_t printed_by(const struct wl_play *play, size_t index)
{
	size_t sum = 0;

	for (size_t i = 0; i < play->seen->event_count; i++)
		if (play->seen->events[i].kind == WL_EVENT_PRINTED && play->seen->events[i].performer == index)
			sum += play->seen->events[i].len;
	return sum;
}

/* Whether it has printed what it will. To be asked again and again: it takes a while without a print to believe it. */
static bool has_said_all(struct wl_play *play, size_t index)
{
	struct player *player = &play->players[index];
	uint64_t silent_ns;
	size_t printed;

	if (all_wait(player))
		return true;
	hand_drain(play, index);
	printed = printed_by(play, index);
	if (!player->silent_since_ns || printed != player->silent_at)
		player->silent_since_ns = wl_monotonic_ns();
	player->silent_at = printed;
	silent_ns = wl_monotonic_ns() - player->silent_since_ns;
	return silent_ns > (printed > player->printed ? SILENT_NS : MUTE_NS);
}

void hand_rest(struct wl_play *play, size_t index)
{
	struct player *player = &play->players[index];
	struct proc_activity now;

	player->empty_inode = 0;
	player->asking.at_ns = player->silent_since_ns = 0;
	if (player->ended || !player->proc)
		return;
	proc_activity(player->proc, &now);
	player->switches = now.switches;
	player->printed = printed_by(play, index);
}

/* No connection to its port has bytes in its queue, be it accepted or not. */
static bool connections_read(struct wl_play *play, const struct player *player)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	struct wl_socket *sockets = NULL;
	size_t count = 0;

	if (sockstate_sockets(play->sockets[player->host], SOCKSTATE_TCP, arena, &sockets, &count, &play->err) < 0)
		return false;
	for (size_t i = 0; i < count; i++)
		if (sockets[i].protocol == IPPROTO_TCP && sockets[i].state != TCP_LISTEN &&
			sockets[i].local_port == player->ready.port && sockets[i].receive_queue > 0)
			return false;
	return true;
}

/* What was sent counts as taken only once it has come: every frame that left a host has been seen. */
bool hand_took(struct wl_play *play, size_t index)
{
	struct player *player = &play->players[index];
	struct proc_activity activity;
	bool said_all;

	if (player->ended || !player->proc)
		return true;
	if (player->ready.kind == WL_READY_TCP)
		return capture_settled(play->capture) && connections_read(play, player);
	proc_activity(player->proc, &activity);
	if (activity.switches == player->switches || !capture_settled(play->capture))
		return false;
	said_all = has_said_all(play, index); /* first: its clock runs beside the other's */
	return waits_for_more(play, index) && said_all;
}
