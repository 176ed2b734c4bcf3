/*
 * The struct format language against CPython's struct 3.11 on 64-bit Linux (little-endian): formats, values and
 * bytes as it gave them. Values are written as text, with "|" between them: 5 a whole number, 1? a
 * truth value, 0x1p+0 a real, 'ab' bytes, in which ~ is NUL.
 */
#include "harness/base/structfmt.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tests.h"

#define MOST_VALUES 32

static struct wl_arena *arena;

static const struct {
	const char *format, *values, *bytes;
	const char *back; /* what unpacking gives, when it is not the same */
} rows[] = {
	{ "11sIf", "'hi, Python!'|1024|0x1.91eb851eb851fp+1",
		"68692c20507974686f6e210000040000c3f54840",
		"'hi, Python!'|1024|0x1.91eb860000000p+1" },
	{ "<11sIf", "'hi, Python!'|1024|0x1.91eb851eb851fp+1",
		"68692c20507974686f6e2100040000c3f54840",
		"'hi, Python!'|1024|0x1.91eb860000000p+1" },
	{ ">11sIf", "'hi, Python!'|1024|0x1.91eb851eb851fp+1",
		"68692c20507974686f6e21000004004048f5c3",
		"'hi, Python!'|1024|0x1.91eb860000000p+1" },
	{ "!11sIf", "'hi, Python!'|1024|0x1.91eb851eb851fp+1",
		"68692c20507974686f6e21000004004048f5c3",
		"'hi, Python!'|1024|0x1.91eb860000000p+1" },
	{ "=11sIf", "'hi, Python!'|1024|0x1.91eb851eb851fp+1",
		"68692c20507974686f6e2100040000c3f54840",
		"'hi, Python!'|1024|0x1.91eb860000000p+1" },
	{ "@11sIf", "'hi, Python!'|1024|0x1.91eb851eb851fp+1",
		"68692c20507974686f6e210000040000c3f54840",
		"'hi, Python!'|1024|0x1.91eb860000000p+1" },
	{ "bB", "-128|255", "80ff" },
	{ "hH", "-32768|65535", "0080ffff" },
	{ "iI", "-2147483648|4294967295", "00000080ffffffff" },
	{ "lL", "-9223372036854775808|18446744073709551615", "0000000000000080ffffffffffffffff" },
	{ "<lL", "-2147483648|4294967295", "00000080ffffffff" },
	{ "qQ", "-9223372036854775808|18446744073709551615", "0000000000000080ffffffffffffffff" },
	{ ">qQ", "-2|18446744073709551614", "fffffffffffffffefffffffffffffffe" },
	{ "nN", "-5|9223372036854775808", "fbffffffffffffff0000000000000080" },
	{ "P", "1234605616436508552", "8877665544332211" },
	{ "?", "1?", "01" },
	{ "3?", "1?|0?|1?", "010001" },
	{ ">?h", "0?|-2", "00fffe" },
	{ "c", "'x'", "78" },
	{ "3c", "'a'|'b'|'c'", "616263" },
	{ "xb", "5", "0005" },
	{ "3xb", "5", "00000005" },
	{ "0xb", "5", "05" },
	{ "b0i", "1", "01000000" },
	{ "b0q h", "1|2", "01000000000000000200" },
	{ "0i", "", "" },
	{ "0s", "''", "" },
	{ "5s", "'ab'", "6162000000", "'ab~~~'" },
	{ "2s", "'abcd'", "6162", "'ab'" },
	{ "4p", "'abcdef'", "03616263", "'abc'" },
	{ "4p", "'a'", "01610000" },
	{ "1p", "'abc'", "00", "''" },
	{ "e", "0x1.0000000000000p+0", "003c" },
	{ ">e", "-0x1.4000000000000p+1", "c100" },
	{ "<e", "0x1.ffc0000000000p+15", "ff7b" },
	{ "<e", "0x1.0000000000000p-24", "0100" },
	{ "<e", "0x1.0000000000000p-14", "0004" },
	{ "<e", "0x1.999999999999ap-4", "662e", "0x1.9980000000000p-4" },
	{ "<e", "inf", "007c" },
	{ "<e", "0x1.0000000000000p-25", "0000", "0x0.0p+0" },
	{ "<e", "0x1.8000000000000p-24", "0200", "0x1.0000000000000p-23" },
	{ "<e", "0x1.0020000000000p+11", "0068", "0x1.0000000000000p+11" },
	{ "<e", "0x1.0060000000000p+11", "0268", "0x1.0080000000000p+11" },
	{ "<e", "-0x0.0p+0", "0080" },
	{ "f", "0x1.91eb851eb851fp+1", "c3f54840", "0x1.91eb860000000p+1" },
	{ ">f", "-0x1.2ced32a16a1b1p+126", "fe967699", "-0x1.2ced320000000p+126" },
	{ "d", "0x1.91eb851eb851fp+1", "1f85eb51b81e0940" },
	{ ">d", "-0x1.7e43c8800759cp+996", "fe37e43c8800759c" },
	{ "<f", "0x1.6d601ad376ab9p-150", "01000000", "0x1.0000000000000p-149" },
	{ "bd", "1|0x1.0000000000000p+1", "01000000000000000000000000000040" },
	{ "bf", "1|0x1.0000000000000p+1", "0100000000000040" },
	{ "be", "1|0x1.0000000000000p+1", "01000040" },
	{ "b?bhbibqb", "1|1?|2|3|4|5|6|7|8", "01010200030004000500000006000000070000000000000008" },
	{ " b h ", "1|2", "01000200" },
	{ "<b\th\n i", "1|2|3", "01020003000000" },
	{ "2h3b", "1|2|-1|-2|-3", "01000200fffefd" },
	{ "13sqd", "'thirteen byte'|-7|0x1.0624dd2f1a9fcp-10",
		"746869727465656e2062797465000000f9fffffffffffffffca9f1d24d62503f" },
	{ "=13sqd", "'thirteen byte'|-7|0x1.0624dd2f1a9fcp-10",
		"746869727465656e2062797465f9fffffffffffffffca9f1d24d62503f" },
	{ "", "", "" },
	{ "@", "", "" },
	{ "f", "7", "0000e040", "0x1.c000000000000p+2" },
};

