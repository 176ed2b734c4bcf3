/*
 * Reading terminal text: what the course leaves free must be accepted, what differs in one thing
 * must not. Texts that must be refused stand beside the ones that they resemble.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/checks.h"
#include "tests/golden.h"
#include "tests/tests.h"

#define BYTES(text) text, sizeof(text) - 1
#define HELLO BYTES("hello")
#define BLANKS BYTES("  hi   ")
#define KOREAN BYTES("안녕")
#define NULS BYTES("a\0b\0")

struct row {
	const char *text;
	size_t len;
	const char *value;
	size_t value_len;
};

/* Each shows the value behind "data =". */
static const struct row shown[] = {
	{ BYTES("data = hello"), HELLO },
	{ BYTES("data=hello"), HELLO },
	{ BYTES("data =hello\n"), HELLO },
	{ BYTES("data= hello\r\n"), HELLO },
	{ BYTES("data \t =  \thello\n"), HELLO },
	{ BYTES("data = hello \n"), HELLO },
	{ BYTES("data = hello \t, addr = 1\n"), HELLO },
	{ BYTES("data = 'hello'"), HELLO },
	{ BYTES("data = \"hello\"\n"), HELLO },
	{ BYTES("data = `hello`\n"), HELLO },
	{ BYTES("data = b'hello'\n"), HELLO },
	{ BYTES("data = B\"hello\"\n"), HELLO },
	{ BYTES("data = u'hello'\n"), HELLO },
	{ BYTES("data = 'hello' (5 bytes)\n"), HELLO },
	{ BYTES("data =\nhello\n"), HELLO },
	{ BYTES("received: data = hello\n"), HELLO },
	{ BYTES("recv_data = x\ndata = hello\n"), HELLO },
	{ BYTES("data = x\nmore\ndata = hello\nend"), HELLO },
	{ BYTES("data = hello, addr = 1\n"), HELLO },
	{ BYTES("(data = hello)"), HELLO },
	{ BYTES("[data = hello]"), HELLO },
	{ BYTES("{data = hello}"), HELLO },
	{ BYTES("data = hello; addr = 1\n"), HELLO },
	{ BYTES("\xff\xfe\0data = hello\n"), HELLO },
	{ BYTES("data = \n"), BYTES("") },
	{ BYTES("data ="), BYTES("") },
	{ BYTES("data = ''\n"), BYTES("") },
	{ BYTES("data = b''\n"), BYTES("") },
	{ BYTES("data = bytearray(b'hello')\n"), HELLO },
	{ BYTES("data = bytearray(b'')"), BYTES("") },
	{ BYTES("data = , addr = 1\n"), BYTES("") },
	{ BYTES("data =   hi   \n"), BLANKS },
	{ BYTES("data =  hi   \n"), BLANKS },
	{ BYTES("data = '  hi   '\n"), BLANKS },
	{ BYTES("data = b'  hi   '\n"), BLANKS },
	{ BYTES("data = 안녕\n"), KOREAN },
	{ BYTES("data = '안녕'\n"), KOREAN },
	{ BYTES("data = b'\\xec\\x95\\x88\\xeb\\x85\\x95'\n"), KOREAN },
	{ BYTES("data = '\\uc548\\ub155'\n"), KOREAN },
	{ BYTES("data = a\0b\0\n"), NULS },
	{ BYTES("data = 'a\\x00b\\x00'\n"), NULS },
	{ BYTES("data = b'a\\x00b\\x00'\n"), NULS },
	{ BYTES("data = 'a\\tb\\n'\n"), BYTES("a\tb\n") },
	{ BYTES("data = 'a\\\\b'\n"), BYTES("a\\b") },
	{ BYTES("data = a\\b\n"), BYTES("a\\b") },
	{ BYTES("data = \"it's\"\n"), BYTES("it's") },
	{ BYTES("data = b'abc\\x80de'\n"), BYTES("abc\x80""de") },
	{ BYTES("data = abc\x80""de\n"), BYTES("abc\x80""de") },
	{ BYTES("data = two words\n"), BYTES("two words") },
	{ BYTES("data = 'it\\'s'\n"), BYTES("it's") },
	{ BYTES("data = \"say \\\"hi\\\"\"\n"), BYTES("say \"hi\"") },
	{ BYTES("data = \"a\\u0000b\\u0000\"\n"), NULS },
	{ BYTES("data = \"a\\0b\\0\"\n"), NULS },
	{ BYTES("data = \"a\\000b\\000\"\n"), NULS },
	{ BYTES("data = \"a\\x{0}b\\u{0}\"\n"), NULS },
	{ BYTES("data = \\01\n"), BYTES("\0""1") },
	{ BYTES("data = \\01\n"), BYTES("\x01") },
	{ BYTES("data = '\\xe9'\n"), BYTES("\xc3\xa9") },
	{ BYTES("data = '\\351\\r\\/'\n"), BYTES("\xe9\r/") },
	{ BYTES("data = \"\\ud83d\\ude00\"\n"), BYTES("\xf0\x9f\x98\x80") },
	{ BYTES("data = '\\U0001f600'\n"), BYTES("\xf0\x9f\x98\x80") },
};

