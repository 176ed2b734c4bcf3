#pragma once
#include "harness/capture.h"
#include "harness/play.h"
#include "harness/proc.h"
#include "netns/sockstate.h"
#include "netns/topo.h"

/*
 * Inside a performance: the processes on the stage, what is seen of them, and waiting. play.c says the steps, stagehand.c
 * keeps the log, patience.c waits, ready.c says what for.
 */

#define PLAYERS 64
#define HOSTS 16

/* How far a process had come at a time; at_ns is 0 where there was no such time. */
struct moment {
	uint64_t at_ns, sleeps, cpu_ns;
};

/* A process on the stage. Its place is the performer's index in the observation. */
struct player {
	const struct wl_actor *actor;
	struct wl_ready ready;
	struct proc *proc; /* NULL once it is gone */
	size_t host;
	bool ended;        /* by itself, or stopped */
	bool hopeless;     /* it never got ready: the wait for its end is short */
	unsigned int linger_ms; /* it is known not to end: how long it is waited for; 0: it is not */
	uint64_t switches; /* of its tasks, when it was last found waiting */
	size_t printed;    /* bytes, when it was last found waiting */
	uint64_t empty_inode;  /* its socket whose queue was found empty while it was not asleep in a receive; 0: none */
	struct moment empty;   /* when that was */
	struct moment asking;  /* when its prompt was found, or its terminal being read, for the first time */
	uint64_t silent_since_ns; /* since when it has printed no more than ... */
	size_t silent_at;         /* ... this many bytes */
};

struct wl_play {
	const struct play_plan *plan;
	struct wl_arena *arena;
	struct wl_observation *seen;
	struct wl_stage stage; /* with its values resolved */
	struct topo *topo;
	struct capture *capture;
	struct sockstate *sockets[HOSTS];
	struct player players[PLAYERS];
	size_t player_count;
	uint32_t step;
	bool cage_broke; /* a program ended without having run; `err` says which */
	const char *awaited; /* the text that a WL_PRINTS step waits for */
	struct wl_err err;
};

/* Log an event of PLAYER (index). */
void hand_log(struct wl_play *play, size_t player, enum wl_event_kind kind, int64_t number,
	const void *bytes, size_t len);

/* Wait up to MS milliseconds for anything to happen; take in frames, prints and ends. */
void hand_pump(struct wl_play *play, int ms);

/* Take in what PLAYER has printed so far. */
void hand_drain(struct wl_play *play, size_t player);

/* The last player of this actor's name, or -1. */
int hand_find(const struct wl_play *play, const char *actor);

/* Note the sockets that PLAYER holds, and the memberships of its host. */
void hand_note_sockets(struct wl_play *play, size_t player);

/*
 * Note what the programs that were handed in and still run are doing, and their sockets, for people to read. To be called when a wait
 * was given up, or when the play is over.
 */
void hand_note_doings(struct wl_play *play);

/* Stop PLAYER and note that it was stopped. */
void hand_stop(struct wl_play *play, size_t player);

/* True while a program that was handed in still runs. */
bool hand_submitted_alive(const struct wl_play *play);

/* What PLAYER is doing now, as a few words for the log. */
const char *hand_doing(const struct wl_play *play, size_t player);

/*
 * Wait until DONE(play, player) holds. Gives up after LIMIT_MS of fair time: the time that our own and the players' tasks
 * were ready to run but had no processor does not count (but six times the limit is the end in any case). Gives up earlier when every
 * player has been waiting for input, without a timeout, and nothing has moved, for a second: then nothing ever
 * will; or when PLAYER itself has computed for two fifths of the limit. Returns whether DONE holds.
 */
bool patience(struct wl_play *play, size_t player, bool (*done)(struct wl_play *play, size_t player),
	unsigned int limit_ms);

/* Whether PLAYER has printed TEXT. */
bool hand_printed(const struct wl_play *play, size_t player, const char *text);

/* Whether PLAYER shows that it waits for its peer, as its `ready` says. */
bool hand_is_ready(struct wl_play *play, size_t player);

/* Whether PLAYER has run since it was last found waiting, has nothing left to read, waits for more, and has printed what it will. */
bool hand_took(struct wl_play *play, size_t player);

/* PLAYER was found waiting, or given up: what hand_is_ready and hand_took look at starts afresh. */
void hand_rest(struct wl_play *play, size_t player);
