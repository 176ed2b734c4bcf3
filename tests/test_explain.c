/*
 * Each label by right and wrong bytes that stand in one line; what is too short to be no chance; and random bytes, which nothing may
 * explain.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/explain.h"
#include "tests/tests.h"

static struct wl_arena *arena;

/* The label for ACTUAL where EXPECTED was due, "" for none. */
static const char *label_of(struct wl_wrong wrong)
{
	struct wl_explanation found = { "", "" };

	wl_arena_free(arena);
	arena = wl_arena_new();
	if (!wl_explain(&wrong, arena, &found))
		return "";
	CU_ASSERT_TRUE(*found.sentence != '\0');
	return found.label;
}

struct text_row {
	const char *expected;
	size_t expected_len;
	const char *actual;
	size_t actual_len;
	const char *label;
};

#define BYTES(text) text, sizeof(text) - 1

static const struct wl_near near[] = {
	{ (const uint8_t *)BYTES("what I said"), true, false },
	{ (const uint8_t *)BYTES("hello, a longer message"), false, false },
	{ (const uint8_t *)BYTES("printed elsewhere"), false, true },
};

static const struct text_row texts[] = {
	{ BYTES("hello"), BYTES("h\0e\0l\0l\0o\0"), "utf-16" },
	{ BYTES("hello"), BYTES("\0h\0e\0l\0l\0o"), "utf-16" },
	{ BYTES("hello"), BYTES("\xff\xfeh\0e\0l\0l\0o\0"), "utf-16" },
	{ BYTES("한글"), BYTES("\xfe\xff\xd5\x5c\xae\x00"), "utf-16" },
	{ BYTES("한글"), BYTES("\xc7\xd1\xb1\xdb"), "cp949" },
	{ BYTES("똠방"), BYTES("\x8c\x63\xb9\xe6"), "cp949" },
	{ BYTES("caf\xc3\xa9"), BYTES("caf\xc3\x83\xc2\xa9"), "latin-1" },
	{ BYTES("각가"), BYTES("\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8\xe1\x84\x80\xe1\x85\xa1"), "decomposed" },
	{ BYTES("abc 한글 d"), BYTES("abc  d"), "ascii-only" },
	{ BYTES("abc 한글 d"), BYTES("abc ?? d"), "ascii-only" },
	{ BYTES("abc 한글 d"), BYTES("abc ?????? d"), "ascii-only" },
	{ BYTES("hello"), BYTES("hello\n"), "newline-added" },
	{ BYTES("ack"), BYTES("ack\r\n"), "newline-added" },
	{ BYTES("hello\n"), BYTES("hello"), "newline-cut" },
	{ BYTES("hello"), BYTES("hello\0"), "nul-added" },
	{ BYTES("hello"), BYTES("hello\0\0\0"), "zero-filled" },
	{ BYTES("hello\0\0"), BYTES("hello"), "nul-cut" },
	{ BYTES("hello\0there"), BYTES("hello"), "stops-at-nul" },
	{ BYTES("hello\0there"), BYTES("hellothere"), "nul-dropped" },
	{ BYTES("  hello "), BYTES("hello"), "stripped-blanks" },
	{ BYTES("  hello "), BYTES("  hello"), "stripped-blanks" },
	{ BYTES(" a  b   c"), BYTES(" a b c"), "joined-blanks" },
	{ BYTES("hello"), BYTES("hell"), "off-by-one" },
	{ BYTES("hello"), BYTES("ello"), "off-by-one" },
	{ BYTES("hello"), BYTES("helloX"), "off-by-one" },
	{ BYTES("hello"), BYTES("Xhello"), "off-by-one" },
	{ BYTES("1024"), BYTES("1025"), "off-by-one" },
	{ BYTES("한글 이름표"), BYTES("\xed\x95\x9c\xea\xb8\x80"), "counts-characters" },
	{ BYTES("hello, all of you"), BYTES("hello, all"), "truncated" },
	{ BYTES("hello, all of you"), BYTES("of you"), "beginning-lost" },
	{ BYTES("something"), BYTES("what I said"), "own-data" },
	{ BYTES("something"), BYTES("hello, a longer message"), "other-message" },
	{ BYTES("something"), BYTES("printed elsewhere"), "" },
	{ BYTES("right"), BYTES("right, a longer message"), "leftover" },
	{ BYTES("something"), BYTES("what I saidsomething"), "leftover" },
	{ BYTES("Hello"), BYTES("HELLO"), "case-changed" },
	{ BYTES("Hello"), BYTES("b'Hello'"), "repr" },
	{ BYTES("Hello"), BYTES("\"Hello\""), "repr" },
	{ BYTES("a\nb\tc"), BYTES("a\\nb\\tc"), "escaped" },
	{ BYTES("hello"), BYTES("olleh"), "reversed" },
	{ BYTES("hello"), BYTES("hellohellohello"), "twice" },
	{ BYTES("hello"), BYTES("68656C6c6f"), "hex" },
	{ BYTES("hello, all of you"), BYTES("17 bytes"), "length" },
	{ BYTES("hello!"), BYTES("echo: hello!"), "text-added" },
	{ BYTES("cc35"), BYTES("35cc"), "byte-order" },
	{ BYTES("cc35"), BYTES("52277"), "other-base" },
	{ BYTES("06:14:9c"), BYTES("6:14:9c"), "zeros-dropped" },
	{ BYTES("06:14:9c"), BYTES("06:14:ffffff9c"), "sign" },
	{ BYTES("06:14:9c"), BYTES("6:20:156"), "other-base" },
	{ BYTES("1024"), BYTES("\0\4\0\0"), "binary-for-text" },
	{ BYTES("1024"), BYTES("\0\0\4\0"), "binary-for-text" },
	/* nothing, or too little, to go by */
	{ BYTES("hello"), BYTES("hello"), "" },
	{ BYTES(""), BYTES("hello"), "" },
	{ BYTES("hello"), BYTES(""), "" },
	{ BYTES("ab"), BYTES("a"), "" },
	{ BYTES("ab"), BYTES("abc"), "" },
	{ BYTES("ab"), BYTES("AB"), "" },
	{ BYTES("ab"), BYTES("ba"), "" },
	{ BYTES("abcdef"), BYTES("abc"), "" },
	{ BYTES("12"), BYTES("13"), "" },
	{ BYTES("2"), BYTES("001"), "" },
	{ BYTES("0035"), BYTES("53"), "" },
	{ BYTES("hello, all of you"), BYTES("17"), "" },
	{ BYTES("hello"), BYTES("5"), "" },
	{ BYTES("hello"), BYTES("hullo"), "" },
};

