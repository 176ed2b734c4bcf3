/*
 * Golden frames, and what fuzzing needs: a small generator (xorshift64*, Vigna 2016), so that a
 * failure comes back.
 */
#include "tests/golden.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "tests/tests.h"

uint8_t *golden_bytes(struct wl_arena *arena, const char *hex, size_t *len)
{
	uint8_t *bytes = wl_alloc(arena, strlen(hex) / 2 + 1);
	unsigned int byte;

	for (*len = 0; sscanf(hex + 2 * *len, "%2x", &byte) == 1; ++*len)
		bytes[*len] = (uint8_t)byte;
	return bytes;
}

struct golden *golden_frames(struct wl_arena *arena, size_t *count)
{
	wl_auto_file FILE *file = fopen(source("fixtures/frames/described"), "r");
	char line[4096], hex[4096], words[4096];
	struct golden *all = NULL;

	*count = 0;
	while (file && fgets(line, sizeof(line), file)) {
		struct golden *golden;
		size_t len;

		if (sscanf(line, "%4095[0-9a-f] %4095[^\n]", hex, words) != 2)
			continue;
		golden = wl_append(arena, &all, count);
		golden->words = wl_strdup(arena, words);
		golden->frame.bytes = golden_bytes(arena, hex, &len);
		golden->frame.len = golden->frame.wire_len = (uint32_t)len;
		golden->frame.at_ns = *count * 1000000000u;
		golden->frame.direction = WL_FROM_HOST;
	}
	return all;
}

uint64_t golden_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1du;
}

void golden_mutate(uint64_t *state, uint8_t *bytes, size_t len)
{
	static const uint8_t extremes[] = { 0, 1, 0x7f, 0x80, 0xff, '"', '{', '9' };
	uint64_t times = golden_random(state) % 5;

	while (len && times--) {
		size_t at = golden_random(state) % len;
		uint64_t how = golden_random(state);

		if (how & 1)
			bytes[at] ^= (uint8_t)(1u << (how >> 8 & 7));
		else
			bytes[at] = extremes[how >> 8 & 7];
	}
}
