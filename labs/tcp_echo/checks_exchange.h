#pragma once
#include "labs/tcp_echo/checks.h"

/* What the verbs of tcp_echo share. */

#define ECHO_STAMP 8 /* bytes */

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
