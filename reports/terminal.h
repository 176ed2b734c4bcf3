#pragma once
#include <stdbool.h>
#include <stdio.h>

#include "harness/grade.h"

/* The report that a person reads in a terminal: what failed first and why, and what happened around it. */

struct terminal_style {
	bool colour;
	unsigned int hints; /* how many of the three are shown */
};

void report_terminal(FILE *out, const struct wl_grade *grade, const struct terminal_style *style);
