/*
 * Python tells on the terminal where a program broke off (its documentation, module traceback):
 *
 *   Traceback (most recent call last):
 *     File "tcp_echo_client.py", line 17, in <module>
 *       print(f"{time.ctime(t)}: ECHO OK")
 *   OverflowError: timestamp out of range
 *
 * The third line is the program's text and not its output, though the words of the task stand in it.
 */
#include "harness/checks.h"

#include <string.h>

static const char place[] = "  File \"", source[] = "    ";

static bool begins(const char *line, size_t len, const char *with)
{
	return len >= strlen(with) && memcmp(line, with, strlen(with)) == 0;
}

const char *wl_without_source(const char *text, size_t len, struct wl_arena *arena)
{
	char *plain = NULL;
	bool behind = false;

	for (size_t at = 0, end; at < len; at = end + 1) {
		const char *line_end = memchr(text + at, '\n', len - at);

		end = line_end ? (size_t)(line_end - text) : len;
		behind = behind && begins(text + at, end - at, source);
		if (behind) {
			plain = plain ? plain : wl_memdup(arena, text, len);
			memset(plain + at, ' ', end - at);
		}
		behind = behind || (begins(text + at, end - at, place) && memmem(text + at, end - at, "\", line ", 8));
	}
	return plain ? plain : text;
}
