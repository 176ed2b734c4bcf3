/*
 * Numbers that a program printed. One that is part of a word ("int32") is none, and one to which more sticks ("12.5", "12a")
 * is another number than "12". A real is compared as a number: 1230, 1230.0 and 1.23e+03 are the same.
 */
#include "harness/checks.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool word_byte(char byte)
{
	return isalnum((unsigned char)byte) || byte == '_';
}

size_t wl_find_number(const char *text, size_t len, size_t from)
{
	for (size_t at = from; at < len; at++) {
		if (!isdigit((unsigned char)text[at]) || (at > from && word_byte(text[at - 1])))
			continue;
		while (at > from && text[at - 1] && strchr(".-+", text[at - 1]))
			at--;
		return at;
	}
	return len;
}

static bool number_ends(const char *text, size_t len, size_t at)
{
	if (at >= len)
		return true;
	if (text[at] == '.')
		return at + 1 >= len || !isdigit((unsigned char)text[at + 1]);
	return !word_byte(text[at]);
}

size_t wl_integer_at(const char *text, size_t len, size_t at, const char *digits)
{
	size_t count = strlen(digits);

	if (at < len && text[at] == '+')
		at++;
	if (at > len || len - at < count || memcmp(text + at, digits, count) != 0 ||
		!number_ends(text, len, at + count))
		return 0;
	return at + count;
}

double wl_rounded(double real)
{
	char text[32];

	snprintf(text, sizeof(text), "%.2e", real);
	return strtod(text, NULL);
}

size_t wl_real_at(const char *text, size_t len, size_t at, double real)
{
	char number[64] = "", *end;
	double have;

	if (at >= len)
		return 0;
	memcpy(number, text + at, len - at < sizeof(number) - 1 ? len - at : sizeof(number) - 1);
	have = strtod(number, &end);
	at += (size_t)(end - number);
	return end > number && have == real && number_ends(text, len, at) ? at : 0;
}
