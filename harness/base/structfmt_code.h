#pragma once
#include "harness/base/structfmt.h"

/* A code of the format language, for structfmt*.c alone. */
struct struct_code {
	char letter;
	enum wl_struct_kind kind;
	unsigned char standard; /* bytes behind a prefix other than "@"; 0: not allowed there */
	unsigned char native, align;
};

/* The code of this letter, or NULL. */
const struct struct_code *struct_code_find(char letter);
