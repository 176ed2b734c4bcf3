#pragma once
#include "harness/packet.h"

/* Captured frames and their descriptions, from fixtures/frames/described. */
struct golden {
	struct wl_frame frame;
	const char *words;
};

/* All of them, in ARENA; frames have times one second apart and point 0. */
struct golden *golden_frames(struct wl_arena *arena, size_t *count);

/* Bytes of hexadecimal digits, in ARENA. */
uint8_t *golden_bytes(struct wl_arena *arena, const char *hex, size_t *len);

/* A random number; the same row of them for the same *STATE to begin with (not 0). */
uint64_t golden_random(uint64_t *state);

/* Spoil up to four of LEN bytes: flip a bit, or put an extreme value. */
void golden_mutate(uint64_t *state, uint8_t *bytes, size_t len);
