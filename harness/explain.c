/*
 * The order of the rules: the most specific first. Bytes with a struct format are tried field by field before they are taken for text.
 */
#include "harness/explain_rules.h"

#include <string.h>

bool explain_came(const struct wl_wrong *w, const void *bytes, size_t len)
{
	return w->actual_len == len && (len == 0 || memcmp(w->actual, bytes, len) == 0);
}

bool explain_by(const struct explain_named_rule *rules, const struct wl_wrong *w, struct wl_arena *arena,
	struct wl_explanation *found)
{
	for (; rules->rule; rules++) {
		const char *sentence = rules->rule(w, arena);

		if (!sentence)
			continue;
		*found = (struct wl_explanation){ rules->label, sentence };
		return true;
	}
	return false;
}

bool wl_explain(const struct wl_wrong *w, struct wl_arena *arena, struct wl_explanation *found)
{
	if (!w->expected_len || w->actual_len < 2 || explain_came(w, w->expected, w->expected_len))
		return false;
	if (w->plan && explain_struct(w, arena, found))
		return true;
	return explain_by(explain_digits, w, arena, found) ||
	       explain_by(explain_encodings, w, arena, found) || explain_by(explain_ends, w, arena, found) ||
	       explain_by(explain_texts, w, arena, found);
}
