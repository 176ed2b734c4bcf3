/*
 * Errors: every call returns -1, says what it was told, and stops at the end of its room.
 */
#include "harness/base/err.h"

#include <errno.h>
#include <string.h>

#include "tests/tests.h"

#define MOST (sizeof(((struct wl_err *)NULL)->text) - 1)

static void words_are_kept(void)
{
	struct wl_err err = { "old" };

	CU_ASSERT_EQUAL(wl_err(&err, "%s has %d hosts", "stage", 3), -1);
	CU_ASSERT_STRING_EQUAL(err.text, "stage has 3 hosts");
	errno = ENOENT;
	CU_ASSERT_EQUAL(wl_err_errno(&err, "open %s", "x"), -1);
	CU_ASSERT_STRING_EQUAL(err.text, "open x: No such file or directory");
	CU_ASSERT_EQUAL(wl_err_prefix(&err, "scenario %d", 2), -1);
	CU_ASSERT_EQUAL(wl_err_prefix(&err, "raw"), -1);
	CU_ASSERT_STRING_EQUAL(err.text, "raw: scenario 2: open x: No such file or directory");
}

static void nobody_may_listen(void)
{
	CU_ASSERT_EQUAL(wl_err(NULL, "%d", 1), -1);
	CU_ASSERT_EQUAL(wl_err_errno(NULL, "%d", 1), -1);
	CU_ASSERT_EQUAL(wl_err_prefix(NULL, "%d", 1), -1);
}

static void long_words_are_cut(void)
{
	struct wl_err err = { "" };
	char words[3000];

	memset(words, 'w', sizeof(words) - 1);
	words[sizeof(words) - 1] = '\0';
	CU_ASSERT_EQUAL(wl_err(&err, "%s", words), -1);
	CU_ASSERT_EQUAL(strlen(err.text), MOST);
	CU_ASSERT_EQUAL(wl_err_prefix(&err, "near"), -1);
	CU_ASSERT_EQUAL(strncmp(err.text, "near: www", 9), 0);
	CU_ASSERT_EQUAL(strlen(err.text), MOST);
	errno = EPERM;
	CU_ASSERT_EQUAL(wl_err_errno(&err, "%s", words), -1);
	CU_ASSERT_EQUAL(strlen(err.text), MOST);
	CU_ASSERT_EQUAL(wl_err_prefix(&err, "%s", words), -1);
	CU_ASSERT_EQUAL(strlen(err.text), MOST);
}

/* The words are those of the errno at the call, whatever its arguments do. */
static void errno_is_taken_first(void)
{
	struct wl_err err = { "" };

	for (int number = 1; number < 40; number++) {
		errno = number;
		wl_err_errno(&err, "%s", "x");
		CU_ASSERT_STRING_EQUAL(err.text + 3, strerror(number));
	}
}

void suite_err(void);
void suite_err(void)
{
	test("words are kept", words_are_kept);
	test("nobody may listen", nobody_may_listen);
	test("long words are cut", long_words_are_cut);
	test("errno is taken first", errno_is_taken_first);
}
