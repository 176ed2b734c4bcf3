#pragma once
#include "labs/tcp_echo/checks.h"

/* What the verbs of tcp_echo share. */

#define ECHO_STAMP 8       /* bytes */
#define ECHO_SLACK_S 0.010 /* of a stamp, against the capture */

/* An exchange: the question, and the answer taken apart. */
struct echo_exchange {
	const struct wl_stream *stream;
	const uint8_t *question, *answer;
	size_t question_len, answer_len;
	bool echoed;  /* the question's bytes are in the answer, behind .before bytes */
	size_t before;
};

/* The exchange whose question is VALUE, or the verdict that there is none. */
enum wl_verdict echo_find_exchange(const struct wl_case *c, struct wl_finding *finding, const char *value,
	struct echo_exchange *exchange);

/* ... and its stamp, read as this machine does. */
enum wl_verdict echo_find_stamp(const struct wl_case *c, struct wl_finding *finding, const char *value,
	struct echo_exchange *exchange, double *stamp);

/* ECHO_STAMP bytes as a double, in the order of this machine or SWAPPED. */
double echo_read_double(const uint8_t *bytes, bool swapped);

/* Bytes for people, with how many they are. */
const char *echo_show(const struct wl_case *c, const uint8_t *bytes, size_t len);

/* What the actor printed, and the connection that it is about. */
struct echo_printed {
	const struct wl_stream *asked;
	const char *text;
	size_t len;
};

/* Behind blanks, line ends, quotes, commas and brackets. */
size_t echo_skip_marks(const struct echo_printed *printed, size_t at);

/* The end of WORD when it stands at AT and no digit follows it, or 0. */
size_t echo_word_at(const struct echo_printed *printed, size_t at, const char *word);

/* The FAIL with the line with LABEL in it. */
enum wl_verdict echo_not_printed(const struct wl_case *c, struct wl_finding *finding, const struct echo_printed *printed,
	const char *label, const char *expected);

/* What would explain that EXCHANGE has no right stamp; or that more stands behind the data. */
void echo_explain_stamp(const struct wl_case *c, struct wl_finding *finding, const struct echo_exchange *exchange);
void echo_explain_more(const struct wl_case *c, struct wl_finding *finding, const struct echo_exchange *exchange);

/* When the first byte of the question was seen, and when the answer's byte at AT was, in seconds. */
double echo_asked_at(const struct echo_exchange *exchange);
double echo_byte_at(const struct echo_exchange *exchange, size_t at);
