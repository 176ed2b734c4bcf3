#pragma once
#include "harness/explain.h"
#include "harness/grade.h"
#include "harness/packet.h"
#include "harness/stream.h"

/*
 * The vocabulary of judging: verbs that a lesson's requirements use, and what it takes to write one. A verb is pure: it sees one
 * observation and says PASS, or FAIL with expected, actual and where. It never sees a descriptor, a pid or a clock.
 */

/* What a verb is asked. */
struct wl_case {
	const struct wl_observation *seen;
	const struct wl_requirement *requirement;
	const struct wl_check *check;
	struct wl_arena *arena;
};

typedef enum wl_verdict wl_verb(const struct wl_case *c, struct wl_finding *finding);

/* A verb and its nouns; what a verb does not need stays 0. */
struct wl_check {
	wl_verb *verb;
	const char *actor; /* whose behaviour is judged */
	const char *peer;  /* the actor at the other end */
	const char *value; /* the bytes in question: "$name" or a literal */
	const char *label; /* what stands before them on the terminal */
	uint16_t port;     /* host byte order */
	unsigned int nth;  /* which of several, from 0 */
	const char *group; /* IPv4 multicast address */
	const char *answer; /* the bytes that are due back, as `value` */
	unsigned int number; /* how many, or which number, as the verb says; 0: what it says for 0 */
};

/* The checks of a requirement, in the middle of its table. */
#define CHECKS(...) ((const struct wl_check[]){ __VA_ARGS__, { NULL } })

/* A verb's answers. FRAME is a frame's number or 0; EXPECTED and ACTUAL are sentences in the user's language. */
enum wl_verdict wl_passed(void);
enum wl_verdict wl_failed(const struct wl_case *c, struct wl_finding *finding, uint32_t frame,
	const char *expected, const char *actual);
/*
 * FAIL as wl_failed() says it, and behind ACTUAL what the program was doing and where things went instead, as far as that was seen: the
 * check's actor (its NTH run) missed what came, from FRAME on; it did so from the frame SINCE on; it got a question in FRAME and did not
 * answer it; it did not send what it should; it did not end.
 */
enum wl_verdict wl_missed(const struct wl_case *c, struct wl_finding *finding, unsigned int nth, uint32_t frame,
	const char *expected, const char *actual);
enum wl_verdict wl_late(const struct wl_case *c, struct wl_finding *finding, unsigned int nth, uint32_t since, uint32_t frame,
	const char *expected, const char *actual);
enum wl_verdict wl_unanswered(const struct wl_case *c, struct wl_finding *finding, unsigned int nth, uint32_t frame, const char *expected,
	const char *actual);
enum wl_verdict wl_not_sent(const struct wl_case *c, struct wl_finding *finding, uint32_t frame, const char *expected,
	const char *actual);
enum wl_verdict wl_unended(const struct wl_case *c, struct wl_finding *finding, const char *expected, const char *actual);
/* The observation cannot answer, and not by the program's fault. */
enum wl_verdict wl_unclear(const struct wl_case *c, struct wl_finding *finding, const char *why);

/*
 * What would explain wrong bytes (explain.h), into `label` and `explanation` of FINDING; nothing if nothing does. Other data of the play are
 * found in the observation. To be called before wl_failed(), by every verb that judges bytes.
 */
void wl_explain_bytes(const struct wl_case *c, struct wl_finding *finding, const uint8_t *expected, size_t expected_len,
	const uint8_t *actual, size_t actual_len);
void wl_explain_wrong(const struct wl_case *c, struct wl_finding *finding, struct wl_wrong wrong);
/* ... of an answer to the ASKED bytes, which are not the answer. */
void wl_explain_echo(const struct wl_case *c, struct wl_finding *finding, struct wl_wrong wrong, const uint8_t *asked, size_t asked_len);
/* ... of what stands in TEXT behind LABEL, wherever that is. */
void wl_explain_text(const struct wl_case *c, struct wl_finding *finding, const char *text, size_t len, const char *label,
	const uint8_t *expected, size_t expected_len);
/* ... of what stands in TEXT at AT; returns whether something does. */
bool wl_explain_printed(const struct wl_case *c, struct wl_finding *finding, const char *text, size_t len, size_t at,
	const uint8_t *expected, size_t expected_len);
/* ... of a LINE (may be NULL) in which ADDRESS and PORT should be; of a port number. */
void wl_explain_address(const struct wl_case *c, struct wl_finding *finding, const char *line, const char *address, uint16_t port);
void wl_explain_port(const struct wl_case *c, struct wl_finding *finding, uint16_t due, uint16_t port);
/* ... as the verb itself has found. */
void wl_explain_as(struct wl_finding *finding, const char *label, const char *sentence);