static void texts_are_explained(void)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		const struct text_row *row = &texts[i];
		const struct wl_wrong wrong = { (const uint8_t *)row->expected, (const uint8_t *)row->actual, row->expected_len,
			row->actual_len, NULL, 0, near, sizeof(near) / sizeof(*near) };
		const char *label = label_of(wrong);

		if (strcmp(label, row->label) != 0)
			fprintf(stderr, "row %zu: \"%s\", not \"%s\"\n", i, label, row->label);
		CU_ASSERT_STRING_EQUAL(label, row->label);
	}
}

/* "11sIf" with "hi, Python!", 1024 and 3.14. */
#define HI "hi, Python!"
#define PACKED HI "\0\0\4\0\0\xc3\xf5\x48\x40"

static const struct text_row packed[] = {
	{ BYTES(PACKED), BYTES(HI "\0\0\0\4\0\xc3\xf5\x48\x40"), "byte-order" },
	{ BYTES(PACKED), BYTES(HI "\0\0\0\4\0\x40\x48\xf5\xc3"), "byte-order" },
	{ BYTES(PACKED), BYTES(HI "\0\0\4\0\x40\x48\xf5\xc3"), "byte-order" },
	{ BYTES(PACKED), BYTES(HI "x\0\0\4\0\xc3\xf5\x48\x40"), "byte-order" },
	{ BYTES(PACKED), BYTES(HI "\0\4\0\0\xc3\xf5\x48\x40"), "padding" },
	{ BYTES(PACKED), BYTES(PACKED "\0\0\0\0"), "padding" },
	{ BYTES(PACKED), BYTES(HI "\0\0\4\0\0\x1f\x85\xeb\x51\xb8\x1e\x09\x40"), "double-for-float" },
	{ BYTES(PACKED), BYTES(HI "\0\0\4\0\0\3\0\0\0"), "integer-for-float" },
	{ BYTES(PACKED), BYTES(HI "\0\0\0\x80\x44\xc3\xf5\x48\x40"), "float-for-integer" },
	{ BYTES(PACKED), BYTES(HI "\0\0\0\0\0\0\4\0\0\0\0\0\0\xc3\xf5\x48\x40"), "other-size" },
	{ BYTES(PACKED), BYTES(HI "\0\0\4\0\0\xd0\x0f\x49\x40"), "rounding" },
	{ BYTES(PACKED), BYTES(HI "10243.14"), "text-for-binary" },
	{ BYTES(PACKED), BYTES(HI ",1024,3.14\n"), "text-for-binary" },
	{ BYTES(PACKED), BYTES(HI "\0\1\4\0\0\xc3\xf5\x48\x40"), "off-by-one" },
	{ BYTES(PACKED), BYTES(HI "\0\x14\0\0\0\xc3\xf5\x48\x40"), "length" },
	{ BYTES(PACKED), BYTES(HI "\0\xc3\xf5\x48\x40\0\4\0\0"), "field-order" },
	{ BYTES(PACKED), BYTES("\0\4\0\0" HI "\0\xc3\xf5\x48\x40"), "field-order" },
	{ BYTES(PACKED), BYTES(HI "\0\0\4\0\0"), "field-missing" },
	{ BYTES(PACKED), BYTES("\0\4\0\0\xc3\xf5\x48\x40"), "field-missing" },
	{ BYTES(PACKED), BYTES("hi, PYTHON!\0\0\4\0\0\xc3\xf5\x48\x40"), "case-changed" },
	{ BYTES(PACKED), BYTES("hi, Pyth\0\0\0\0\0\4\0\0\xc3\xf5\x48\x40"), "truncated" },
	{ BYTES(PACKED), BYTES(PACKED "\n"), "newline-added" },
	{ BYTES(PACKED), BYTES(HI "\0\xe8\3\0\0\xc3\xf5\x48\x40"), "" },
};

