/*
 * Errors carry their words with them: no codes to look up, no global state, no allocation.
 */
#include "harness/base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int wl_err(struct wl_err *err, const char *format, ...)
{
	va_list args;

	if (!err)
		return -1;
	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	return -1;
}

int wl_err_errno(struct wl_err *err, const char *format, ...)
{
	int number = errno;
	va_list args;
	size_t len;

	if (!err)
		return -1;
	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	len = strlen(err->text);
	snprintf(err->text + len, sizeof(err->text) - len, ": %s", strerror(number));
	return -1;
}

int wl_err_prefix(struct wl_err *err, const char *format, ...)
{
	char said[sizeof(err->text)];
	va_list args;
	size_t len;

	if (!err)
		return -1;
	memcpy(said, err->text, sizeof(said));
	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	len = strlen(err->text);
	snprintf(err->text + len, sizeof(err->text) - len, ": %s", said);
	return -1;
}
