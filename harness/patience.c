/*
 * Waiting without punishing a right program for a busy machine. The clock that limits a wait stops while our tasks or
 * the players' were ready to run and got no processor (/proc/PID/schedstat). A wait also ends when the stage is still: every
 * program sleeps in a call that only input can end, and for a second no frame, no output and no switch of a task has been
 * seen; what has not happened by then never will. And one that has computed for two fifths of the limit is in a loop: no right
 * program needs that much.
 */
#include "harness/stagehand.h"

#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>

#include "harness/base/cleanup.h"
#include "harness/base/clock.h"

#define TICK_MS 10
#define STILL_NS 1000000000u
#define SPINNER_NS 300000000u /* how long a socket must stay the same and empty for one that never sleeps in a receive */
#define SPINNER_CPU_NS 50000000u

static uint64_t own_run_delay_ns(void)
{
	wl_auto_file FILE *file = fopen("/proc/self/schedstat", "re");
	unsigned long long cpu, delay = 0;

	if (!file || fscanf(file, "%llu %llu", &cpu, &delay) != 2)
		return 0;
	return delay;
}

/* What is looked at between two ticks. */
struct glance {
	uint64_t run_delay_ns;
	uint64_t cpu_ns; /* of the awaited player */
	uint64_t moves; /* grows with every frame, event and switch */
	bool idle;      /* everybody alive waits for input without a timeout */
};

static struct glance look(const struct wl_play *play, size_t awaited)
{
	struct glance glance = { .run_delay_ns = own_run_delay_ns(), .idle = true,
		.moves = play->seen->frame_count + play->seen->event_count };

	for (size_t i = 0; i < play->player_count; i++) {
		struct proc_activity activity;

		if (play->players[i].ended || !play->players[i].proc)
			continue;
		proc_activity(play->players[i].proc, &activity);
		glance.run_delay_ns += activity.run_delay_ns;
		glance.cpu_ns += i == awaited ? activity.cpu_ns : 0;
		glance.moves += activity.switches;
		glance.idle = glance.idle && activity.idle && activity.tasks > 0;
	}
	return glance;
}

bool patience(struct wl_play *play, size_t player, bool (*done)(struct wl_play *play, size_t player),
	unsigned int limit_ms)
{
	uint64_t limit_ns = (uint64_t)limit_ms * 1000000u, start = wl_monotonic_ns(), still_since = start;
	uint64_t unfair_ns = 0, tick = start;
	struct glance before = look(play, player);
	uint64_t cpu_start_ns = before.cpu_ns, cpu_most_ns = limit_ns / 5 * 2;

	for (;;) {
		struct glance now;
		uint64_t at, delay;

		hand_pump(play, 0);
		if (done(play, player))
			return true;
		now = look(play, player);
		at = wl_monotonic_ns();
		delay = now.run_delay_ns > before.run_delay_ns ? now.run_delay_ns - before.run_delay_ns : 0;
		unfair_ns += delay < at - tick ? delay : at - tick;
		tick = at;
		if (!now.idle || now.moves != before.moves)
			still_since = at;
		before = now;
		if (at - start - unfair_ns > limit_ns || at - start > 6 * limit_ns ||
			now.cpu_ns > cpu_start_ns + cpu_most_ns || at - still_since > STILL_NS) {
			hand_pump(play, 0);
			return done(play, player);
		}
		hand_pump(play, TICK_MS);
	}
}

bool hand_printed(const struct wl_play *play, size_t player, const char *text)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	size_t len;
	const char *all = wl_printed_between(play->seen, arena, (uint32_t)player, 0,
		play->seen->event_count, &len);

	return memmem(all, len, text, strlen(text)) != NULL;
}

/* Whether this is the kind of socket that READY asks for. */
static bool asked_for(const struct wl_socket *socket, const struct wl_ready *ready)
{
	if (ready->kind == WL_READY_PACKET || socket->family == AF_PACKET)
		return ready->kind == WL_READY_PACKET && socket->family == AF_PACKET;
	if (socket->local_port != ready->port)
		return false;
	if (ready->kind == WL_READY_UDP)
		return socket->protocol == IPPROTO_UDP;
	return socket->protocol == IPPROTO_TCP && socket->state == TCP_LISTEN;
}

/* It has been round its loop since its queue was first found empty: slept and woke, or used the processor. */
static bool been_round(struct player *player, const struct proc_activity *now)
{
	return wl_monotonic_ns() - player->empty_since_ns > SPINNER_NS &&
	       (now->switches >= player->empty_switches + 3 || now->cpu_ns > player->empty_cpu_ns + SPINNER_CPU_NS);
}

/*
 * A packet socket is ready when the program sleeps in a receive on it with nothing in the queue. One that polls without end is
 * ready when the same socket has stayed empty for a while and the program has been round its loop meanwhile.
 */
static bool packet_ready(struct player *player, const struct wl_socket *socket)
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

static bool socket_ready(struct wl_play *play, struct player *player)
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
		if (player->ready.kind != WL_READY_PACKET || packet_ready(player, &sockets[i]))
			return true;
	}
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
	case WL_READY_PACKET:
		return socket_ready(play, player);
	}
	return true;
}