static void fields_are_explained(void)
{
	struct wl_arena *own = wl_arena_new();
	struct wl_struct plan;

	CU_ASSERT_EQUAL_FATAL(wl_struct_compile(&plan, BYTES("11sIf"), own, NULL), 0);
	for (size_t i = 0; i < sizeof(packed) / sizeof(*packed); i++) {
		const struct text_row *row = &packed[i];
		const char *label = label_of((struct wl_wrong){ (const uint8_t *)row->expected, (const uint8_t *)row->actual,
			row->expected_len, row->actual_len, &plan, 20 });

		if (strcmp(label, row->label) != 0)
			fprintf(stderr, "row %zu: \"%s\", not \"%s\"\n", i, label, row->label);
		CU_ASSERT_STRING_EQUAL(label, row->label);
	}
	wl_arena_free(own);
}

/* A double that is sent as a float. */
static void floats_for_doubles_are_explained(void)
{
	static const uint8_t due[] = "abcd\x1f\x85\xeb\x51\xb8\x1e\x09\x40", came[] = "abcd\xc3\xf5\x48\x40";
	struct wl_arena *own = wl_arena_new();
	struct wl_struct plan;

	CU_ASSERT_EQUAL_FATAL(wl_struct_compile(&plan, BYTES("=4sd"), own, NULL), 0);
	CU_ASSERT_STRING_EQUAL(label_of((struct wl_wrong){ due, came, 12, 8, &plan }), "float-for-double");
	wl_arena_free(own);
}

