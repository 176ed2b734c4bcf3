/*
 * Numbers on a terminal: where they begin, what sticks to them, and what they mean.
 */
#include <stdlib.h>
#include <string.h>

#include "harness/checks.h"
#include "tests/golden.h"
#include "tests/tests.h"

static void numbers_are_found(void)
{
	static const struct {
		const char *text;
		size_t from, at;
	} rows[] = {
		{ "12", 0, 0 }, { "a 12", 0, 2 }, { "x, -12", 0, 3 }, { "x, +.5", 0, 3 }, { "int32 7", 0, 6 },
		{ "_1 2", 0, 3 }, { "12 34", 2, 3 }, { "12", 1, 1 }, { "-5", 1, 1 }, { "none", 0, 4 }, { "", 0, 0 },
		{ "3.14", 0, 0 }, { "(7)", 0, 1 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CU_ASSERT_EQUAL(wl_find_number(rows[i].text, strlen(rows[i].text), rows[i].from), rows[i].at);
	CU_ASSERT_EQUAL(wl_find_number("a\0005", 3, 0), 2);
}

static size_t integer(const char *text, const char *digits)
{
	return wl_integer_at(text, strlen(text), 0, digits);
}

static void whole_numbers_are_whole(void)
{
	CU_ASSERT_EQUAL(integer("12, 5", "12"), 2);
	CU_ASSERT_EQUAL(integer("+12", "12"), 3);
	CU_ASSERT_EQUAL(integer("-12\n", "-12"), 3);
	CU_ASSERT_EQUAL(integer("12.", "12"), 2);
	CU_ASSERT_EQUAL(integer("18446744073709551615", "18446744073709551615"), 20);
	CU_ASSERT_EQUAL(integer("12.0", "12"), 0);
	CU_ASSERT_EQUAL(integer("123", "12"), 0);
	CU_ASSERT_EQUAL(integer("12a", "12"), 0);
	CU_ASSERT_EQUAL(integer("1", "12"), 0);
	CU_ASSERT_EQUAL(integer("-12", "12"), 0);
	CU_ASSERT_EQUAL(integer("", "12"), 0);
	CU_ASSERT_EQUAL(wl_integer_at("12", 2, 3, "12"), 0);
}

static size_t real(const char *text, double value)
{
	return wl_real_at(text, strlen(text), 0, value);
}

static void reals_are_compared_as_numbers(void)
{
	CU_ASSERT_EQUAL(real("2", 2), 1);
	CU_ASSERT_EQUAL(real("2.0\n", 2), 3);
	CU_ASSERT_EQUAL(real("1.23e+03)", 1230), 8);
	CU_ASSERT_EQUAL(real("1230,", 1230), 4);
	CU_ASSERT_EQUAL(real("-.5", -0.5), 3);
	CU_ASSERT_EQUAL(real("1234.5", 1230), 0);
	CU_ASSERT_EQUAL(real("2x", 2), 0);
	CU_ASSERT_EQUAL(real("two", 2), 0);
	CU_ASSERT_EQUAL(real("two", 0), 0);
	CU_ASSERT_EQUAL(real("", 0), 0);
}

static void three_digits_count(void)
{
	CU_ASSERT_EQUAL(wl_rounded(1234.5), 1230);
	CU_ASSERT_EQUAL(wl_rounded(3.14159), 3.14);
	CU_ASSERT_EQUAL(wl_rounded(-0.0123777), -0.0124);
	CU_ASSERT_EQUAL(wl_rounded(2), 2);
	CU_ASSERT_EQUAL(wl_rounded(99.97), 100);
	CU_ASSERT_EQUAL(wl_rounded(1e300), 1e300);
	CU_ASSERT_EQUAL(wl_rounded(0), 0);
}

static void any_bytes_are_survived(void)
{
	static const char alphabet[] = "0129.-+eEx \0infa";
	uint64_t state = 3;

	for (unsigned int round = 0; round < 20000; round++) {
		size_t len = golden_random(&state) % 80, from = golden_random(&state) % 80, at;
		char *text = malloc(len ? len : 1);

		for (size_t i = 0; i < len; i++)
			text[i] = alphabet[golden_random(&state) % sizeof(alphabet)];
		at = wl_find_number(text, len, from);
		CU_ASSERT_TRUE(at <= len);
		CU_ASSERT_TRUE(wl_integer_at(text, len, from, "12") <= len);
		CU_ASSERT_TRUE(wl_real_at(text, len, from, 12) <= len);
		free(text);
	}
}

void suite_terminal_number(void);
void suite_terminal_number(void)
{
	test("numbers are found", numbers_are_found);
	test("whole numbers are whole", whole_numbers_are_whole);
	test("reals are compared as numbers", reals_are_compared_as_numbers);
	test("three digits count", three_digits_count);
	test("any bytes are survived", any_bytes_are_survived);
}
