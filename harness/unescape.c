/*
 * Backslash escapes, read against the bytes that they should stand for. That settles what the text alone leaves open: in "\01" a
 * C program means one byte, another prints a NUL byte and a digit; \xe9 is a byte in bytes and a character in text.
 */
#include "harness/unescape.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* UTF-8 of CODE; returns its length. */
static size_t encode(uint32_t code, uint8_t to[4])
{
	if (code < 0x80) {
		to[0] = (uint8_t)code;
		return 1;
	}
	if (code < 0x800) {
		to[0] = (uint8_t)(0xc0 | code >> 6);
		to[1] = (uint8_t)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		to[0] = (uint8_t)(0xe0 | code >> 12);
		to[1] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
		to[2] = (uint8_t)(0x80 | (code & 0x3f));
		return 3;
	}
	to[0] = (uint8_t)(0xf0 | (code >> 18 & 0x07));
	to[1] = (uint8_t)(0x80 | (code >> 12 & 0x3f));
	to[2] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
	to[3] = (uint8_t)(0x80 | (code & 0x3f));
	return 4;
}

/* How many of BYTES are CODE in UTF-8; 0: they are something else. */
static size_t is_code(uint32_t code, const uint8_t *bytes, size_t len)
{
	uint8_t utf8[4];
	size_t utf8_len = encode(code, utf8);

	return len >= utf8_len && memcmp(bytes, utf8, utf8_len) == 0 ? utf8_len : 0;
}

/* A number of at most MOST digits to BASE; returns how many there are. */
static size_t number(const char *text, size_t len, size_t most, uint32_t base, uint32_t *value)
{
	size_t at = 0;

	for (*value = 0; at < len && at < most; at++) {
		unsigned char digit = (unsigned char)text[at];
		uint32_t worth = isdigit(digit) ? digit - (uint32_t)'0' : isxdigit(digit) ? (digit & 7u) + 9 : base;

		if (worth >= base)
			break;
		*value = *value * base + worth;
	}
	return at;
}

/* Octal digits behind the backslash at TEXT[0]: as many of them as give the byte. */
static size_t octal(const char *text, size_t len, const uint8_t *bytes, size_t *taken)
{
	uint32_t value;

	*taken = 1;
	for (size_t most = 3; most > 0; most--)
		if (number(text + 1, len - 1, most, 8, &value) == most && value == *bytes)
			return 1 + most;
	return 0;
}

/* \u{...} and \x{...}. */
static size_t braced(const char *text, size_t len, const uint8_t *bytes, size_t bytes_len, size_t *taken)
{
	uint32_t value;
	size_t digits = number(text + 3, len - 3, 6, 16, &value);

	if (!digits || 3 + digits >= len || text[3 + digits] != '}')
		return 0;
	*taken = is_code(value, bytes, bytes_len);
	return *taken ? 3 + digits + 1 : 0;
}

/* The low half of a pair behind the high half HIGH (RFC 8259): the length of both escapes, and the whole code. */
static size_t pair(const char *text, size_t len, uint32_t *code)
{
	uint32_t low;

	if (*code < 0xd800 || *code > 0xdbff)
		return 6;
	if (len < 12 || text[6] != '\\' || text[7] != 'u' || number(text + 8, 4, 4, 16, &low) != 4 ||
		low < 0xdc00 || low > 0xdfff)
		return 6;
	*code = 0x10000 + ((*code - 0xd800) << 10) + (low - 0xdc00);
	return 12;
}

/* \xHH, \uHHHH and \UHHHHHHHH. */
static size_t hexadecimal(const char *text, size_t len, const uint8_t *bytes, size_t bytes_len, size_t *taken)
{
	size_t digits = text[1] == 'x' ? 2 : text[1] == 'u' ? 4 : 8, whole = 2 + digits;
	uint32_t value;

	if (len > 2 && text[2] == '{')
		return braced(text, len, bytes, bytes_len, taken);
	if (number(text + 2, len - 2, digits, 16, &value) != digits)
		return 0;
	*taken = 1;
	if (text[1] == 'x' && value == *bytes)
		return whole;
	if (text[1] == 'u')
		whole = pair(text, len, &value);
	*taken = is_code(value, bytes, bytes_len);
	return *taken ? whole : 0;
}

static bool named(char letter, uint8_t byte)
{
	static const char letters[] = "abtnvfre\\'\"`/?$@", bytes[] = "\a\b\t\n\v\f\r\x1b\\'\"`/?$@";
	const char *found = letter ? strchr(letters, letter) : NULL;

	return found && (uint8_t)bytes[found - letters] == byte;
}

size_t unescape_at(const char *text, size_t len, const uint8_t *bytes, size_t bytes_len, size_t *taken)
{
	*taken = 1;
	if (!len || !bytes_len)
		return 0;
	if (*text != '\\')
		return (uint8_t)*text == *bytes;
	if (len < 2)
		return 0;
	if (text[1] == 'x' || text[1] == 'u' || text[1] == 'U')
		return hexadecimal(text, len, bytes, bytes_len, taken);
	if (isdigit((unsigned char)text[1]))
		return octal(text, len, bytes, taken);
	return named(text[1], *bytes) ? 2 : 0;
}
