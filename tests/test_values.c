/*
 * Drawn values: a function of seed, lesson, scenario and name alone, and each of its kind. Every
 * kind is drawn from some hundred seeds.
 */
#include "harness/values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/packet.h"
#include "tests/tests.h"

#define SEEDS 300

static struct wl_arena *arena;

static struct wl_observation observation(uint64_t seed, const char *lesson, const char *scenario)
{
	return (struct wl_observation){ .lesson = lesson, .scenario = scenario, .seed = seed };
}

static const struct wl_value *draw(uint64_t seed, enum wl_draw kind, size_t len)
{
	const struct wl_draw_rule rules[] = { { "text", kind, .text = "fixed", .len = len },
		{ NULL } };
	struct wl_observation *seen = wl_alloc(arena, sizeof(*seen));

	*seen = observation(seed, "lesson", "scenario");
	values_draw(rules, seen, arena);
	CU_ASSERT_EQUAL_FATAL(seen->value_count, 1);
	CU_ASSERT_EQUAL(seen->values[0].bytes[seen->values[0].len], 0);
	return &seen->values[0];
}

static bool same(const struct wl_value *a, const struct wl_value *b)
{
	return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

static void the_same_seed_gives_the_same(void)
{
	for (int kind = WL_DRAW_LITERAL; kind <= WL_DRAW_DIGITS; kind++)
		for (uint64_t seed = 0; seed < 20; seed++)
			CU_ASSERT_TRUE(same(draw(seed, (enum wl_draw)kind, 0),
				draw(seed, (enum wl_draw)kind, 0)));
	CU_ASSERT_STRING_EQUAL(draw(42, WL_DRAW_WORDS, 0)->bytes, "DR5qMR Ack 9k6 PEk");
	CU_ASSERT_STRING_EQUAL(draw(42, WL_DRAW_PORT, 0)->bytes, "27592");
}

/* One value drawn under another seed, lesson, scenario or name; order and company do not count. */
static void each_part_of_the_origin_counts(void)
{
	static const struct wl_draw_rule rules[] = { { "text", WL_DRAW_WORDS }, { NULL } };
	static const struct wl_draw_rule more[] = { { "text2", WL_DRAW_WORDS }, { "text",
		WL_DRAW_WORDS },
		{ NULL } };
	struct wl_observation all[] = { observation(1, "a", "b"), observation(2, "a", "b"),
		observation(1, "ab", ""), observation(1, "a", "c"), observation(1, "b", "a"),
		observation(1, "a", "b") };
	struct wl_observation together = observation(1, "a", "b");

	all[5].take = 2;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		values_draw(rules, &all[i], arena);
		for (size_t k = 0; k < i; k++)
			CU_ASSERT_FALSE(same(&all[i].values[0], &all[k].values[0]));
	}
	values_draw(more, &together, arena);
	CU_ASSERT_EQUAL(together.value_count, 2);
	CU_ASSERT_TRUE(same(wl_observed_value(&together, "text"), &all[0].values[0]));
	CU_ASSERT_FALSE(same(wl_observed_value(&together, "text2"), &all[0].values[0]));
	values_draw(NULL, &together, arena);
	CU_ASSERT_EQUAL(together.value_count, 2);
}

static bool printable(const struct wl_value *value)
{
	for (size_t i = 0; i < value->len; i++)
		if (value->bytes[i] < ' ' || value->bytes[i] > '~')
			return false;
	return true;
}

static bool trimmed(const struct wl_value *value)
{
	return value->len && value->bytes[0] != ' ' && value->bytes[value->len - 1] != ' ';
}

static void words_are_words(void)
{
	bool lengths[25] = { false };

	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		const struct wl_value *words = draw(seed, WL_DRAW_WORDS, 0);

		CU_ASSERT_TRUE_FATAL(words->len >= 8 && words->len <= 24);
		lengths[words->len] = true;
		CU_ASSERT_TRUE(printable(words) && trimmed(words));
		CU_ASSERT_PTR_NULL(memmem(words->bytes, words->len, "  ", 2));
		words = draw(seed, WL_DRAW_WORDS, 1500);
		CU_ASSERT_TRUE(words->len == 1500 && printable(words) && trimmed(words));
	}
	for (size_t len = 8; len <= 24; len++)
		CU_ASSERT_TRUE(lengths[len]);
}

