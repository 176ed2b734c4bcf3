#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/arena.h"
#include "harness/base/err.h"
#include "netns/sockstate.h"

/*
 * What was seen. One performance of a scenario gives one observation: plain data in an arena, complete, without
 * descriptors, pids or pointers into anything else, so that it can be written to a file, read back and judged again.
 * All times are nanoseconds since the epoch on the capture's clock.
 */

/* A named value of the performance: what was drawn from the seed, or is fixed by the scenario. */
struct wl_value {
	const char *name;
	const uint8_t *bytes; /* a NUL byte stands behind them, not counted */
	size_t len;
};

/* A place where frames were captured. */
struct wl_point {
	const char *host;
	const char *interface; /* at the host's end: "eth0", or "lo" */
	const char *mac;       /* of that interface, "00:15:5d:11:c9:ca"; "" for lo */
	const char *address;   /* "10.77.0.2", or "" */
	uint64_t dropped;      /* frames that the capture lost: after a drop, absence proves nothing */
};

enum wl_direction {
	WL_FROM_HOST = 1, /* left the host over this cable */
	WL_TO_HOST,       /* came to the host over this cable */
	WL_WITHIN_HOST,   /* on lo */
};

/* A frame, in the order of time; its number, for people and in the pcapng, is its place + 1. */
struct wl_frame {
	uint64_t at_ns;
	uint32_t point; /* index into points */
	enum wl_direction direction;
	uint32_t wire_len; /* bytes on the wire, Ethernet header included, no FCS */
	uint32_t len;      /* bytes kept */
	const uint8_t *bytes;
};

/* Who took part. */
struct wl_performer {
	const char *actor;   /* name in the scenario */
	const char *host;
	const char *program; /* file name without ending */
	bool submitted;      /* a program that was handed in; else one of ours */
};

enum wl_event_kind {
	WL_EVENT_STARTED = 1, /* text: its arguments, separated by blanks */
	WL_EVENT_READY,       /* it waits for its peer, or for its keyboard */
	WL_EVENT_UNREADY,     /* the wait for that was given up; text: what it was doing */
	WL_EVENT_PRINTED,     /* bytes on its terminal */
	WL_EVENT_TYPED,       /* bytes typed on its terminal */
	WL_EVENT_PAUSED,      /* the play let time pass; number: milliseconds */
	WL_EVENT_ENDED,       /* it ended by itself; number: status as of waitpid(2) */
	WL_EVENT_UNENDED,     /* the wait for its end was given up; text: what it was doing */
	WL_EVENT_LIMIT,       /* stopped for a limit; text: "output", "memory", "processor time" */
	WL_EVENT_STOPPED,     /* stopped because the play was over */
	WL_EVENT_QUIET,       /* no frame for as long as the step asked */
};

/* One thing that happened at a terminal or to a process; in the order in which the harness saw them. */
struct wl_event {
	uint64_t at_ns;
	enum wl_event_kind kind;
	uint32_t performer; /* index into performers */
	uint32_t step;      /* index of the scenario's step during which it was seen */
	int64_t number;
	const uint8_t *bytes; /* printed, typed or text; a NUL byte stands behind them, not counted */
	size_t len;
};

/* A socket that a performer held when it was found ready or unready. */
struct wl_seen_socket {
	uint64_t at_ns;
	uint32_t performer;
	struct wl_socket socket;
};

/*
 * A membership of a performer's host when the performer was found ready or unready: the kernel does not tell whose it is. What was
 * found together has the same time; each host is in 224.0.0.1 at least.
 */
struct wl_seen_membership {
	uint64_t at_ns;
	uint32_t performer;
	struct wl_membership membership;
};

enum wl_doing {
	WL_DOING_RUNS = 1, /* it computes, or waits for a processor */
	WL_DOING_WAITS,    /* it sleeps in the system call `call` until `on` comes */
	WL_DOING_SLEEPS,   /* it sleeps, and the machine does not show in what */
	WL_DOING_STOPPED,  /* a signal has stopped it (SIGTSTP, SIGTTIN ...) */
	WL_DOING_HOLDS,    /* not a task: a socket that the program holds and that no task of it waits on */
};

enum wl_awaited {
	WL_ON_NOTHING = 1, /* it does not wait, or for something else */
	WL_ON_SOCKET,
	WL_ON_TERMINAL,    /* its own */
	WL_ON_PIPE,        /* a pipe, or a socket between processes */
	WL_ON_CLOSED,      /* a descriptor that another task has closed since */
	WL_ON_TASK,        /* another task, a lock */
	WL_ON_CHILD,       /* the end of a child process */
	WL_ON_TIME,
	WL_ON_SIGNAL,
};

/*
 * What a program that was handed in did when a wait was given up, and when the play was over and it still ran: a row for each
 * descriptor that a task of it waited on (one for a task that waited on none), then one for each other socket. It explains; no verdict
 * may depend on it: nobody looks while all is well.
 */
struct wl_seen_doing {
	uint64_t at_ns;     /* the same in all rows of one look */
	uint32_t performer;
	uint32_t process, task; /* from 1, in the order of their starts; the task within its process; 0 of WL_DOING_HOLDS */
	enum wl_doing doing;
	enum wl_awaited on;
	const char *call;   /* the system call's name, "recvfrom", or "" */
	bool sends;         /* it waits until something can be sent, or until it is connected; else for input */
	bool limited;       /* the wait has a timeout */
	struct wl_socket socket; /* family 0: none */
};

struct wl_observation {
	const char *lesson;   /* names, resolved again through the registry */
	const char *scenario;
	uint64_t seed;
	uint32_t take;       /* 1, or more when the performance was repeated (see wl_scenario.again) */
	const char *trouble; /* NULL, or why the harness could not perform it: every verdict is then BROKEN */

	struct wl_value *values;
	size_t value_count;
	struct wl_point *points;
	size_t point_count;
	struct wl_performer *performers;
	size_t performer_count;
	struct wl_event *events;
	size_t event_count;
	struct wl_frame *frames;
	size_t frame_count;
	struct wl_seen_socket *sockets;
	size_t socket_count;
	struct wl_seen_membership *memberships;
	size_t membership_count;
	struct wl_seen_doing *doings;
	size_t doing_count;
};

/* The value NAME, or NULL. */
const struct wl_value *wl_observed_value(const struct wl_observation *seen, const char *name);

/* The index of the performer with this name in the scenario, or -1. */
int wl_observed_actor(const struct wl_observation *seen, const char *actor);

/* All that a performer printed in the events [FROM, TO), joined; a NUL byte behind it, not counted in *LEN. */
const char *wl_printed_between(const struct wl_observation *seen, struct wl_arena *arena,
	uint32_t performer, size_t from, size_t to, size_t *len);

/* The first event of KIND of this performer at or behind FROM, or NULL. */
const struct wl_event *wl_find_event(const struct wl_observation *seen, uint32_t performer,
	enum wl_event_kind kind, size_t from);

/*
 * An observation as JSON text (schema "wirelab-observation/1"; bytes as hexadecimal) and back. The writer
 * returns text in ARENA. The reader believes nothing: indices, lengths and enums are checked. It returns NULL and
 * fills ERR when TEXT is not an observation of this schema.
 */
char *wl_observation_to_json(const struct wl_observation *seen, struct wl_arena *arena);
struct wl_observation *wl_observation_from_json(const char *text, size_t len,
	struct wl_arena *arena, struct wl_err *err);
