#pragma once
#include "harness/grade.h"
#include "harness/outlet.h"

/* Handing out results: to the terminal, as JSON, and as kept bundles. */

struct results {
	struct outlet *outlet;
	bool here;        /* the process may write itself (there is no enclave) */
	int json;         /* place in the outlet, -1: none */
	bool json_stdout; /* --json - */
	int keep;         /* place in the outlet, -1: none */
};

/* All of it. Returns 0, or -1 with ERR filled when something could not be written; what can be is. */
int results_write(const struct results *results, const struct wl_grade *grade, struct wl_arena *arena,
	struct wl_err *err);
