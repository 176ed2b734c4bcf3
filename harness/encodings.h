#pragma once
#include <stddef.h>
#include <stdint.h>

/* UTF-8 in other bytes, for comparison with what a program sent. */

/*
 * The LEN bytes of TEXT in the encoding ENCODING, as iconv(3) calls it, to BYTES, which has room for 2 * LEN. Returns the length; 0 when TEXT is
 * no UTF-8, has a character that the encoding has not, or this machine does not know the encoding.
 */
size_t encoding_from_utf8(const char *encoding, const uint8_t *text, size_t len, uint8_t *bytes);

/* As that in UTF-8 with each Hangul syllable as its letters, room for 3 * LEN. Source: Unicode section 3.12 (decomposition). */
size_t hangul_decomposed(const uint8_t *text, size_t len, uint8_t *bytes);
