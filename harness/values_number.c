/*
 * Whole numbers within limits, and the order of several. A number may be any that 64 bits hold, with a sign or without, so that
 * the span is counted in unsigned arithmetic, which wraps where the signed one ends. An order is a shuffle (Fisher and Yates,
 * inside out), so that each is as likely as another.
 */
#include "harness/values.h"

#include <stdlib.h>
#include <string.h>

#define TURNS 16

static uint64_t read_limit(const char *text)
{
	return *text == '-' ? (uint64_t)strtoll(text, NULL, 10) : strtoull(text, NULL, 10);
}

const char *values_number(struct wl_arena *arena, const char *limits, struct dice *dice)
{
	const char *high = strstr(limits, "..");
	uint64_t low = read_limit(limits), span = (high ? read_limit(high + 2) : low) - low;
	uint64_t roll = dice_roll(dice), number = low + (span == UINT64_MAX ? roll : roll % (span + 1));

	if (*limits == '-' && (int64_t)number < 0)
		return wl_format(arena, "%lld", (long long)number);
	return wl_format(arena, "%llu", (unsigned long long)number);
}

const char *values_turn(struct wl_arena *arena, const char *words, size_t turn, struct dice *dice)
{
	const char *order[TURNS];
	size_t count = 0;

	for (; *words && count < TURNS; words += strcspn(words, " "), words += *words == ' ') {
		size_t other = dice_between(dice, 0, (unsigned int)count);

		order[count++] = order[other];
		order[other] = words;
	}
	return turn < count ? wl_format(arena, "%.*s", (int)strcspn(order[turn], " "), order[turn]) : "";
}