static void blanks_stand_at_both_ends(void)
{
	size_t counts[7] = { 0 };

	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		const struct wl_value *value = draw(seed, WL_DRAW_BLANKS, 0);
		const char *text = (const char *)value->bytes;
		size_t before = strspn(text, " "), behind = 0;
		struct wl_value inner = { "inner", value->bytes + before, 0 };

		while (behind < value->len && text[value->len - 1 - behind] == ' ')
			behind++;
		inner.len = value->len - before - behind;
		CU_ASSERT_TRUE_FATAL(value->len >= 13 && printable(value));
		CU_ASSERT_TRUE(before >= 3 && before <= 6 && behind >= 2 && behind <= 6 && trimmed(&inner));
		counts[before]++;
		counts[behind]++;
	}
	for (size_t i = 2; i <= 6; i++)
		CU_ASSERT_TRUE(counts[i] > 0);
}

static void lengths_go_in_steps(void)
{
	static const struct wl_draw_rule rules[] = { { "text", WL_DRAW_WORDS, .len = 12, .most = 36, .step = 8 }, { NULL } };
	bool drawn[40] = { false };

	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct wl_observation seen = observation(seed, "lesson", "scenario");

		values_draw(rules, &seen, arena);
		CU_ASSERT_TRUE_FATAL(seen.values[0].len <= 36);
		drawn[seen.values[0].len] = true;
	}
	for (size_t len = 0; len < 40; len++)
		CU_ASSERT_EQUAL(drawn[len], len == 12 || len == 20 || len == 28 || len == 36);
}

static void numbers_keep_their_limits(void)
{
	static const struct wl_draw_rule rules[] = { { "number", WL_DRAW_NUMBER, "-3..2" },
		{ "natural", WL_DRAW_NUMBER, "18446744073709551613..18446744073709551615" },
		{ "least", WL_DRAW_NUMBER, "-9223372036854775808..-9223372036854775806" }, { "one", WL_DRAW_NUMBER, "7..7" },
		{ NULL } };
	bool drawn[6] = { false }, largest = false, smallest = false;

	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct wl_observation seen = observation(seed, "lesson", "scenario");
		const char *natural, *least;
		long number;

		values_draw(rules, &seen, arena);
		number = strtol((const char *)seen.values[0].bytes, NULL, 10);
		CU_ASSERT_TRUE_FATAL(number >= -3 && number <= 2);
		drawn[number + 3] = true;
		natural = (const char *)seen.values[1].bytes;
		least = (const char *)seen.values[2].bytes;
		CU_ASSERT_TRUE(strtoull(natural, NULL, 10) >= UINT64_MAX - 2 && strtoll(least, NULL, 10) <= INT64_MIN + 2);
		largest = largest || strcmp(natural, "18446744073709551615") == 0;
		smallest = smallest || strcmp(least, "-9223372036854775808") == 0;
		CU_ASSERT_STRING_EQUAL(seen.values[3].bytes, "7");
	}
	CU_ASSERT_TRUE(largest && smallest);
	for (size_t i = 0; i < 6; i++)
		CU_ASSERT_TRUE(drawn[i]);
}

/* Each word has its turn, and every order comes. */
static void turns_are_an_order(void)
{
#define WORD(number) { "word" #number, WL_DRAW_TURN, "a bb c", .len = number }
	static const struct wl_draw_rule rules[] = { WORD(0), WORD(1), WORD(2), WORD(3), { NULL } };
	static const char *const orders[] = { "a bb c ", "a c bb ", "bb a c ", "bb c a ", "c a bb ", "c bb a " };
	bool drawn[6] = { false };

	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct wl_observation seen = observation(seed, "lesson", "scenario");
		const char *order;
		bool known = false;

		values_draw(rules, &seen, arena);
		order = wl_format(arena, "%s %s %s %s", (const char *)seen.values[0].bytes, (const char *)seen.values[1].bytes,
			(const char *)seen.values[2].bytes, (const char *)seen.values[3].bytes);
		for (size_t i = 0; i < 6; i++)
			if (strcmp(order, orders[i]) == 0)
				known = drawn[i] = true;
		CU_ASSERT_TRUE(known);
	}
	for (size_t i = 0; i < 6; i++)
		CU_ASSERT_TRUE(drawn[i]);
}

