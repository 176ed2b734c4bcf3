#pragma once

/*
 * Errors of ours. A function that can fail returns 0 or -1 and fills a struct wl_err that its
 * caller owns. What a submitted program does wrong never travels this way: it is observed and judged.
 */
struct wl_err {
	char text[1024]; /* one sentence for a person: what failed and what to do; UTF-8 */
};

/* Fill ERR (may be NULL) from a printf format. Returns -1, so that `return wl_err(...)` reads well. */
int wl_err(struct wl_err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same with ": " and the words for errno behind it. */
int wl_err_errno(struct wl_err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Put "PREFIX: " before what ERR says already. Returns -1. */
int wl_err_prefix(struct wl_err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
