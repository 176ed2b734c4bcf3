#pragma once
#include "harness/checks.h"

/*
 * The verbs of raw: frames byte by byte. For the sender `actor` is the program on judgement and its host's first cable is looked at;
 * for the receiver `nth` says which of the injected frames is meant, from 0, and `value` names what it carried.
 */

/* Sender. */
wl_verb raw_sends;         /* at least one frame leaves the host over its cable */
wl_verb raw_sends_once;    /* exactly one */
wl_verb raw_after_line;    /* none before the line was typed */
wl_verb raw_source;        /* its source is the MAC of the host's interface */
wl_verb raw_destination;   /* its destination is a unicast address and not zero */
wl_verb raw_type;          /* its type is `label`, four hexadecimal digits */
wl_verb raw_payload;       /* behind 14 bytes of header there is `value` and nothing else */

/* Receiver. What it printed between this injection and the next. */
wl_verb raw_prints_value;  /* `label` and the value, as for wl_prints_value */
wl_verb raw_prints_once;   /* one payload */
wl_verb raw_prints_many;   /* each of as many frames as `value` says, with "$text1", "$text2" ... in them: its payload, once */
wl_verb raw_prints_none;   /* none of the four labels */
wl_verb raw_sends_none;    /* no frame left its host, on which nobody else sends */

/* True when the first frame's source is another usable MAC than the interface has: the play is repeated with that. */
bool raw_other_mac(const struct wl_observation *seen, struct wl_arena *arena, const char **name,
	const char **text);
