#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Valid UTF-8 in other encodings, for comparison with what a program sent. Tables of our own: whether iconv(3) knows CP949 depends on which
 * packages a machine has, and a verdict must not.
 */

/*
 * The LEN bytes of TEXT in CP949 (UHC, Windows code page 949) to BYTES, which has room for LEN. Returns the length, 0 when a character is
 * neither ASCII nor a Hangul syllable (or TEXT is no UTF-8). *KS_X_1001: EUC-KR gives the same bytes. Source: KS X 1001:2004;
 * Unicode's CP949.TXT.
 */
size_t cp949_from_utf8(const uint8_t *text, size_t len, uint8_t *bytes, bool *ks_x_1001);

/* As that in UTF-16, room for 2 * LEN, without a byte order mark; surrogate pairs above U+FFFF. Source: RFC 2781. */
size_t utf16_from_utf8(const uint8_t *text, size_t len, bool big_endian, uint8_t *bytes);

/* As that in UTF-8 with each Hangul syllable as its letters, room for 3 * LEN. Source: Unicode section 3.12 (decomposition). */
size_t hangul_decomposed(const uint8_t *text, size_t len, uint8_t *bytes);