static const struct row hidden[] = {
	{ BYTES(""), HELLO },
	{ BYTES("hello\n"), HELLO },
	{ BYTES("data hello\n"), HELLO },
	{ BYTES("data : hello\n"), HELLO },
	{ BYTES("Data = hello\n"), HELLO },
	{ BYTES("recv_data = hello\n"), HELLO },
	{ BYTES("mydata = hello\n"), HELLO },
	{ BYTES("datas = hello\n"), HELLO },
	{ BYTES("dat a = hello\n"), HELLO },
	{ BYTES("data = hello2\n"), HELLO },
	{ BYTES("data = 'hello2'\n"), HELLO },
	{ BYTES("data = hello world\n"), HELLO },
	{ BYTES("data = hello (5 bytes)\n"), HELLO },
	{ BYTES("data = 'hello '\n"), HELLO },
	{ BYTES("data = hell\n"), HELLO },
	{ BYTES("data = 'hell'\n"), HELLO },
	{ BYTES("data = 'hell"), HELLO },
	{ BYTES("data = 'hello"), HELLO },
	{ BYTES("data = 'hello\"\n"), HELLO },
	{ BYTES("data = xhello\n"), HELLO },
	{ BYTES("data = Hello\n"), HELLO },
	{ BYTES("data = 'hello\\n'\n"), HELLO },
	{ BYTES("data = b'hello\\x00'\n"), HELLO },
	{ BYTES("data = hello\0\n"), HELLO },
	{ BYTES("hello\ndata =\n"), HELLO },
	{ BYTES("data ="), HELLO },
	{ BYTES("data = x\n"), BYTES("") },
	{ BYTES("data = 'x'\n"), BYTES("") },
	{ BYTES("data = hi\n"), BLANKS },
	{ BYTES("data = hi   \n"), BLANKS },
	{ BYTES("data =   hi\n"), BLANKS },
	{ BYTES("data =   hi  \n"), BLANKS },
	{ BYTES("data = 'hi'\n"), BLANKS },
	{ BYTES("data = ' hi   '\n"), BLANKS },
	{ BYTES("data = 안\n"), KOREAN },
	{ BYTES("data = ??\n"), KOREAN },
	{ BYTES("data = b'\\xec\\x95\\x88'\n"), KOREAN },
	{ BYTES("data = a\n"), NULS },
	{ BYTES("data = ab\n"), NULS },
	{ BYTES("data = a\0b\n"), NULS },
	{ BYTES("data = two  words\n"), BYTES("two words") },
	{ BYTES("data = \\"), BYTES("\n") },
	{ BYTES("data = \\x0"), BYTES("\0") },
	{ BYTES("data = \\u00"), BYTES("\0") },
	{ BYTES("data = \\ud83d\\ude0"), BYTES("\xf0\x9f\x98\x80") },
	{ BYTES("data = \\u{0"), BYTES("\0") },
	{ BYTES("data = \\u{}"), BYTES("\0") },
	{ BYTES("data = \\q\n"), BYTES("q") },
	{ BYTES("data = a\\0b\n"), NULS },
	{ BYTES("data = 'hello\\'\n"), HELLO },
	{ BYTES("data = '\\x1f600'\n"), BYTES("\xf0\x9f\x98\x80") },
};

/* On the heap, without a byte to spare behind it: ASan sees who reads too far. */
static bool shows(const struct row *row, const char *label)
{
	char *text = malloc(row->len ? row->len : 1);
	bool shown_value;

	memcpy(text, row->text, row->len);
	shown_value = wl_shows_value(
		text, row->len, label, (const uint8_t *)row->value, row->value_len);
	free(text);
	return shown_value;
}

static void values_are_found(void)
{
	for (size_t i = 0; i < sizeof(shown) / sizeof(*shown); i++) {
		CU_ASSERT_TRUE(shows(&shown[i], "data ="));
		if (!shows(&shown[i], "data ="))
			fprintf(stderr, "not found in: %s\n", shown[i].text);
		CU_ASSERT_EQUAL(shows(&shown[i], "data="), shows(&shown[i], "data ="));
		CU_ASSERT_FALSE(shows(&shown[i], "addr2 ="));
	}
}

