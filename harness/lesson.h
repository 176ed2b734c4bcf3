#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/text.h"
#include "harness/observation.h"
#include "netns/stage.h"

/*
 * The vocabulary of a lesson: all that labs/NAME/lesson.c says, as const tables. Nothing here is written at run
 * time; what was seen is in observation.h, what it is worth in grade.h.
 *
 *   lesson ─┬─ roles         the programs that a submission supplies
 *           ├─ task          what they are asked for, in sentences, each with its requirements
 *           └─ requirements  what they must do ── scenario ─┬─ stage   hosts and cables
 *                            and how it is judged           ├─ actors  programs, ours and theirs
 *                                                           ├─ values  what is drawn from the seed
 *                                                           └─ steps   the play
 *
 * Every table ends with an element whose first member is NULL (or 0). In texts of steps, arguments and stage members
 * "$name" stands for the value of that name, "#name" for the same in hexadecimal; a step's actor may be one, too.
 */

struct wl_check;
struct wl_finding;
struct wl_play;

/* What shows that a program waits for its peer. */
enum wl_ready_kind {
	WL_READY_START = 0, /* it was started, no more */
	WL_READY_PROMPT,    /* `prompt` was printed, or it reads its terminal */
	WL_READY_UDP,       /* a UDP socket that it holds is bound to `port` (0: to any) */
	WL_READY_TCP,       /* a TCP socket of its host listens on `port` */
	WL_READY_GROUP,     /* as UDP, and its host is a member of `group`, once for each who waits like this on it, and has said so */
	WL_READY_PACKET,    /* it is blocked in a receive on a packet socket whose queue is empty */
};

struct wl_ready {
	enum wl_ready_kind kind;
	uint16_t port; /* host byte order */
	const char *prompt;
	const char *group; /* IPv4 address */
};

/* A program that a submission supplies. */
struct wl_role {
	const char *program; /* file name without ending: "udp_echo_server" */
	const char *text;    /* what it is, in one line (translatable) */
	bool net_raw;        /* may open raw and packet sockets */
	struct wl_ready ready;
};

/* One who takes part in a play. */
struct wl_actor {
	const char *name;
	const char *host;
	const char *role;    /* a role: the program that was handed in */
	/* or a program of the lesson's folder, the reference or an odd peer; of another lesson's: "udp_echo/udp_prober" */
	const char *program;
	struct wl_ready ready; /* of `program`; a role has its own */
};

enum wl_draw {
	WL_DRAW_LITERAL = 0, /* `text`, or `bytes` of length `len` */
	WL_DRAW_WORDS,    /* printable ASCII words, `len` bytes in all (0: 8 to 24, drawn), or with `most` `len`, `len` + `step` ... */
	WL_DRAW_BLANKS,   /* words with three to six blanks before and two to six behind */
	WL_DRAW_NUL,      /* words with a NUL byte between and behind them */
	WL_DRAW_KOREAN,   /* Hangul words, valid UTF-8, `len` bytes or up to 2 fewer (0: 12 to 40) */
	WL_DRAW_PORT,     /* a port from 20000 to 32000, as decimal text */
	WL_DRAW_MAC,      /* a locally administered unicast MAC, as text */
	WL_DRAW_GROUP,    /* the MAC of an IPv4 multicast group, as text */
	WL_DRAW_TYPE,     /* an ethertype from 0x0900 to 0xfffe that no host takes up, 4 hexadecimal digits */
	WL_DRAW_NOT_UTF8, /* bytes that are not UTF-8, printable ASCII around them */
	WL_DRAW_NUMBER,   /* a whole number from `text`, "LOW..HIGH" (both possible): "-128..-100" */
	WL_DRAW_TURN,     /* one of the words of `text`, the one whose turn is number `len` (from 0) in a drawn order of them */
	WL_DRAW_DIGITS,   /* `text` with a digit from 1 to 9 for every "#": "-0.0##7" */
	/* From the values above it in the table: */
	WL_DRAW_FORMAT,   /* `text`, a struct format, with the number of a value's bytes for its name in braces: "<{name}sIf" */
	WL_DRAW_PACKED,   /* `text` is "FORMAT VALUE VALUE ...", names of values: the bytes that struct packs; none when it cannot */
};

