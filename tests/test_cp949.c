/*
 * The encodings, against iconv(3) where this machine's knows CP949.
 */
#include <iconv.h>
#include <string.h>

#include "harness/cp949.h"
#include "tests/tests.h"

static size_t put_utf8(unsigned int code, uint8_t *to)
{
	to[0] = (uint8_t)(0xe0 | code >> 12);
	to[1] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
	to[2] = (uint8_t)(0x80 | (code & 0x3f));
	return 3;
}

static size_t convert(iconv_t to, const uint8_t *text, size_t len, uint8_t *bytes, size_t room)
{
	char *from = (char *)text, *at = (char *)bytes;
	size_t left = room;

	return iconv(to, &from, &len, &at, &left) == (size_t)-1 ? 0 : room - left;
}

/* All syllables of Unicode. */
static void syllables_are_those_of_iconv(void)
{
	iconv_t cp949 = iconv_open("CP949", "UTF-8"), euc_kr = iconv_open("EUC-KR", "UTF-8");
	unsigned int wrong = 0, standard = 0;

	for (unsigned int code = 0xac00; code <= 0xd7a3 && cp949 != (iconv_t)-1 && euc_kr != (iconv_t)-1; code++) {
		uint8_t text[3], due[4], bytes[3];
		size_t len = put_utf8(code, text);
		bool ks_x_1001;

		wrong += convert(cp949, text, len, due, sizeof(due)) != 2 || cp949_from_utf8(text, len, bytes, &ks_x_1001) != 2 ||
			 memcmp(due, bytes, 2) != 0;
		wrong += ks_x_1001 != (convert(euc_kr, text, len, due, sizeof(due)) == 2);
		iconv(euc_kr, NULL, NULL, NULL, NULL);
		standard += ks_x_1001;
	}
	if (cp949 == (iconv_t)-1 || euc_kr == (iconv_t)-1) {
		notrun("iconv knows no CP949 here");
		return;
	}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT_EQUAL(standard, 2350);
	iconv_close(cp949);
	iconv_close(euc_kr);
}

static size_t cp949(const char *text, uint8_t *bytes)
{
	bool ks_x_1001;

	return cp949_from_utf8((const uint8_t *)text, strlen(text), bytes, &ks_x_1001);
}

static void what_has_no_bytes_is_refused(void)
{
	uint8_t bytes[16];

	CU_ASSERT_EQUAL(cp949("a 가", bytes), 4);
	CU_ASSERT_EQUAL(memcmp(bytes, "a \xb0\xa1", 4), 0);
	CU_ASSERT_EQUAL(cp949("é", bytes), 0);
	CU_ASSERT_EQUAL(cp949("a\xff", bytes), 0);
	CU_ASSERT_EQUAL(cp949("\xea\xb0", bytes), 0);
	CU_ASSERT_EQUAL(cp949("", bytes), 0);
}

static void utf_16_has_pairs(void)
{
	uint8_t bytes[16];

	CU_ASSERT_EQUAL(utf16_from_utf8((const uint8_t *)"a\xf0\x9f\x98\x80", 5, true, bytes), 6);
	CU_ASSERT_EQUAL(memcmp(bytes, "\0a\xd8\x3d\xde\x00", 6), 0);
	CU_ASSERT_EQUAL(utf16_from_utf8((const uint8_t *)"a", 1, false, bytes), 2);
	CU_ASSERT_EQUAL(memcmp(bytes, "a\0", 2), 0);
	CU_ASSERT_EQUAL(utf16_from_utf8((const uint8_t *)"\x80", 1, false, bytes), 0);
}

static void syllables_have_letters(void)
{
	uint8_t bytes[16];

	CU_ASSERT_EQUAL(hangul_decomposed((const uint8_t *)"a각", 4, bytes), 10);
	CU_ASSERT_EQUAL(memcmp(bytes, "a\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8", 10), 0);
	CU_ASSERT_EQUAL(hangul_decomposed((const uint8_t *)"\x80", 1, bytes), 0);
}

void suite_cp949(void);
void suite_cp949(void)
{
	test("syllables are those of iconv", syllables_are_those_of_iconv);
	test("what has no bytes is refused", what_has_no_bytes_is_refused);
	test("UTF-16 has pairs", utf_16_has_pairs);
	test("syllables have letters", syllables_have_letters);
}