static struct wl_struct_value read_value(const char *text, size_t len)
{
	struct wl_struct_value value = { .kind = WL_STRUCT_SIGNED };

	if (*text == '\'') {
		uint8_t *bytes = wl_memdup(arena, text + 1, len - 2);

		for (size_t i = 0; i < len - 2; i++)
			bytes[i] = bytes[i] == '~' ? 0 : bytes[i];
		return (struct wl_struct_value){ WL_STRUCT_BYTES, .bytes = bytes, .len = len - 2 };
	}
	if (memchr(text, 'x', len) || memchr(text, 'n', len))
		return (struct wl_struct_value){ WL_STRUCT_FLOAT, .real = strtod(text, NULL) };
	if (*text == '-')
		value.number = strtoll(text, NULL, 10);
	else
		value = (struct wl_struct_value){ WL_STRUCT_UNSIGNED,
			.natural = strtoull(text, NULL, 10) };
	if (text[len - 1] == '?')
		value.kind = WL_STRUCT_BOOL;
	return value;
}

static size_t read_values(const char *text, struct wl_struct_value *values)
{
	size_t count = 0;

	while (*text) {
		size_t len = strcspn(text, "|");

		values[count++] = read_value(text, len);
		text += len + (text[len] == '|');
	}
	return count;
}

static bool same_bytes(const struct wl_struct_value *a, const struct wl_struct_value *b)
{
	return a->len == b->len && (a->len == 0 || memcmp(a->bytes, b->bytes, a->len) == 0);
}

static bool same(const struct wl_struct_value *have, const struct wl_struct_value *want)
{
	switch (want->kind) {
	case WL_STRUCT_BYTES:
		return have->kind == want->kind && same_bytes(have, want);
	case WL_STRUCT_FLOAT:
		return have->kind == want->kind &&
		       memcmp(&have->real, &want->real, sizeof(double)) == 0;
	case WL_STRUCT_SIGNED:
		return have->kind == want->kind && have->number == want->number;
	case WL_STRUCT_UNSIGNED:
	case WL_STRUCT_BOOL:
		if (have->kind == WL_STRUCT_SIGNED)
			return (uint64_t)have->number == want->natural;
		return have->kind == WL_STRUCT_UNSIGNED && have->natural == want->natural;
	case WL_STRUCT_PAD:
		return false;
	}
	return false;
}

static int compile(struct wl_struct *plan, const char *format, struct wl_err *err)
{
	return wl_struct_compile(plan, format, strlen(format), arena, err);
}

