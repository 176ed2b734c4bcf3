#pragma once
#include <stdarg.h>
#include <stddef.h>

/*
 * Memory of one run: taken piece by piece, given back all at once. What an arena handed out is valid
 * until wl_arena_free() and is never freed by itself. When the machine has no memory left the process
 * aborts: there is nobody who could go on without it.
 */
struct wl_arena;

struct wl_arena *wl_arena_new(void);
void wl_arena_free(struct wl_arena *arena); /* NULL is fine */
void wl_arena_freep(struct wl_arena **arena); /* for the cleanup attribute */

/* SIZE bytes, zeroed, aligned for any type. */
void *wl_alloc(struct wl_arena *arena, size_t size);

/* COUNT elements of SIZE bytes, zeroed; aborts on overflow. */
void *wl_alloc_array(struct wl_arena *arena, size_t count, size_t size);

/* A copy of LEN bytes with a NUL byte behind it (not counted). */
void *wl_memdup(struct wl_arena *arena, const void *bytes, size_t len);
char *wl_strdup(struct wl_arena *arena, const char *text); /* NULL gives NULL */

/* As asprintf(3), in the arena. */
char *wl_format(struct wl_arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
char *wl_vformat(struct wl_arena *arena, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/*
 * Room for one more element in an array that grows in the arena: returns the element (zeroed) and
 * counts it. ITEMS and COUNT belong to the caller and start as NULL and 0; the capacity follows from
 * the count (powers of two).
 */
void *wl_append_(struct wl_arena *arena, void **items, size_t *count, size_t size);
#define wl_append(arena, items, count)                                                             \
	((__typeof__(*(items)))wl_append_(arena, (void **)(items), count, sizeof(**(items))))
