/*
 * An arena is a list of blocks. A request that fits into the newest block is cut from it; a large one
 * gets a block of its own. Under AddressSanitizer every request gets its own block, so that an
 * overrun by one byte is seen.
 */
#include "harness/base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__
#define BLOCK_SIZE 1
#else
#define BLOCK_SIZE 65536
#endif

struct block {
	struct block *older;
	size_t used, size; /* bytes of room[] */
	alignas(max_align_t) unsigned char room[];
};

struct wl_arena {
	struct block *newest;
};

static void *must(void *memory)
{
	if (memory)
		return memory;
	fputs("wirelab: out of memory\n", stderr);
	abort();
}

struct wl_arena *wl_arena_new(void)
{
	return must(calloc(1, sizeof(struct wl_arena)));
}

void wl_arena_free(struct wl_arena *arena)
{
	struct block *block, *older;

	if (!arena)
		return;
	for (block = arena->newest; block; block = older) {
		older = block->older;
		free(block);
	}
	free(arena);
}

void wl_arena_freep(struct wl_arena **arena)
{
	wl_arena_free(*arena);
}

void *wl_alloc(struct wl_arena *arena, size_t size)
{
	size_t aligned = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	struct block *block = arena->newest;
	void *piece;

	if (aligned < size)
		must(NULL);
	if (!block || block->size - block->used < aligned) {
		size_t room = aligned > BLOCK_SIZE ? size : BLOCK_SIZE;

		block = must(calloc(1, sizeof(*block) + room));
		block->size = room;
		block->older = arena->newest;
		arena->newest = block;
	}
	piece = block->room + block->used;
	block->used = block->used + aligned > block->size ? block->size : block->used + aligned;
	return piece;
}

void *wl_alloc_array(struct wl_arena *arena, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		must(NULL);
	return wl_alloc(arena, bytes);
}

void *wl_memdup(struct wl_arena *arena, const void *bytes, size_t len)
{
	char *copy = wl_alloc(arena, len + 1);

	if (len)
		memcpy(copy, bytes, len);
	return copy;
}

char *wl_strdup(struct wl_arena *arena, const char *text)
{
	return text ? wl_memdup(arena, text, strlen(text)) : NULL;
}

char *wl_vformat(struct wl_arena *arena, const char *format, va_list args)
{
	va_list again;
	char *text;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, again);
	va_end(again);
	text = wl_alloc(arena, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, format, args);
	return text;
}

char *wl_format(struct wl_arena *arena, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = wl_vformat(arena, format, args);
	va_end(args);
	return text;
}

void *wl_append_(struct wl_arena *arena, void **items, size_t *count, size_t size)
{
	unsigned char *all = *items;

	if ((*count & (*count - 1)) == 0) { /* 0, 1, 2, 4, 8 ...: full, so double it */
		all = wl_alloc_array(arena, *count ? *count * 2 : 1, size);
		if (*count)
			memcpy(all, *items, *count * size);
		*items = all;
	}
	return all + (*count)++ * size;
}