static bool same_values(const struct wl_observation *a, const struct wl_observation *b)
{
	bool alike = a->value_count == b->value_count;

	for (size_t i = 0; alike && i < a->value_count; i++)
		alike = same(&a->values[i], &b->values[i]);
	return alike;
}

static bool is_open(const struct wl_draw_rule *rule)
{
	return rule->draw != WL_DRAW_LITERAL && rule->draw != WL_DRAW_FORMAT && rule->draw != WL_DRAW_PACKED;
}

/* Of 20 seeds one at least draws another value than the first: for every value of the play that is open. */
static void check_play(const struct wl_lesson *lesson, const struct wl_scenario *scenario)
{
	struct wl_observation first = observation(1, lesson->name, scenario->name), again = first, other[20];

	values_draw(scenario->values, &first, arena);
	values_draw(scenario->values, &again, arena);
	CU_ASSERT_TRUE(same_values(&first, &again));
	for (size_t i = 0; i < 20; i++) {
		other[i] = observation(2 + i, lesson->name, scenario->name);
		values_draw(scenario->values, &other[i], arena);
	}
	for (size_t k = 0; k < first.value_count; k++) {
		bool moves = !is_open(&scenario->values[k]);

		for (size_t i = 0; i < 20 && !moves; i++)
			moves = !same(&first.values[k], &other[i].values[k]);
		CU_ASSERT_TRUE(moves);
		if (!moves)
			fprintf(stderr, "%s %s: %s never changes\n", lesson->name, scenario->name, first.values[k].name);
	}
}

/* What `--seed` repeats, and what another seed changes. */
static void every_play_follows_its_seed(void)
{
	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++)
		for (const struct wl_requirement *r = (*lesson)->requirements; r->id; r++)
			check_play(*lesson, r->scenario);
}

static void nul_bytes_stand_between_and_behind(void)
{
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		const struct wl_value *value = draw(seed, WL_DRAW_NUL, 0);
		size_t first = strlen((const char *)value->bytes);

		CU_ASSERT_TRUE_FATAL(first > 0 && first + 2 < value->len);
		CU_ASSERT_EQUAL(value->bytes[value->len - 1], 0);
		CU_ASSERT_TRUE(wl_is_utf8(value->bytes, value->len));
	}
}

static void korean_is_utf8(void)
{
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		const struct wl_value *value = draw(seed, WL_DRAW_KOREAN, 0);

		CU_ASSERT_TRUE(value->len >= 10 && value->len <= 40 && trimmed(value));
		CU_ASSERT_TRUE(wl_is_utf8(value->bytes, value->len));
		CU_ASSERT_TRUE(value->bytes[0] >= 0xea && value->bytes[0] <= 0xed);
		value = draw(seed, WL_DRAW_KOREAN, 100);
		CU_ASSERT_TRUE(value->len >= 98 && value->len <= 100 && trimmed(value));
		CU_ASSERT_TRUE(wl_is_utf8(value->bytes, value->len));
	}
}

static void other_bytes_are_not(void)
{
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		const struct wl_value *value = draw(seed, WL_DRAW_NOT_UTF8, 0);

		CU_ASSERT_FALSE(wl_is_utf8(value->bytes, value->len));
		CU_ASSERT_TRUE(value->bytes[0] < 0x80 && value->bytes[value->len - 1] < 0x80);
	}
}

