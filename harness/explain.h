#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/arena.h"
#include "harness/base/structfmt.h"

/*
 * What would explain wrong bytes. Each rule makes wrong bytes out of the right ones, as a known mistake does, and compares them with what
 * came: it must be the same to the last byte, or the rule is silent. No rule guesses, and one that is met by chance too easily (short
 * data, a parameter that can be chosen) asks for more bytes. The first rule that fits, in this order, gives the label:
 *
 *   of bytes that a struct format describes, or of a number in binary
 *     byte-order         one field, or all, with the bytes the other way round
 *     padding            the alignment's pad bytes are missing, or there are some that should not be
 *     float-for-double   a float where a double was due; double-for-float: the other way round
 *     integer-for-float  a whole number where a real was due; float-for-integer: the other way round
 *     other-size         a whole number with another number of bytes
 *     sign               a whole number read as signed instead of unsigned, or the other way round
 *     text-for-binary    a number in decimal digits instead of binary; binary-for-text: the other way round
 *     field-order        the right fields in another order
 *     field-missing      one field is not there, all others are right
 *     length             a number that counts the data, where something else was due; or instead of the data
 *     rounding           a real with another number of digits
 *     other-unit         a time in milli-, micro- or nanoseconds where seconds were due
 *     other-base         a number in hexadecimal where decimal was due, or the other way round
 *     zeros-dropped      hexadecimal bytes without their leading zero
 *     other-format       data read by another format than the one that came with them
 *   of text and any bytes
 *     utf-16             the right characters in UTF-16; cp949: in CP949 (EUC-KR); latin-1: UTF-8 that was taken for Latin-1 and encoded again
 *     decomposed         Hangul syllables taken apart into their letters (NFD)
 *     ascii-only         characters that are not ASCII left out, or replaced
 *     newline-added      behind it (or CR, or both); newline-cut: its last newline is missing
 *     nul-added          one NUL byte behind it; zero-filled: several
 *     stops-at-nul       cut where the first NUL byte was; nul-cut: those at its end are missing, nul-dropped: all are
 *     stripped-blanks    blanks at an end are missing; joined-blanks: runs of blanks are single blanks
 *     off-by-one         a number too large or too small by 1; one byte too many or too few at an end
 *     counts-characters  cut behind as many bytes as it has characters
 *     truncated          cut at N
 *     beginning-lost     the first bytes are missing
 *     own-data           what the program itself sent, or was asked, instead of what was due
 *     other-message      another message of the play, or a value of it
 *     leftover           all is right, and the rest of an earlier message stands behind it
 *     case-changed       capital and small letters differ
 *     repr               as Python shows it: quotes, a b prefix; escaped: backslash escapes for what they stand for
 *     reversed           back to front; twice: it stands there more than once; hex: as hexadecimal digits
 *     text-added         all is right, and something stands before or behind it
 */

struct wl_explanation {
	const char *label;    /* one of the above */
	const char *sentence; /* for people, in their language; in the arena */
};

/* Other data of the same play that may have been taken for what was due. */
struct wl_near {
	const uint8_t *bytes;
	size_t len;
	bool own; /* the program's own, or what it was asked */
	bool elsewhere; /* it is due in another place: that it is there explains nothing */
};

struct wl_wrong {
	const uint8_t *expected, *actual;
	size_t expected_len, actual_len;
	const struct wl_struct *plan; /* what describes the expected bytes, or NULL */
	size_t counted;               /* a length that may stand for something else, or 0 */
	const struct wl_near *near;
	size_t near_count;
	bool printed; /* for people: there, a number of two digits in the place of a longer text is no chance */
};

/* Whether something explains the ACTUAL bytes. Text is in ARENA. Any bytes are fine. */
bool wl_explain(const struct wl_wrong *wrong, struct wl_arena *arena, struct wl_explanation *found);

/* The numbers that a program printed of packed values, as text: "" where it printed none. */
struct wl_printed_number {
	const char *text;
	size_t nth; /* which value of the plan it should be, from 0 */
	bool right;
};

/*
 * Whether something explains all the NUMBERS that a program printed which unpacked the bytes PACKED of PLAN: they were read by another
 * format, or written in another way.
 */
bool wl_explain_misread(const struct wl_struct *plan, const uint8_t *packed, const struct wl_printed_number *numbers, size_t count,
	struct wl_arena *arena, struct wl_explanation *found);

/*
 * Whether something explains BYTES where a double with the seconds of a moment between FROM and TO was due, in this machine's byte
 * order.
 */
bool wl_explain_stamp(const uint8_t *bytes, size_t len, double from, double to, struct wl_arena *arena,
	struct wl_explanation *found);

/*
 * The same of what stands in TEXT at AT, to the end of the line: as it stands, in quotes, with escapes. ACTUAL of WRONG is not looked
 * at.
 */
bool wl_explain_text_at(const struct wl_wrong *wrong, const char *text, size_t len, size_t at, struct wl_arena *arena,
	struct wl_explanation *found);

/* An address and a port, and whether the program itself has them. */
struct wl_near_end {
	const char *address;
	uint16_t port;
	bool own;
};

/* Whether something explains LINE where ADDRESS and PORT should be printed. */
bool wl_explain_endpoint(const char *line, const char *address, uint16_t port, const struct wl_near_end *near, size_t count,
	struct wl_arena *arena, struct wl_explanation *found);
