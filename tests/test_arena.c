/*
 * Arenas: what is handed out is zeroed, aligned, as large as asked for and stays as it is until the
 * end. What must end the process is tried in a child.
 */
#include "harness/base/arena.h"

#include <fcntl.h>
#include <signal.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/leave.h"
#include "tests/tests.h"

static const size_t sizes[] = { 0, 1, 5, 15, 16, 17, 1000, 65535, 65536, 65537, 1 << 20 };
#define SIZES (sizeof(sizes) / sizeof(*sizes))

static bool all(const unsigned char *bytes, size_t len, unsigned char value)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] != value)
			return false;
	return true;
}

static void pieces_are_zeroed_aligned_and_apart(void)
{
	struct wl_arena *arena = wl_arena_new();
	unsigned char *pieces[3 * SIZES];

	for (size_t i = 0; i < 3 * SIZES; i++) {
		pieces[i] = wl_alloc(arena, sizes[i % SIZES]);
		CU_ASSERT_EQUAL((uintptr_t)pieces[i] % alignof(max_align_t), 0);
		CU_ASSERT_TRUE(all(pieces[i], sizes[i % SIZES], 0));
		memset(pieces[i], (int)i + 1, sizes[i % SIZES]);
	}
	for (size_t i = 0; i < 3 * SIZES; i++)
		CU_ASSERT_TRUE(all(pieces[i], sizes[i % SIZES], (unsigned char)(i + 1)));
	wl_arena_free(arena);
}

static void nothing_can_be_freed(void)
{
	struct wl_arena *arena = NULL;

	wl_arena_free(NULL);
	wl_arena_freep(&arena);
	arena = wl_arena_new();
	wl_arena_freep(&arena);
}

static void copies_end_with_a_nul_byte(void)
{
	struct wl_arena *arena = wl_arena_new();
	char text[] = "a\0b";
	char *copy = wl_memdup(arena, text, 3);

	text[0] = 'x';
	CU_ASSERT_EQUAL(memcmp(copy, "a\0b", 4), 0);
	CU_ASSERT_EQUAL(*(char *)wl_memdup(arena, NULL, 0), '\0');
	CU_ASSERT_STRING_EQUAL(wl_strdup(arena, "안녕"), "안녕");
	CU_ASSERT_STRING_EQUAL(wl_strdup(arena, ""), "");
	CU_ASSERT_PTR_NULL(wl_strdup(arena, NULL));
	wl_arena_free(arena);
}

static void texts_of_any_length_are_formatted(void)
{
	struct wl_arena *arena = wl_arena_new();
	char *text = wl_format(arena, "%0100000d", 7);

	CU_ASSERT_EQUAL(strlen(text), 100000);
	CU_ASSERT_EQUAL(text[99999], '7');
	CU_ASSERT_STRING_EQUAL(wl_format(arena, "%s:%u", "10.77.0.1", 49002u), "10.77.0.1:49002");
	CU_ASSERT_STRING_EQUAL(wl_format(arena, "%s", ""), "");
	wl_arena_free(arena);
}

struct item {
	uint64_t number;
	char name[5];
};

static void arrays_grow(void)
{
	struct wl_arena *arena = wl_arena_new();
	struct item *items = NULL;
	size_t count = 0;

	for (size_t i = 0; i < 1000; i++) {
		struct item *item = wl_append(arena, &items, &count);

		CU_ASSERT_EQUAL(count, i + 1);
		CU_ASSERT_PTR_EQUAL(item, &items[i]);
		CU_ASSERT_TRUE(item->number == 0 && !*item->name);
		item->number = i;
	}
	for (size_t i = 0; i < 1000; i++)
		CU_ASSERT_EQUAL(items[i].number, i);
	wl_arena_free(arena);
}

static void ask_for_all_memory(struct wl_arena *arena)
{
	wl_alloc(arena, SIZE_MAX);
}

static void ask_for_an_impossible_array(struct wl_arena *arena)
{
	wl_alloc_array(arena, SIZE_MAX / 8 + 2, 8);
}

#ifdef __SANITIZE_ADDRESS__
static void write_too_far(struct wl_arena *arena)
{
	volatile char *piece = wl_alloc(arena, 5);

	piece[5] = 1;
}
#endif

/* How a child ends that does it, its words aside. */
static int status_of(void (*action)(struct wl_arena *arena))
{
	int status = 0;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child == 0) {
		dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), 2);
		action(wl_arena_new());
		wl_leave(0);
	}
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	return status;
}

static void what_cannot_be_had_aborts(void)
{
	int status = status_of(ask_for_all_memory);

	CU_ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	status = status_of(ask_for_an_impossible_array);
	CU_ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static void an_overrun_is_seen(void)
{
#ifdef __SANITIZE_ADDRESS__
	CU_ASSERT_NOT_EQUAL(status_of(write_too_far), 0);
#else
	notrun("an overrun is seen by AddressSanitizer alone");
#endif
}

void suite_arena(void);
void suite_arena(void)
{
	test("pieces are zeroed, aligned and apart", pieces_are_zeroed_aligned_and_apart);
	test("nothing can be freed", nothing_can_be_freed);
	test("copies end with a NUL byte", copies_end_with_a_nul_byte);
	test("texts of any length are formatted", texts_of_any_length_are_formatted);
	test("arrays grow", arrays_grow);
	test("what cannot be had aborts", what_cannot_be_had_aborts);
	test("an overrun is seen", an_overrun_is_seen);
}