static const char *misread(const char *format, const char *bytes, size_t len, const char *integer, bool integer_right,
	const char *real, bool real_right)
{
	const struct wl_printed_number numbers[] = { { integer, 1, integer_right }, { real, 2, real_right } };
	struct wl_explanation found = { "", "" };
	struct wl_struct plan;

	wl_arena_free(arena);
	arena = wl_arena_new();
	CU_ASSERT_EQUAL_FATAL(wl_struct_compile(&plan, format, strlen(format), arena, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(plan.size, len);
	wl_explain_misread(&plan, (const uint8_t *)bytes, numbers, 2, arena, &found);
	return found.label;
}

static void misread_numbers_are_explained(void)
{
	CU_ASSERT_STRING_EQUAL(misread("11sIf", BYTES(PACKED), "262144", false, "-491", false), "byte-order");
	CU_ASSERT_STRING_EQUAL(misread("11sIf", BYTES(HI "\0\x4a\x18\0\0\xc3\xf5\x48\x40"), "1591808", false, "3.14", true), "padding");
	CU_ASSERT_STRING_EQUAL(misread("11sIf", BYTES(PACKED), "0x400", false, "3.14", true), "other-base");
	CU_ASSERT_STRING_EQUAL(misread("11sIf", BYTES(PACKED), "1024", true, "3.1400001049041748", false), "rounding");
	CU_ASSERT_STRING_EQUAL(misread("=2sbf", BYTES("ab\x80\xc3\xf5\x48\x40"), "128", false, "3.14", true), "sign");
	CU_ASSERT_STRING_EQUAL(misread("=2shd", BYTES("ab\1\0\0\0\0\0\0\x5f\x30\x40"), "1", true, "0", false), "");
	CU_ASSERT_STRING_EQUAL(misread("=2shd", BYTES("ab\1\0\x1f\x85\xeb\x51\xb8\x1e\x09\x40"), "1", true, "1.26e+11", false),
		"float-for-double");
	CU_ASSERT_STRING_EQUAL(misread("11sIf", BYTES(PACKED), "1000", false, "3.14", true), "");
	CU_ASSERT_STRING_EQUAL(misread("11sIf", BYTES(PACKED), "1024", true, "3.14", true), "");
	CU_ASSERT_STRING_EQUAL(misread("11sIf", BYTES(PACKED), "", false, "", false), "");
}

#define NOW 1700000000.625

static const char *stamp(const void *bytes, size_t len)
{
	struct wl_explanation found = { "", "" };

	wl_explain_stamp(bytes, len, NOW - 0.01, NOW + 0.01, arena, &found);
	return found.label;
}

static void stamps_are_explained(void)
{
	double due = NOW, whole = (int64_t)NOW, milliseconds = NOW * 1000, early = 1234.5;
	float small = (float)NOW;
	uint32_t seconds = (uint32_t)NOW;
	int64_t nanoseconds = (int64_t)(NOW * 1e9);
	uint8_t turned[8];

	for (size_t i = 0; i < sizeof(due); i++)
		turned[i] = ((uint8_t *)&due)[7 - i];
	CU_ASSERT_STRING_EQUAL(stamp(turned, 8), "byte-order");
	CU_ASSERT_STRING_EQUAL(stamp(&small, 4), "float-for-double");
	CU_ASSERT_STRING_EQUAL(stamp(&seconds, 4), "integer-for-float");
	CU_ASSERT_STRING_EQUAL(stamp(&nanoseconds, 8), "integer-for-float");
	CU_ASSERT_STRING_EQUAL(stamp("1700000000.63", 13), "text-for-binary");
	CU_ASSERT_STRING_EQUAL(stamp(&milliseconds, 8), "other-unit");
	CU_ASSERT_STRING_EQUAL(stamp(&whole, 8), "rounding");
	CU_ASSERT_STRING_EQUAL(stamp(&due, 8), "");
	CU_ASSERT_STRING_EQUAL(stamp(&early, 8), "");
	CU_ASSERT_STRING_EQUAL(stamp("x", 1), "");
}

static const char *printed(const char *text, const char *due)
{
	const struct wl_wrong wrong = { .expected = (const uint8_t *)due, .expected_len = strlen(due) };
	struct wl_explanation found = { "", "" };

	wl_explain_text_at(&wrong, text, strlen(text), 0, arena, &found);
	return found.label;
}

static void what_was_printed_is_read_in_each_way(void)
{
	CU_ASSERT_STRING_EQUAL(printed(" HELLO\r\nmore", "hello"), "case-changed");
	CU_ASSERT_STRING_EQUAL(printed(" 'HELLO', x = 1", "hello"), "case-changed");
	CU_ASSERT_STRING_EQUAL(printed(" bytearray(b'HELLO')", "hello"), "case-changed");
	CU_ASSERT_STRING_EQUAL(printed(" \"b'hello'\"", "hello"), "repr");
	CU_ASSERT_STRING_EQUAL(printed(" b'\\xed\\x95\\x9c\\n'", "한"), "newline-added");
	CU_ASSERT_STRING_EQUAL(printed(" 'í\\x95\\x9cê¸\\x80'", "한글"), "latin-1");
	CU_ASSERT_STRING_EQUAL(printed(" HELLO, 17", "hello"), "case-changed");
	CU_ASSERT_STRING_EQUAL(printed("  hello", "   hello"), "stripped-blanks");
	CU_ASSERT_STRING_EQUAL(printed(" 17", "hello, all of you"), "length");
	CU_ASSERT_STRING_EQUAL(printed(" 'hello", "hello"), "");
	CU_ASSERT_STRING_EQUAL(printed("", "hello"), "");
	CU_ASSERT_STRING_EQUAL(printed("'", "hello"), "");
}

/* A line of nothing but quotes and commas, or blanks, takes no time. */
static void long_lines_take_no_time(void)
{
	static char line[1 << 20];

	for (size_t i = 0; i + 1 < sizeof(line); i++)
		line[i] = i % 2 ? ',' : '\'';
	CU_ASSERT_STRING_EQUAL(printed(line, "hello"), "");
	memset(line, ' ', sizeof(line) - 1);
	CU_ASSERT_STRING_EQUAL(printed(line, "hello"), "");
}

static const char *endpoint(const char *line)
{
	static const struct wl_near_end ends[] = { { "10.77.0.2", 49002, true }, { "10.77.0.3", 20000, false } };
	struct wl_explanation found = { "", "" };

	wl_explain_endpoint(line, "10.77.0.1", 28038, ends, 2, arena, &found);
	return found.label;
}

static void printed_addresses_are_explained(void)
{
	CU_ASSERT_STRING_EQUAL(endpoint("addr = ('10.77.0.1', 34413)"), "byte-order");
	CU_ASSERT_STRING_EQUAL(endpoint("addr = ('1.0.77.10', 28038)"), "byte-order");
	CU_ASSERT_STRING_EQUAL(endpoint("addr = (28038, '10.77.0.1')"), "field-order");
	CU_ASSERT_STRING_EQUAL(endpoint("addr = ('10.77.0.2', 49002)"), "own-data");
	CU_ASSERT_STRING_EQUAL(endpoint("addr = ('10.77.0.2', 28038)"), "own-data");
	CU_ASSERT_STRING_EQUAL(endpoint("addr = ('10.77.0.3', 20000)"), "other-message");
	CU_ASSERT_STRING_EQUAL(endpoint("addr = ('10.77.0.1', 28038)"), "");
	CU_ASSERT_STRING_EQUAL(endpoint("addr = ('10.77.0.11', 344130)"), "");
	CU_ASSERT_STRING_EQUAL(endpoint(""), "");
}

/* SplitMix64. */
struct dice {
	uint64_t state;
};

static uint64_t roll(struct dice *dice)
{
	uint64_t z = dice->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static size_t between(struct dice *dice, size_t low, size_t high)
{
	return low + roll(dice) % (high - low + 1);
}

/* Random bytes for random ones: texts, digits, hexadecimal, packed data, long ones and very short ones. */
static size_t random_bytes(struct dice *dice, uint8_t bytes[64])
{
	static const char sets[][32] = { "", "0123456789", "0123456789abcdef", "abcdefghijklmnop QRSTUVWXYZ\n" };
	size_t len = between(dice, 1, between(dice, 0, 3) ? 8 : 63), set = between(dice, 0, 3);

	for (size_t i = 0; i < len; i++)
		bytes[i] = set ? (uint8_t)sets[set][roll(dice) % strlen(sets[set])] : (uint8_t)roll(dice);
	return len;
}

/* Pure: that another user sees the same needs no long proof. */
static unsigned int random_cases(void)
{
	return getenv("WL_QUICK") ? 1000 : 100000;
}

static void random_bytes_are_not_explained(void)
{
	struct dice dice = { 20261122 };
	struct wl_struct plans[3];
	struct wl_arena *own = wl_arena_new();
	unsigned int found = 0;

	CU_ASSERT_EQUAL_FATAL(wl_struct_compile(&plans[0], BYTES("4sIf"), own, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(wl_struct_compile(&plans[1], BYTES("!6s6sH"), own, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(wl_struct_compile(&plans[2], BYTES("=3shd"), own, NULL), 0);
	for (unsigned int i = 0; i < random_cases(); i++) {
		uint8_t due[64], came[64];
		size_t due_len = random_bytes(&dice, due), came_len = random_bytes(&dice, came);
		const struct wl_struct *plan = i % 4 < 3 ? &plans[i % 4] : NULL;
		const char *label;

		if (plan && plan->size > due_len)
			plan = NULL;
		if (plan) {
			due_len = plan->size;
			came_len = i % 8 < 4 ? plan->size : came_len;
		}
		label = label_of((struct wl_wrong){ due, came, due_len, came_len, plan, due_len, near, 3 });
		if (*label && found++ < 10)
			fprintf(stderr, "case %u: %zu and %zu bytes are \"%s\"\n", i, due_len, came_len, label);
	}
	CU_ASSERT_EQUAL(found, 0);
	wl_arena_free(own);
}

/* A number of up to ten digits as somebody may print it. */
static const char *random_number(struct dice *dice, char text[24])
{
	uint64_t number = roll(dice) >> between(dice, 31, 60);
	unsigned int form = (unsigned int)between(dice, 0, 3);

	if (form < 2)
		snprintf(text, 24, "%s%llu", form ? "-" : "", (unsigned long long)number);
	else
		snprintf(text, 24, form == 2 ? "%.3g" : "%.2f", (double)number / 7);
	return text;
}

static void random_numbers_are_not_explained(void)
{
	struct dice dice = { 49001 };
	unsigned int found = 0;

	for (unsigned int i = 0; i < random_cases(); i++) {
		uint64_t bytes[3] = { roll(&dice), roll(&dice), roll(&dice) };
		char integer[24], real[24];
		const char *label = misread(i % 2 ? "11sIf" : ">12sif", (const char *)bytes, 20, random_number(&dice, integer), i % 3 == 0,
			random_number(&dice, real), i % 3 == 1);

		if (*label && found++ < 10)
			fprintf(stderr, "case %u: %s, %s are \"%s\"\n", i, integer, real, label);
	}
	CU_ASSERT_EQUAL(found, 0);
}

static void random_stamps_are_not_explained(void)
{
	struct dice dice = { 1970 };
	unsigned int found = 0;

	for (unsigned int i = 0; i < random_cases(); i++) {
		uint64_t bytes[3] = { roll(&dice), roll(&dice), roll(&dice) };

		found += *stamp(bytes, i % 3 == 0 ? 4 : i % 3 == 1 ? 8 : between(&dice, 1, 24)) != '\0';
	}
	CU_ASSERT_EQUAL(found, 0);
}

void suite_explain(void);
void suite_explain(void)
{
	test("texts are explained", texts_are_explained);
	test("fields are explained", fields_are_explained);
	test("floats for doubles are explained", floats_for_doubles_are_explained);
	test("misread numbers are explained", misread_numbers_are_explained);
	test("stamps are explained", stamps_are_explained);
	test("what was printed is read in each way", what_was_printed_is_read_in_each_way);
	test("long lines take no time", long_lines_take_no_time);
	test("printed addresses are explained", printed_addresses_are_explained);
	test("random bytes are not explained", random_bytes_are_not_explained);
	test("random numbers are not explained", random_numbers_are_not_explained);
	test("random stamps are not explained", random_stamps_are_not_explained);
}