static const char *hex(const uint8_t *bytes, size_t len)
{
	char *text = wl_alloc(arena, 2 * len + 1);

	for (size_t i = 0; i < len; i++)
		sprintf(text + 2 * i, "%02x", bytes[i]);
	return text;
}

static bool row_holds(size_t row)
{
	struct wl_struct_value values[MOST_VALUES], back[MOST_VALUES], want[MOST_VALUES];
	const char *format = rows[row].format;
	struct wl_struct plan;
	uint8_t bytes[256];
	size_t count;

	if (compile(&plan, format, NULL) < 0 || plan.size > sizeof(bytes))
		return false;
	count = read_values(rows[row].values, values);
	if (wl_struct_pack(&plan, values, count, bytes, NULL) < 0 ||
		strcmp(hex(bytes, plan.size), rows[row].bytes) != 0)
		return false;
	count = read_values(rows[row].back ? rows[row].back : rows[row].values, want);
	if (wl_struct_unpack(&plan, bytes, plan.size, back, NULL) < 0 || count != plan.value_count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!same(&back[i], &want[i]))
			return false;
	return true;
}

static void bytes_are_those_of_python(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		CU_ASSERT_TRUE(row_holds(i));
		if (!row_holds(i))
			fprintf(stderr, "format \"%s\"\n", rows[i].format);
	}
}

static void sizes_are_those_of_python(void)
{
	static const struct {
		const char *format;
		size_t size;
	} sizes[] = {
		{ "9223372036854775807x", 9223372036854775807 },
		{ "9223372036854775807s", 9223372036854775807 },
		{ "4611686018427387903h", 9223372036854775806 },
		{ "1152921504606846975d", 9223372036854775800 },
		{ "b1152921504606846974d", 9223372036854775800 },
		{ "0n", 0 },
		{ "  ", 0 },
		{ " 3s", 3 },
		{ "0000000000000000000000001s", 1 },
	};
	struct wl_struct plan;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		CU_ASSERT_EQUAL(compile(&plan, sizes[i].format, NULL), 0);
		CU_ASSERT_EQUAL(plan.size, sizes[i].size);
	}
}

/* Formats that CPython refuses, and the character that we name. */
static void bad_formats_are_refused(void)
{
	static const struct {
		const char *format, *words;
	} bad[] = {
		{ "<n", "character 2: \"n\" has no standard" },
		{ "=N", "character 2: \"N\" has no standard" },
		{ ">P", "character 2: \"P\" has no standard" },
		{ "a", "character 1: no such code (byte 61)" },
		{ "\x80", "character 1: no such code (byte 80)" },
		{ "F", "character 1: no such" },
		{ "12", "character 2: a count without" },
		{ "b3", "character 2: a count without" },
		{ "< <b", "character 3: no such" },
		{ " <b", "character 2: no such" },
		{ "11 s", "character 3: no such" },
		{ "-1s", "character 1: no such" },
		{ "9223372036854775808x", "character 19: the count is too" },
		{ "99999999999999999999i", "the count is too" },
		{ "9223372036854775807xx", "character 21: the total size" },
		{ "9223372036854775807s b", "character 22: the total size" },
		{ "4611686018427387904h", "character 1: the total size" },
		{ "1152921504606846976d", "character 1: the total size" },
		{ "b1152921504606846975d", "character 2: the total size" },
	};
	struct wl_struct plan;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct wl_err err = { "" };

		CU_ASSERT_EQUAL(compile(&plan, bad[i].format, &err), -1);
		CU_ASSERT_PTR_NOT_NULL(strstr(err.text, bad[i].words));
		if (!strstr(err.text, bad[i].words))
			fprintf(stderr, "%s: %s\n", bad[i].format, err.text);
	}
	CU_ASSERT_EQUAL(wl_struct_compile(&plan, "b\0b", 3, arena, NULL), -1);
}

