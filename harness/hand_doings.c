/*
 * A look at what the programs that were handed in are doing, into the observation: what doings.c finds in /proc, joined by the inode with
 * the kernel's list of sockets. It is taken when a wait was given up, and when the play is over and somebody still runs. What is noted here
 * stands apart from the sockets and memberships that verdicts are based on, so that nothing depends on when a look was taken.
 */
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "harness/base/clock.h"
#include "harness/base/text.h"
#include "harness/doings.h"
#include "harness/stagehand.h"

#define MOST_DOINGS 64 /* of one look at one program */

static const struct wl_socket *find_socket(const struct wl_socket *sockets, size_t count, uint64_t inode)
{
	for (size_t i = 0; i < count; i++)
		if (inode && sockets[i].inode == inode)
			return &sockets[i];
	return NULL;
}

/* The kernel lists no socket that is bound to nothing. */
static struct wl_socket *unbound(struct wl_play *play, int protocol)
{
	struct wl_socket *socket = wl_alloc(play->arena, sizeof(*socket));

	*socket = (struct wl_socket){ AF_INET, protocol, "0.0.0.0", 0, "0.0.0.0", 0, TCP_CLOSE };
	return socket;
}

static void add_doing(struct wl_play *play, size_t index, uint64_t at_ns, const struct doing *doing, const struct wl_socket *socket)
{
	struct wl_seen_doing *seen = wl_append(play->arena, &play->seen->doings, &play->seen->doing_count);

	seen->at_ns = at_ns;
	seen->performer = (uint32_t)index;
	seen->process = doing->process;
	seen->task = doing->task;
	seen->doing = doing->doing;
	seen->on = doing->on == WL_ON_SOCKET && !socket ? WL_ON_NOTHING : doing->on;
	seen->call = wl_strdup(play->arena, doing->call);
	seen->sends = doing->sends;
	seen->limited = doing->limited;
	if (socket)
		seen->socket = *socket;
}

static void note_player(struct wl_play *play, size_t index)
{
	const struct player *player = &play->players[index];
	struct doing doings[MOST_DOINGS];
	size_t count = doings_look(player->proc, doings, MOST_DOINGS), socket_count = 0;
	struct wl_socket *sockets = NULL;
	uint64_t now = wl_wall_ns();

	sockstate_sockets(play->sockets[player->host], SOCKSTATE_ALL, play->arena, &sockets, &socket_count, NULL);
	for (size_t i = 0; i < count; i++) {
		const struct wl_socket *socket = find_socket(sockets, socket_count, doings[i].inode);

		if (!socket && doings[i].protocol)
			socket = unbound(play, doings[i].protocol);
		if (socket || doings[i].doing != WL_DOING_HOLDS)
			add_doing(play, index, now, &doings[i], socket);
	}
}

void hand_note_doings(struct wl_play *play)
{
	for (size_t i = 0; i < play->player_count; i++)
		if (play->players[i].actor->role && play->players[i].proc && !play->players[i].ended)
			note_player(play, i);
}