/* The bytes that the check's `value` (or TEXT) names; an unknown name gives NULL. */
const uint8_t *wl_case_bytes(const struct wl_case *c, const char *text, size_t *len);

/* The performer whom an actor's name means; -1 when it was never started. For one that was started several times, the NTH. */
int wl_case_performer(const struct wl_case *c, const char *actor, unsigned int nth);

/* All that the check's actor printed, without escape sequences. */
const char *wl_case_printed(const struct wl_case *c, size_t *len);

/* "" or, when it ended early, crashed or was stopped, one more sentence that says so, with its last line; for ACTUAL. */
const char *wl_how_it_went(const struct wl_case *c, const char *actor);
/* ... of the NTH performer of this actor's name. */
const char *wl_how_nth_went(const struct wl_case *c, const char *actor, unsigned int nth);
/* ACTUAL and that of the check's actor behind it; while that one runs, its last line: a thread of it may have died with a message. */
const char *wl_with_last_line(const struct wl_case *c, unsigned int nth, const char *actual);

/*
 * TCP connections as they were seen at the host of the check's actor: at its cable's end, or on its lo. In the arena.
 */

/* The NTH connection that came to the check's `port`, or NULL. */
const struct wl_stream *wl_case_connection(const struct wl_case *c, unsigned int nth);

/* The NTH connection that the host made, to the check's `port` alone or to any, or NULL. */
const struct wl_stream *wl_case_call(const struct wl_case *c, unsigned int nth, bool to_port);

/* The first connection that the host made to the check's `port` and sent something in; if there is none, its first; or NULL. */
const struct wl_stream *wl_case_talk(const struct wl_case *c);

/*
 * The first connection to the check's `port` in which a client sent the bytes VALUE ("$name" or a literal) and no others. PASS and
 * *ASKED, or the verdict on why there is none: a server that refused or ignored it FAILs, and so does a `peer` that was handed in.
 */
enum wl_verdict wl_case_question(const struct wl_case *c, struct wl_finding *finding, const char *value,
	const struct wl_stream **asked);

/* As that, and the server sent something back before the client had left. */
enum wl_verdict wl_case_answer(const struct wl_case *c, struct wl_finding *finding, const char *value,
	const struct wl_stream **asked);

/*
 * TEXT without the escape sequences that only colour it, move the cursor or set a title (one that puts the cursor somewhere becomes a
 * newline): TEXT itself, or a copy in ARENA with a NUL byte behind it. *LEN becomes its length. Source: ECMA-48.
 */
const char *wl_without_escapes(const char *text, size_t *len, struct wl_arena *arena);

/* LEN bytes of TEXT, as many as they were, with blanks for the lines of source code that Python shows when a program breaks off. */
const char *wl_without_source(const char *text, size_t len, struct wl_arena *arena);

/*
 * Terminal text, read tolerantly (course: free are blanks around "=", the kind of quotes, a b prefix, how it is split into
 * lines and what stands around it). LABEL is literal but for blanks next to "=".
 */

/* Behind LABEL in TEXT (from FROM on): the offset, or -1. */
ptrdiff_t wl_find_label(const char *text, size_t len, size_t from, const char *label);

/*
 * Whether LABEL is followed by VALUE somewhere in TEXT: plain, or with backslash escapes as Python, C or JSON have them, in any
 * quotes or none. Without quotes the value must end there: at the end of the line, or a comma or closing bracket, maybe behind blanks.
 */
bool wl_shows_value(const char *text, size_t len, const char *label, const uint8_t *value,
	size_t value_len);

/* Where VALUE stands in TEXT (from FROM on), plain or with such escapes, whatever is around it: the offset, or -1. */
ptrdiff_t wl_find_value(const char *text, size_t len, size_t from, const uint8_t *value, size_t value_len);

/* Whether LABEL is followed by ('ADDRESS', PORT) in any quotes and brackets. "::ffff:" before ADDRESS is fine. */
bool wl_shows_address(const char *text, size_t len, const char *label, const char *address,
	uint16_t port);

/* Behind the first ('ADDRESS', PORT) in TEXT at or behind FROM, read as tolerantly, with any label or none: the offset, or -1. */
ptrdiff_t wl_find_address(const char *text, size_t len, size_t from, const char *address, uint16_t port);

/*
 * Behind the first BYTES in TEXT at or behind FROM (and behind the closing quote if there is one), read as tolerantly; no word begins
 * before them or goes on behind them. The offset, or -1.
 */
ptrdiff_t wl_find_bytes(const char *text, size_t len, size_t from, const uint8_t *bytes, size_t bytes_len);

/* The first character (sign included) of the first number at or behind FROM that is not part of a word, or LEN. */
size_t wl_find_number(const char *text, size_t len, size_t from);