static void other_values_are_not(void)
{
	for (size_t i = 0; i < sizeof(hidden) / sizeof(*hidden); i++) {
		CU_ASSERT_FALSE(shows(&hidden[i], "data ="));
		if (shows(&hidden[i], "data ="))
			fprintf(stderr, "found in: %s\n", hidden[i].text);
	}
}

static const struct {
	const char *text, *address;
	uint16_t port;
	bool shown;
} addresses[] = {
	{ "addr = ('10.77.0.1', 49002)\n", "10.77.0.1", 49002, true },
	{ "addr = (\"10.77.0.1\", 49002)", "10.77.0.1", 49002, true },
	{ "addr=('10.77.0.1',49002)\n", "10.77.0.1", 49002, true },
	{ "addr = 10.77.0.1:49002\n", "10.77.0.1", 49002, true },
	{ "addr = 10.77.0.1 49002\n", "10.77.0.1", 49002, true },
	{ "addr = [10.77.0.1]:49002\n", "10.77.0.1", 49002, true },
	{ "addr = ('::ffff:10.77.0.1', 49002, 0, 0)\n", "10.77.0.1", 49002, true },
	{ "addr = [::FFFF:10.77.0.1]:49002\n", "10.77.0.1", 49002, true },
	{ "addr = x\naddr = ('10.77.0.1', 49002)", "10.77.0.1", 49002, true },
	{ "from addr =\n ('10.77.0.1', 49002)", "10.77.0.1", 49002, true },
	{ "addr = ('10.77.0.1', 49002)\n", "10.77.0.1", 4900, false },
	{ "addr = ('10.77.0.1', 4900)\n", "10.77.0.1", 49002, false },
	{ "addr = ('10.77.0.1', 490021)\n", "10.77.0.1", 49002, false },
	{ "addr = ('10.77.0.1', 149002)\n", "10.77.0.1", 49002, false },
	{ "addr = ('10.77.0.11', 49002)\n", "10.77.0.1", 49002, false },
	{ "addr = ('10.77.0.1', 49002)\n", "10.77.0.11", 49002, false },
	{ "addr = ('110.77.0.1', 49002)\n", "10.77.0.1", 49002, false },
	{ "addr = ('10.77.0.1.1', 49002)\n", "10.77.0.1", 49002, false },
	{ "addr = ('10.77.0.2', 49002)\n", "10.77.0.1", 49002, false },
	{ "addr = ('::ffff:10.77.0.11', 49002)\n", "10.77.0.1", 49002, false },
	{ "addr = 10.77.0.149002\n", "10.77.0.1", 49002, false },
	{ "addr = ('10.77.0.1')\n", "10.77.0.1", 49002, false },
	{ "addr = 49002 10.77.0.1\n", "10.77.0.1", 49002, false },
	{ "my_addr = ('10.77.0.1', 49002)\n", "10.77.0.1", 49002, false },
	{ "('10.77.0.1', 49002)\n", "10.77.0.1", 49002, false },
	{ "addr = ::ffff:", "10.77.0.1", 49002, false },
	{ "addr =", "10.77.0.1", 49002, false },
	{ "", "10.77.0.1", 49002, false },
};

static void addresses_are_found(void)
{
	for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
		bool found = wl_shows_address(addresses[i].text, strlen(addresses[i].text),
			"addr =",
			addresses[i].address, addresses[i].port);

		CU_ASSERT_EQUAL(found, addresses[i].shown);
		if (found != addresses[i].shown)
			fprintf(stderr, "wrong on: %s\n", addresses[i].text);
	}
}

static void labels_are_found(void)
{
	CU_ASSERT_EQUAL(wl_find_label(BYTES("data = x"), 0, "data ="), 6);
	CU_ASSERT_EQUAL(wl_find_label(BYTES("data   = x"), 0, "data ="), 8);
	CU_ASSERT_EQUAL(wl_find_label(BYTES("a data=x data = y"), 0, "data ="), 7);
	CU_ASSERT_EQUAL(wl_find_label(BYTES("a data=x data = y"), 7, "data ="), 15);
	CU_ASSERT_EQUAL(wl_find_label(BYTES("payload: "), 0, "payload:"), 8);
	CU_ASSERT_EQUAL(wl_find_label(BYTES("datadata ="), 0, "data ="), -1);
	CU_ASSERT_EQUAL(wl_find_label(BYTES("data "), 0, "data ="), -1);
	CU_ASSERT_EQUAL(wl_find_label(BYTES("data"), 4, "data"), -1);
	CU_ASSERT_EQUAL(wl_find_label(BYTES("data"), 0, ""), -1);
}

