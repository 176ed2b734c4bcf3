/* Text in other encodings. */
#include <string.h>

#include "harness/encodings.h"
#include "tests/tests.h"

/* Whether TEXT in ENCODING is DUE; "": it has no such bytes. */
static bool is(const char *encoding, const char *text, const char *due, size_t due_len)
{
	uint8_t bytes[64];
	size_t len = encoding_from_utf8(encoding, (const uint8_t *)text, strlen(text), bytes);

	return len == due_len && memcmp(bytes, due, len) == 0;
}

static void korean_has_two_bytes_a_syllable(void)
{
	uint8_t bytes[8];

	if (!encoding_from_utf8("CP949", (const uint8_t *)"가", 3, bytes)) {
		notrun("iconv knows no CP949 here");
		return;
	}
	CU_ASSERT_TRUE(is("EUC-KR", "a 가", "a \xb0\xa1", 4));
	CU_ASSERT_TRUE(is("CP949", "a 가", "a \xb0\xa1", 4));
	CU_ASSERT_TRUE(is("EUC-KR", "똠", "", 0)); /* not one of the 2350 */
	CU_ASSERT_TRUE(is("CP949", "똠", "\x8c\x63", 2));
}

static void utf_16_has_pairs(void)
{
	CU_ASSERT_TRUE(is("UTF-16BE", "a\xf0\x9f\x98\x80", "\0a\xd8\x3d\xde\x00", 6));
	CU_ASSERT_TRUE(is("UTF-16LE", "a", "a\0", 2));
}

static void what_has_no_bytes_is_refused(void)
{
	CU_ASSERT_TRUE(is("UTF-16LE", "a\x80", "", 0));
	CU_ASSERT_TRUE(is("UTF-16LE", "\xea\xb0", "", 0));
	CU_ASSERT_TRUE(is("UTF-16LE", "", "", 0));
	CU_ASSERT_TRUE(is("ISO-8859-1", "가", "", 0));
	CU_ASSERT_TRUE(is("no such encoding", "a", "", 0));
}

static void syllables_have_letters(void)
{
	uint8_t bytes[16];

	CU_ASSERT_EQUAL(hangul_decomposed((const uint8_t *)"a각", 4, bytes), 10);
	CU_ASSERT_EQUAL(memcmp(bytes, "a\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8", 10), 0);
	CU_ASSERT_EQUAL(hangul_decomposed((const uint8_t *)"\x80", 1, bytes), 0);
}

void suite_encodings(void);
void suite_encodings(void)
{
	test("Korean has two bytes a syllable", korean_has_two_bytes_a_syllable);
	test("UTF-16 has pairs", utf_16_has_pairs);
	test("what has no bytes is refused", what_has_no_bytes_is_refused);
	test("syllables have letters", syllables_have_letters);
}