static void bad_values_are_refused(void)
{
	static const struct {
		const char *format, *values;
	} bad[] = {
		{ "b", "-129" }, { "b", "128" }, { "B", "256" }, { "B", "-1" }, { "h", "32768" },
		{ "H", "-1" }, { "I", "4294967296" }, { "<l", "2147483648" }, { "Q", "-1" },
		{ "q", "9223372036854775808" }, { "e", "0x1.ffep+15" }, { "e", "0x1p+900" },
		{ "<f", "0x1p+128" }, { "i", "0x1.8p+0" }, { "f", "'x'" }, { "s", "5" },
		{ "c", "'ab'" }, { "c", "''" }, { "2b", "1" }, { "b", "1|2" },
	};
	struct wl_struct_value values[MOST_VALUES];
	struct wl_struct plan;
	uint8_t bytes[64];

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct wl_err err = { "" };
		size_t count = read_values(bad[i].values, values);

		CU_ASSERT_EQUAL(compile(&plan, bad[i].format, NULL), 0);
		CU_ASSERT_EQUAL(wl_struct_pack(&plan, values, count, bytes, &err), -1);
		CU_ASSERT_TRUE(*err.text);
	}
	CU_ASSERT_EQUAL(compile(&plan, "11sIf", NULL), 0);
	CU_ASSERT_EQUAL(wl_struct_unpack(&plan, bytes, 19, values, NULL), -1);
	CU_ASSERT_EQUAL(wl_struct_unpack(&plan, bytes, 21, values, NULL), -1);
}

static void parts_say_where_they_are(void)
{
	const struct wl_struct_item *item;
	struct wl_struct plan;

	CU_ASSERT_EQUAL_FATAL(compile(&plan, "!3s 2xhq", NULL), 0);
	item = plan.items;
	CU_ASSERT_TRUE(plan.prefix == '!' && plan.big_endian);
	CU_ASSERT_TRUE(plan.item_count == 4 && plan.value_count == 3);
	CU_ASSERT_TRUE(item[0].size == 3 && item[0].count == 1 && item[0].at == 1);
	CU_ASSERT_TRUE(item[1].size == 2 && item[1].count == 0 && item[1].offset == 3);
	CU_ASSERT_TRUE(item[2].offset == 5 && item[3].offset == 7 && item[3].at == 7);
	CU_ASSERT_EQUAL_FATAL(compile(&plan, "3shq", NULL), 0);
	CU_ASSERT_TRUE(plan.prefix == '@' && plan.items[1].offset == 4 && plan.items[2].offset == 8);
}

static uint64_t state = 1;

static unsigned int roll(unsigned int sides)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned int)(state >> 33) % sides;
}

/* Whatever unpacks from any bytes packs again. */
static void go_round(const struct wl_struct *plan, struct wl_arena *own)
{
	struct wl_struct_value *values = wl_alloc_array(own, plan->value_count + 1, sizeof(*values));
	uint8_t *bytes = malloc(plan->size + 1), *again = malloc(plan->size + 1);

	for (size_t i = 0; i < plan->size; i++)
		bytes[i] = (uint8_t)roll(256);
	CU_ASSERT_EQUAL(wl_struct_unpack(plan, bytes, plan->size, values, NULL), 0);
	CU_ASSERT_EQUAL(wl_struct_pack(plan, values, plan->value_count, again, NULL), 0);
	free(bytes);
	free(again);
}

static void garbage_does_no_harm(void)
{
	static const char likely[] = "@=<>!0123456789xcbB?hHiIlLqQnNefdspP \t";

	for (int run = 0; run < 20000; run++) {
		struct wl_arena *own = wl_arena_new();
		size_t len = roll(12);
		char *format = malloc(len + 1);
		struct wl_struct plan;

		for (size_t i = 0; i < len; i++)
			format[i] = roll(8) ? likely[roll(sizeof(likely) - 1)] : (char)roll(256);
		if (wl_struct_compile(&plan, format, len, own, NULL) == 0 && plan.size < 4096)
			go_round(&plan, own);
		free(format);
		wl_arena_free(own);
	}
}

static void with_arena(void (*function)(void))
{
	arena = wl_arena_new();
	function();
	wl_arena_free(arena);
	arena = NULL;
}

static void rows_hold(void)
{
	with_arena(bytes_are_those_of_python);
	with_arena(sizes_are_those_of_python);
}

static void bad_is_refused(void)
{
	with_arena(bad_formats_are_refused);
	with_arena(bad_values_are_refused);
}

static void parts(void)
{
	with_arena(parts_say_where_they_are);
}

void suite_structfmt(void);
void suite_structfmt(void)
{
	test("sizes and bytes are those of Python", rows_hold);
	test("bad formats and values are refused", bad_is_refused);
	test("parts say where they are", parts);
	test("garbage does no harm", garbage_does_no_harm);
}