/* Offsets behind an address or bytes that stand anywhere; -1: nowhere. */
static void places_are_found(void)
{
	static const struct {
		const char *text, *bytes;
		size_t from;
		ptrdiff_t end;
	} places[] = {
		{ "hi, all", "hi", 0, 2 }, { "hi, all", "all", 0, 7 }, { "xhi hi", "hi", 0, 6 },
		{ "hix hi", "hi", 0, 6 }, { "hi hi", "hi", 1, 5 }, { "'hi'", "hi", 0, 4 },
		{ "b'hi', 1", "hi", 0, 5 }, { "'hi there'", "hi", 0, -1 }, { "\"a\\tb\"", "a\tb", 0, 6 },
		{ "\\xec\\x95\\x88.", "\xec\x95\x88", 0, 12 }, { "h", "hi", 0, -1 }, { "", "hi", 0, -1 },
	};
	static const char line[] = "110.1.1.1 5, ::ffff:10.1.1.1 5 ('10.1.1.1', 55), ('10.1.1.1', 5), x";

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		CU_ASSERT_EQUAL(wl_find_bytes(places[i].text, strlen(places[i].text), places[i].from,
					(const uint8_t *)places[i].bytes, strlen(places[i].bytes)),
			places[i].end);
	CU_ASSERT_EQUAL(wl_find_address(BYTES(line), 0, "10.1.1.1", 5), 30);
	CU_ASSERT_EQUAL(wl_find_address(BYTES(line), 30, "10.1.1.1", 5), 63);
	CU_ASSERT_EQUAL(wl_find_address(BYTES(line), 0, "10.1.1.1", 6), -1);
	CU_ASSERT_EQUAL(wl_find_address(BYTES(line), 0, "1.1.1.1", 5), -1);
}

static void lines_are_shown(void)
{
	static const char text[] = "first\ndata = x\nlast\r\n\n";
	struct wl_arena *arena = wl_arena_new();

	CU_ASSERT_STRING_EQUAL(wl_line_with(BYTES(text), "data =", arena), "\"data = x\"");
	CU_ASSERT_STRING_EQUAL(wl_line_with(BYTES(text), "first", arena), "\"first\"");
	CU_ASSERT_STRING_EQUAL(wl_line_with(BYTES(text), "other", arena), "\"last\"");
	CU_ASSERT_STRING_EQUAL(wl_line_with(BYTES(text), NULL, arena), "\"last\"");
	CU_ASSERT_STRING_EQUAL(wl_line_with("a\xff\n", 3, NULL, arena), "61 ff");
	CU_ASSERT_PTR_NULL(wl_line_with("", 0, "data =", arena));
	CU_ASSERT_PTR_NULL(wl_line_with(BYTES("\n \n"), NULL, arena));
	wl_arena_free(arena);
}

static const struct {
	const char *text, *plain;
} sequences[] = {
	{ "plain", "plain" },
	{ "", "" },
	{ "\x1b[1;32mdata =\x1b[0m x\x1b[m\n", "data = x\n" },
	{ "\x1b[?2004hpayload: \x1b[?2004l\r", "payload: \r" },
	{ "\x1b[38:5:10mx\x1b[K", "x" },
	{ "\x1b[2J\x1b[1;1HECHO\x1b[24;1fdata = x\x1b[Ky", "\nECHO\ndata = xy" },
	{ "\x1b]0;title\apayload: ", "payload: " },
	{ "\x1b]0;title\x1b\\payload: ", "payload: " },
	{ "\x1bPq#0\x1b\\a\x1b_b\x1b\\c", "ac" },
	{ "\x1b(B\x1b[mdata = \x1b)0y", "data = y" },
	{ "\x1b""7a\x1b""8\x1b=b\x1b" "cc", "abc" },
	{ "\x1b", "\x1b" },
	{ "a\x1b[", "a\x1b[" },
	{ "a\x1b[1;3", "a\x1b[1;3" },
	{ "a\x1b[1\n2m", "a\x1b[1\n2m" },
	{ "a\x1b]0;never closed\nb", "a\x1b]0;never closed\nb" },
	{ "a\x1b]0;x\x1by", "a\x1b]0;x" },
	{ "a\x1b(", "a\x1b(" },
	{ "a\x1b\x1b[mb", "a\x1b" "b" },
	{ "\x1b\xec\x95\x88", "\x1b\xec\x95\x88" },
};

