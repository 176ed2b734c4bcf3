#pragma once
#include <stddef.h>
#include <stdint.h>

#include "harness/base/arena.h"

/* UTF-8 as RFC 3629 has it: no surrogates, no overlong forms, at most U+10FFFF. wl_is_utf8() is in
 * packet.h. */

/* Bytes of the well-formed sequence at the start of BYTES (1 to 4), or 0 when there is none. */
size_t wl_utf8_char_len(const uint8_t *bytes, size_t len);

/*
 * A copy of TEXT in ARENA in which every byte that belongs to no well-formed sequence is replaced
 * by U+FFFD: for JSON, XML and pcapng, which admit nothing else. NULL gives "".
 */
char *wl_to_utf8(struct wl_arena *arena, const char *text);

/*
 * The same for a terminal: control codes but newline and tab are replaced, too, so that a text from unknown people cannot steer
 * it.
 */
char *wl_to_terminal(struct wl_arena *arena, const char *text);