static void ports_macs_and_types_are_usable(void)
{
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		const char *port = (const char *)draw(seed, WL_DRAW_PORT, 0)->bytes;
		const char *mac = (const char *)draw(seed, WL_DRAW_MAC, 0)->bytes;
		const char *group = (const char *)draw(seed, WL_DRAW_GROUP, 0)->bytes;
		const struct wl_value *type = draw(seed, WL_DRAW_TYPE, 0);
		unsigned long number = strtoul((const char *)type->bytes, NULL, 16);
		uint8_t bytes[6];

		CU_ASSERT_TRUE(strlen(port) == 5 && atoi(port) >= 20000 && atoi(port) <= 32000);
		CU_ASSERT_TRUE_FATAL(wl_parse_mac(mac, bytes));
		CU_ASSERT_EQUAL(bytes[0] & 3, 2); /* locally administered, unicast */
		CU_ASSERT_TRUE(wl_parse_mac(group, bytes) && memcmp(bytes, "\x01\x00\x5e", 3) == 0 && bytes[3] < 0x80);
		CU_ASSERT_TRUE(type->len == 4 && number >= 0x0900 && number <= 0xfffe);
		CU_ASSERT_TRUE(number != 0x86dd && number != 0x8100 && number != 0x88cc);
		CU_ASSERT_NOT_EQUAL(number >> 8, number & 0xff);
	}
}

static void literals_are_taken_as_they_are(void)
{
	static const struct wl_draw_rule rules[] = {
		{ "text", WL_DRAW_LITERAL, "$x" },
		{ "bytes", WL_DRAW_LITERAL, .bytes = "\0\xff", .len = 2 },
		{ "empty", WL_DRAW_LITERAL, "" },
		{ NULL },
	};
	struct wl_observation seen = observation(1, "lesson", "scenario");

	values_draw(rules, &seen, arena);
	CU_ASSERT_STRING_EQUAL(wl_observed_value(&seen, "text")->bytes, "$x");
	CU_ASSERT_EQUAL(wl_observed_value(&seen, "bytes")->len, 2);
	CU_ASSERT_EQUAL(memcmp(wl_observed_value(&seen, "bytes")->bytes, "\0\xff", 3), 0);
	CU_ASSERT_EQUAL(wl_observed_value(&seen, "empty")->len, 0);
	values_set(&seen, arena, "text", "other", 5);
	CU_ASSERT_EQUAL(seen.value_count, 3);
	CU_ASSERT_STRING_EQUAL(wl_observed_value(&seen, "text")->bytes, "other");
}

static void references_are_resolved(void)
{
	struct wl_observation seen = observation(1, "lesson", "play");
	struct wl_err err = { "" };
	size_t len = 99;
	const char *text;

	values_set(&seen, arena, "text", "a\0\xff", 3);
	text = values_resolve(&seen, arena, "$text", &len, &err);
	CU_ASSERT_TRUE(len == 3 && memcmp(text, "a\0\xff", 4) == 0);
	CU_ASSERT_STRING_EQUAL(values_resolve(&seen, arena, "#text", &len, &err), "6100ff");
	CU_ASSERT_EQUAL(len, 6);
	CU_ASSERT_STRING_EQUAL(values_resolve(&seen, arena, "x$text", &len, &err), "x$text");
	CU_ASSERT_EQUAL(len, 6);
	CU_ASSERT_STRING_EQUAL(values_resolve(&seen, arena, "", NULL, NULL), "");
	CU_ASSERT_STRING_EQUAL(values_resolve(&seen, arena, "$text", NULL, NULL), "a");
	CU_ASSERT_STRING_EQUAL(err.text, "");
	CU_ASSERT_PTR_NULL(values_resolve(&seen, arena, "$tex", &len, &err));
	CU_ASSERT_STRING_EQUAL(err.text, "scenario play has no value \"tex\"");
	CU_ASSERT_PTR_NULL(values_resolve(&seen, arena, "#text2", NULL, NULL));
	CU_ASSERT_PTR_NULL(values_resolve(&seen, arena, "$", NULL, NULL));
}

#define IN_ARENA(name)                                                                             \
	static void name##_(void)                                                                  \
	{                                                                                          \
		arena = wl_arena_new();                                                            \
		name();                                                                            \
		wl_arena_free(arena);                                                              \
	}