static void sequences_are_left_out(void)
{
	struct wl_arena *arena = wl_arena_new();

	for (size_t i = 0; i < sizeof(sequences) / sizeof(*sequences); i++) {
		size_t len = strlen(sequences[i].text);
		const char *plain = wl_without_escapes(sequences[i].text, &len, arena);

		CU_ASSERT_EQUAL(len, strlen(sequences[i].plain));
		CU_ASSERT_STRING_EQUAL(plain, sequences[i].plain);
	}
	wl_arena_free(arena);
}

static const struct {
	const char *text, *plain;
} broken_off[] = {
	{ "", "" },
	{ "    a\n", "    a\n" },
	{ "  File \"a.py\", line 3, in <module>\n    x(\"OK\")\r\n     ^^\nNameError: OK\n    b\n",
		"  File \"a.py\", line 3, in <module>\n            \n       \nNameError: OK\n    b\n" },
	{ "  File \"a.py\", line 3\n    x(", "  File \"a.py\", line 3\n      " },
	{ "  File \"a.py\", line 3, in f\n  File \"a.py\", line 4, in g\n    x\n",
		"  File \"a.py\", line 3, in f\n  File \"a.py\", line 4, in g\n     \n" },
	{ "  File \"a.py\"\n    x\n", "  File \"a.py\"\n    x\n" },
};

static void source_code_is_left_out(void)
{
	struct wl_arena *arena = wl_arena_new();

	for (size_t i = 0; i < sizeof(broken_off) / sizeof(*broken_off); i++)
		CU_ASSERT_STRING_EQUAL(wl_without_source(broken_off[i].text, strlen(broken_off[i].text), arena), broken_off[i].plain);
	wl_arena_free(arena);
}

/*
 * Bytes of a small alphabet come upon labels, quotes and ends often; nothing may be read beyond
 * them.
 */
static void any_bytes_are_survived(void)
{
	static const char alphabet[] = "dat =\n'\"`bu\\x0(),:f1.\0\xec\x95\x88\xff\x1b[]m{}U\a";
	uint64_t state = 7;

	for (unsigned int round = 0; round < 5000; round++) {
		struct wl_arena *arena = wl_arena_new();
		size_t len = golden_random(&state) % 40, from = golden_random(&state) % 40;
		char *text = malloc(len + 1);

		text = realloc(text, len ? len : 1);
		for (size_t i = 0; i < len; i++)
			text[i] = alphabet[golden_random(&state) % sizeof(alphabet)];
		wl_find_label(text, len, from, "d =");
		wl_shows_value(text, len, "d =", (const uint8_t *)"a\xec\x95", 3);
		wl_shows_value(text, len, "d =", (const uint8_t *)"", 0);
		wl_shows_address(text, len, "d =", "1.1.1.1", 1);
		wl_find_address(text, len, from, "1", 1);
		wl_find_bytes(text, len, from, (const uint8_t *)"a\xec", 2);
		wl_shows_value(text, len, "d =", (const uint8_t *)"\0\x0f\xf1", 3);
		wl_line_with(text, len, "d =", arena);
		wl_without_source(text, len, arena);
		wl_without_escapes(text, &len, arena);
		free(text);
		wl_arena_free(arena);
	}
}

/* Any value is found in quotes and repr escapes, and is not found once a byte is added. */
static void any_value_is_found(void)
{
	uint64_t state = 11;

	for (unsigned int round = 0; round < 2000; round++) {
		uint8_t value[12], text[64] = "data = \x01";
		size_t len = golden_random(&state) % sizeof(value), at = 7;

		for (size_t i = 0; i < len; i++)
			value[i] = (uint8_t)golden_random(&state);
		text[at++] = '"';
		memcpy(text + at, value, len);
		text[at + len] = '"';
		if (memchr(value, '"', len) || memchr(value, '\n', len))
			continue;
		CU_ASSERT_TRUE(wl_shows_value((char *)text, at + len + 1, "data =", value, len));
		text[at + len] = 'x';
		text[at + len + 1] = '"';
		CU_ASSERT_FALSE(wl_shows_value((char *)text, at + len + 2, "data =", value, len));
	}
}

void suite_terminal_text(void);
void suite_terminal_text(void)
{
	test("values are found", values_are_found);
	test("other values are not", other_values_are_not);
	test("addresses are found", addresses_are_found);
	test("labels are found", labels_are_found);
	test("places are found", places_are_found);
	test("lines are shown", lines_are_shown);
	test("escape sequences are left out", sequences_are_left_out);
	test("escape source code is left out", source_code_is_left_out);
	test("any bytes are survived", any_bytes_are_survived);
	test("any value is found", any_value_is_found);
}
