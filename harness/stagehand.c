/*
 * The log of a performance. Everything that happens to a process on the stage comes through hand_pump(): it sleeps until a
 * terminal, a process or the capture has something, and writes it into the observation with the time. Times of
 * events say when the harness saw them; verdicts on time use the frames' stamps.
 */
#include "harness/stagehand.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>

#include "harness/base/clock.h"
#include "harness/base/text.h"

void hand_log(struct wl_play *play, size_t player, enum wl_event_kind kind, int64_t number,
	const void *bytes, size_t len)
{
	struct wl_event *event = wl_append(play->arena, &play->seen->events, &play->seen->event_count);

	event->at_ns = wl_wall_ns();
	event->kind = kind;
	event->performer = (uint32_t)player;
	event->step = play->step;
	event->number = number;
	event->bytes = wl_memdup(play->arena, bytes, len);
	event->len = len;
}

void hand_drain(struct wl_play *play, size_t player)
{
	struct proc *proc = play->players[player].proc;
	char buffer[16384];
	ssize_t len;

	while (proc && (len = proc_read(proc, buffer, sizeof(buffer))) > 0)
		hand_log(play, player, WL_EVENT_PRINTED, 0, buffer, (size_t)len);
}

static const char *limit_words(enum proc_limit limit)
{
	switch (limit) {
	case PROC_NO_LIMIT:
		return "";
	case PROC_OUTPUT:
		return N_("output");
	case PROC_MEMORY:
		return N_("memory");
	case PROC_CPU:
		return N_("processor time");
	case PROC_PROCESSES:
		return N_("processes");
	}
	return "";
}

static void tend(struct wl_play *play, size_t index)
{
	struct player *player = &play->players[index];
	enum proc_limit limit;
	int status;

	if (player->ended || !player->proc)
		return;
	hand_drain(play, index);
	if (!proc_tend(player->proc, &status))
		return;
	hand_drain(play, index);
	if (proc_broke(player->proc)) {
		play->cage_broke = true;
		wl_err(&play->err, _("the cage of %s failed"), player->actor->name);
	}
	limit = proc_limit_hit(player->proc);
	if (limit != PROC_NO_LIMIT)
		hand_log(play, index, WL_EVENT_LIMIT, 0, limit_words(limit), strlen(limit_words(limit)));
	else
		hand_log(play, index, WL_EVENT_ENDED, status, NULL, 0);
	player->ended = true;
}

void hand_pump(struct wl_play *play, int ms)
{
	struct pollfd waits[2 * PLAYERS + 64];
	int fds[64];
	size_t count = 0, captures = capture_fd_count(play->capture);

	capture_fds(play->capture, fds);
	for (size_t i = 0; i < captures; i++)
		waits[count++] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
	for (size_t i = 0; i < play->player_count; i++) {
		if (play->players[i].ended || !play->players[i].proc)
			continue;
		waits[count++] = (struct pollfd){ .fd = proc_pidfd(play->players[i].proc), .events = POLLIN };
		waits[count++] = (struct pollfd){ .fd = proc_terminal(play->players[i].proc), .events = POLLIN };
	}
	if (poll(waits, count, ms) < 0 && errno != EINTR)
		wl_err_errno(&play->err, "poll");
	capture_read(play->capture);
	for (size_t i = 0; i < play->player_count; i++)
		tend(play, i);
}

int hand_find(const struct wl_play *play, const char *actor)
{
	for (size_t i = play->player_count; i-- > 0;)
		if (strcmp(play->players[i].actor->name, actor) == 0)
			return (int)i;
	return -1;
}

static void note_memberships(struct wl_play *play, size_t index)
{
	struct wl_membership *memberships = NULL;
	uint64_t now = wl_wall_ns();
	size_t count = 0;

	if (sockstate_memberships(play->sockets[play->players[index].host], play->arena, &memberships, &count,
		    NULL) < 0)
		return;
	for (size_t i = 0; i < count; i++) {
		struct wl_seen_membership *noted =
			wl_append(play->arena, &play->seen->memberships, &play->seen->membership_count);

		noted->at_ns = now;
		noted->performer = (uint32_t)index;
		noted->membership = memberships[i];
	}
}

void hand_note_sockets(struct wl_play *play, size_t index)
{
	const struct player *player = &play->players[index];
	struct wl_socket *sockets = NULL;
	size_t count = 0;

	if (!player->proc || player->ended ||
		sockstate_sockets(play->sockets[player->host], SOCKSTATE_ALL, play->arena, &sockets, &count, NULL) < 0)
		return;
	for (size_t i = 0; i < count; i++) {
		struct wl_seen_socket *noted;

		if (!proc_holds(player->proc, sockets[i].inode))
			continue;
		noted = wl_append(play->arena, &play->seen->sockets, &play->seen->socket_count);
		noted->at_ns = wl_wall_ns();
		noted->performer = (uint32_t)index;
		noted->socket = sockets[i];
	}
	note_memberships(play, index);
}

void hand_stop(struct wl_play *play, size_t index)
{
	struct player *player = &play->players[index];

	tend(play, index);
	if (player->proc && !player->ended)
		hand_log(play, index, WL_EVENT_STOPPED, 0, NULL, 0);
	proc_stop(player->proc);
	player->proc = NULL;
	player->ended = true;
}

bool hand_submitted_alive(const struct wl_play *play)
{
	for (size_t i = 0; i < play->player_count; i++)
		if (play->players[i].actor->role && !play->players[i].ended)
			return true;
	return false;
}

const char *hand_doing(const struct wl_play *play, size_t index)
{
	const struct player *player = &play->players[index];
	struct proc_activity activity;

	if (player->ended || !player->proc)
		return N_("ended");
	proc_activity(player->proc, &activity);
	if (activity.reads_terminal)
		return N_("reads its terminal");
	if (activity.idle)
		return N_("waits for input");
	return activity.computing ? N_("computes") : N_("sleeps");
}