static void digits_fill_a_pattern(void)
{
	static const struct wl_draw_rule rules[] = { { "real", WL_DRAW_DIGITS, "-0.0##37" }, { NULL } };
	struct wl_observation seen;
	bool drawn[10] = { false };

	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		seen = observation(seed, "lesson", "scenario");
		values_draw(rules, &seen, arena);
		CU_ASSERT_EQUAL_FATAL(seen.values[0].len, 8);
		CU_ASSERT_TRUE(memcmp(seen.values[0].bytes, "-0.0", 4) == 0 &&
			       memcmp(seen.values[0].bytes + 6, "37", 2) == 0);
		drawn[seen.values[0].bytes[4] - '0'] = drawn[seen.values[0].bytes[5] - '0'] = true;
	}
	for (int digit = 0; digit <= 9; digit++)
		CU_ASSERT_EQUAL(drawn[digit], digit != 0);
}

/* The bytes that FORMAT, with "{text}" in it, makes of a text of 5 bytes, -2 and 0.5, as hexadecimal. */
static const char *packed(const char *format, const char *order)
{
	const struct wl_draw_rule rules[] = { { "text", WL_DRAW_LITERAL, "hello" },
		{ "integer", WL_DRAW_LITERAL, "-2" }, { "real", WL_DRAW_LITERAL, "0.5" },
		{ "format", WL_DRAW_FORMAT, format }, { "packed", WL_DRAW_PACKED, order }, { NULL } };
	struct wl_observation seen = observation(1, "lesson", "scenario");

	values_draw(rules, &seen, arena);
	return values_resolve(&seen, arena, "#packed", NULL, NULL);
}

static void values_are_packed(void)
{
	static const struct {
		const char *format, *order, *hex;
	} rows[] = {
		{ ">{text}shf", "format text integer real", "68656c6c6ffffe3f000000" },
		{ "<{text}sqd", "format text integer real", "68656c6c6ffeffffffffffffff000000000000e03f" },
		{ "!f{text}s", "format real text", "3f00000068656c6c6f" },
		{ "<1{text}sb", "format text integer", "68656c6c6f00000000000000000000fe" },
		{ "{nobody}sb", "format text integer", "fe" },
		{ "{text}sB", "format text integer", "" }, /* out of range */
		{ "{text}s", "format text integer", "" },
		{ "{text}", "format text", "" },
		{ "{text", "format text", "" },
		{ "{text}s", "nobody text", "" },
		{ "{text}sb", "format text nobody", "" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CU_ASSERT_STRING_EQUAL(packed(rows[i].format, rows[i].order), rows[i].hex);
}

IN_ARENA(the_same_seed_gives_the_same)
IN_ARENA(each_part_of_the_origin_counts)
IN_ARENA(words_are_words)
IN_ARENA(blanks_stand_at_both_ends)
IN_ARENA(lengths_go_in_steps)
IN_ARENA(numbers_keep_their_limits)
IN_ARENA(turns_are_an_order)
IN_ARENA(every_play_follows_its_seed)
IN_ARENA(nul_bytes_stand_between_and_behind)
IN_ARENA(korean_is_utf8)
IN_ARENA(other_bytes_are_not)
IN_ARENA(ports_macs_and_types_are_usable)
IN_ARENA(literals_are_taken_as_they_are)
IN_ARENA(references_are_resolved)
IN_ARENA(digits_fill_a_pattern)
IN_ARENA(values_are_packed)

void suite_values(void);
void suite_values(void)
{
	test("the same seed gives the same", the_same_seed_gives_the_same_);
	test("each part of the origin counts", each_part_of_the_origin_counts_);
	test("words are words", words_are_words_);
	test("blanks stand at both ends", blanks_stand_at_both_ends_);
	test("lengths go in steps", lengths_go_in_steps_);
	test("numbers keep their limits", numbers_keep_their_limits_);
	test("turns are an order", turns_are_an_order_);
	test("every play follows its seed", every_play_follows_its_seed_);
	test("NUL bytes stand between and behind", nul_bytes_stand_between_and_behind_);
	test("Korean is UTF-8", korean_is_utf8_);
	test("other bytes are not", other_bytes_are_not_);
	test("ports, MACs and types are usable", ports_macs_and_types_are_usable_);
	test("literals are taken as they are", literals_are_taken_as_they_are_);
	test("references are resolved", references_are_resolved_);
	test("digits fill a pattern", digits_fill_a_pattern_);
	test("values are packed", values_are_packed_);
}