struct wl_draw_rule {
	const char *name;
	enum wl_draw draw;
	const char *text;
	const void *bytes;
	size_t len, most, step;
};

enum wl_step_kind {
	WL_START = 1, /* start the actor with `args` */
	WL_READY,     /* wait until the actor is ready */
	WL_TYPE,      /* type `text` and Enter */
	WL_KEY,       /* press the key `text` ("\x03" is Ctrl-C) */
	WL_PAUSE,     /* let `ms` pass (a stimulus of the play, never a synchronisation) */
	WL_END,       /* wait until the actor has ended */
	WL_TOOK,      /* wait until the actor has taken what was sent to it and waits for more; TCP: no connection to its port
		      * has bytes that were not read */
	WL_PRINTS,    /* wait until the actor has printed `text` */
	WL_QUIET,     /* wait until no frame was seen for `ms` */
	WL_STOP,      /* stop the actor */
	WL_CALL,      /* call `call`: what a table cannot say */
};

#define WL_ARGS 8

struct wl_step {
	enum wl_step_kind kind;
	const char *actor;
	const char *text;
	const char *args[WL_ARGS];
	unsigned int ms;
	/* Returns 0, or -1 when the harness is at fault (see play.h). Steps that it performs go through wl_play_step(). */
	int (*call)(struct wl_play *play, const struct wl_step *step);
};

struct wl_scenario {
	const char *name; /* unique in the lesson: "server_korean" */
	const char *text; /* what is played, in one line (translatable) */
	const struct wl_stage *stage;
	const struct wl_actor *actors;
	const struct wl_draw_rule *values;
	const struct wl_step *steps;
	/*
	 * May be NULL. Pure. Looks at the take so far and returns true when it must be played again (a few times at most), with another
	 * value: *NAME and *TEXT (in ARENA) say which. Only the last take is judged.
	 */
	bool (*again)(const struct wl_observation *seen, struct wl_arena *arena, const char **name,
		const char **text);
};

/* One thing a submission must do, and what it is worth. */
struct wl_requirement {
	const char *id;       /* "udp_echo.server.port"; never renumbered, never reused */
	const char *program;  /* the role at fault when it fails, or "pair" */
	const char *text;     /* one present-tense sentence that a student can check (translatable) */
	const char *why;      /* why it matters, one sentence (translatable) */
	const char *hints[3]; /* a question, a pointer, a fuller hint; none gives the answer away (translatable) */
	const char *source;   /* "course, udp_echo_server", "RFC 768" */
	const struct wl_scenario *scenario; /* the play that exercises it */
	const char *const *needs; /* ids that must pass first; NULL: none */
	unsigned int points;      /* 0: advice, reported but not scored */
	const struct wl_check *check; /* a verb and its nouns: checks.h; several, all must pass; ends with a NULL verb */
};

/*
 * One sentence of the task, as the student reads it: in README.md, in both languages, and in "wirelab show". Nothing is judged that no
 * sentence says. Each requirement stands under exactly one, which is about the program that it blames: who loses points finds the one
 * place, and the points of the sentences add up to those of the lesson.
 */
struct wl_sentence {
	const char *program; /* the role that is asked for it, or "pair": all together */
	const char *text;    /* present tense, complete in itself (translatable) */
	const char *const *ids; /* the requirements that hold a submission to it */
};

/* Tables in the middle of others; each brings its own end. CHECKS is in checks.h. */
#define NAMES(...) ((const char *const[]){ __VA_ARGS__, NULL }) /* hosts of a stage, requirements of a sentence */
#define NEEDS(...) NAMES(__VA_ARGS__)
#define VALUES(...) ((const struct wl_draw_rule[]){ __VA_ARGS__, { NULL } })
#define CABLES(...) ((const struct wl_cable[]){ __VA_ARGS__, { NULL } })
#define LEADS(...) ((const struct wl_lead[]){ __VA_ARGS__, { NULL } })

struct wl_lesson {
	const char *name;  /* the folder's */
	const char *title; /* translatable */
	const struct wl_role *roles;
	const struct wl_requirement *requirements;
	const struct wl_sentence *task;
};

/* All lessons, in the order of their names; ends with NULL. Generated from the folders of labs/. */
extern const struct wl_lesson *const wl_lessons[];