/* Behind the whole number DIGITS (decimal, with its sign) when just that stands at AT, or 0. */
size_t wl_integer_at(const char *text, size_t len, size_t at, const char *digits);

/* Behind a number that means REAL, in whatever notation, when one stands at AT, or 0. */
size_t wl_real_at(const char *text, size_t len, size_t at, double real);

/* REAL to 3 significant digits. */
double wl_rounded(double real);

/* The line with LABEL in it (or the last line when there is none), for people; NULL when there is no text. */
const char *wl_line_with(const char *text, size_t len, const char *label, struct wl_arena *arena);

/* Verbs on UDP. `actor` is a server on `port`, `peer` the program of ours that asks it. */
wl_verb wl_opens_udp;        /* a UDP socket on `port` was seen */
wl_verb wl_answers_udp;      /* the question `value` gets an answer where it came from, before a key is pressed at the server */
wl_verb wl_answers_from;     /* ... from the address and `port` that were asked */
wl_verb wl_answers_same;     /* ... with the very bytes of `value` */
wl_verb wl_answers_once;     /* ... and nobody gets more datagrams than they asked for */
wl_verb wl_answers_each;     /* each datagram that came to `port`, `nth` of them at least, came back to its asker, before a key */
wl_verb wl_prints_each;      /* ... and was printed behind `label` */
wl_verb wl_prints_asker;     /* behind `label` it prints the address and port that asked */

/* Verbs on UDP. `actor` is a client of `port`. */
wl_verb wl_sends_udp;        /* a datagram to `port` */
wl_verb wl_sends_same;       /* ... with the very bytes of `value`, maybe among others */
wl_verb wl_sends_once;       /* ... once, and nothing else is sent */
wl_verb wl_sends_after_line; /* ... and not before the line was typed */

/* Verbs on TCP. `actor` is a server on `port`; `value` is what a client sends and nothing else in its connection. */
wl_verb wl_listens_tcp;      /* a TCP socket that listens on `port` was seen; with `nth`, in that run of the actor's */
wl_verb wl_answers_tcp;      /* something comes back in the connection in which `value` was sent */
wl_verb wl_closes_tcp;       /* ... and the server ends that connection, before the client does */

/* Verbs on TCP. `actor` is a client of `port`. */
wl_verb wl_connects_tcp;     /* a connection to `port` is made */
wl_verb wl_sends_tcp;        /* ... and the very bytes of `value` are sent in it, no others */
wl_verb wl_connects_once;    /* ... and no other connection is tried */

/*
 * Verbs on multicast. `actor` is a member of `group` and answers what comes to the group at `port`. Questions are those of `peer`
 * with the bytes `value`, or (NULL) all; `number` (0: 1) is how many members on its host answer each.
 */
wl_verb wl_joins_group;        /* its host is in the group, and an IGMP report says so on the cable */
wl_verb wl_keeps_group;        /* ... and was when it was last looked at */
wl_verb wl_answers_group;      /* each question is answered to the address and port that it came from */
wl_verb wl_answers_group_with; /* ... with the bytes `answer` */
wl_verb wl_answers_group_from; /* ... from `port` */
wl_verb wl_answers_group_once; /* ... once, and nothing else is sent */
wl_verb wl_prints_heard;       /* each question is printed: "addr =" with its source, "data =" with its bytes */

/*
 * Verbs on multicast. `actor` asks `group` at `port`; answers are what comes to the port that it asked from. With `number` 1 it
 * may end 0.2 s behind an answer, so that the answers are those that come sooner, one behind the other. A `peer` on its own host says
 * something once it has heard the question.
 */
wl_verb wl_sends_group;      /* a datagram to the group, on the cable */
wl_verb wl_sends_ttl;        /* ... with IP TTL `number` */
wl_verb wl_prints_answerers; /* the source of each answer is printed behind "addr =" */
wl_verb wl_prints_answers;   /* ... and its bytes behind "data =" */
wl_verb wl_prints_no_answer; /* it asks, and `label` is not printed before a key is pressed */
wl_verb wl_ends_quietly;     /* a datagram that comes a second or more behind the last answer finds its port closed */

/* For wl_scenario.again: an answer from PORT came too late for a fair verdict of these, 0.17 to 1 s behind what was before it. */
bool wl_answers_lag(const struct wl_observation *seen, struct wl_arena *arena, uint16_t port);

/* Verbs on the terminal and on life. Prompts, silence and ends count only beside wire evidence, which the verbs before them give. */
wl_verb wl_prompts;          /* `label` was printed before the line was typed */
wl_verb wl_prints_value;     /* `label` and `value` were printed */
wl_verb wl_ends_itself;      /* ended by itself, not by a signal or an exception */
wl_verb wl_ends_by_key;      /* was running when the key was pressed and ended then */
