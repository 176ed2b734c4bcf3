#pragma once
#include <stddef.h>
#include <stdint.h>

/*
 * Whether the first character of TEXT stands for the first bytes of BYTES: a backslash escape of Python, C, JSON or Perl (\n, \x00,
 * \u00e9, \N octal, \" ...), or anything but a backslash for itself. Returns how much of TEXT that is and sets *TAKEN to how much of
 * BYTES; 0 when they differ or either is empty. Sources: Python's "String and Bytes literals", C11 6.4.4.4, RFC 8259 section 7.
 */
size_t unescape_at(const char *text, size_t len, const uint8_t *bytes, size_t bytes_len, size_t *taken);
