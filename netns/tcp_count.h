#pragma once
#include <stddef.h>

#include "harness/base/err.h"

/*
 * How many TCP sockets one network namespace has: cheap to ask, unlike the list of them. -1: not
 * open.
 */
struct tcp_count {
	int ipv4, ipv6; /* /proc/net/sockstat and sockstat6 of the namespace */
};

#define TCP_COUNT_NONE                                                                             \
	{                                                                                          \
		-1, -1                                                                             \
	}

/* To be called inside the namespace, and asked from anywhere then. Returns 0 or -1. */
int tcp_count_open(struct tcp_count *count, struct wl_err *err);
void tcp_count_close(struct tcp_count *count);

/*
 * Listening, connected and in TIME_WAIT, of both families; a connection that is being made (SYN
 * received) is not counted yet. (size_t)-1 when that cannot be read.
 */
size_t tcp_count_read(const struct tcp_count *count);

/* The same from the text of one of the files; LABEL: "TCP" or "TCP6". */
size_t tcp_count_parse(const char *text, const char *label);
