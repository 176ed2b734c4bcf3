/*
 * A server that prints other values than it was sent has read the bytes as something else. The text is looked for behind the client's
 * address, the numbers behind the text (or behind the comma that ends what is there instead).
 */
#include "labs/tcp_struct/checks.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The text of the number at AT, and AT moved behind it. */
static const char *number_at(const struct wl_case *c, const char *text, size_t len, size_t *at)
{
	size_t from = wl_find_number(text, len, *at), end = from;

	while (end < len && text[end] && (isalnum((unsigned char)text[end]) || strchr("+-.", text[end])))
		end++;
	*at = end;
	return wl_memdup(c->arena, text + from, end - from);
}

/* Behind the text of the task: the two numbers. */
static void explain_numbers(const struct wl_case *c, struct wl_finding *finding, const struct wl_struct *plan, const char *text,
	size_t len, size_t at)
{
	size_t packed_len, end;
	const uint8_t *packed = wl_case_bytes(c, "$packed", &packed_len);
	const char *integer = number_at(c, text, len, &at), *real = number_at(c, text, len, &at);
	struct wl_printed_number numbers[] = { { integer, 1, false }, { real, 2, false } };
	struct wl_explanation found;

	if (plan->value_count != 3 || packed_len != plan->size || !*integer || !*real)
		return;
	numbers[0].right = strcmp(integer, struct_value_text(c, "$integer")) == 0;
	end = wl_real_at(real, strlen(real), 0, wl_rounded(struct_real_of(c)));
	numbers[1].right = end && end == strlen(real);
	if (wl_explain_misread(plan, packed, numbers, 2, c->arena, &found))
		wl_explain_as(finding, found.label, found.sentence);
}

void struct_explain_printed(const struct wl_case *c, struct wl_finding *finding, const struct wl_stream *stream)
{
	size_t len, value_len, packed_len, format_len;
	const uint8_t *value = wl_case_bytes(c, "$text", &value_len), *packed = wl_case_bytes(c, "$packed", &packed_len);
	const char *text = wl_case_printed(c, &len), *format = (const char *)wl_case_bytes(c, "$format", &format_len);
	ptrdiff_t client = wl_find_address(text, len, 0, stream->client.address, stream->client.port), at, raw;
	const uint8_t *integer = (const uint8_t *)struct_value_text(c, "$integer");
	struct wl_struct plan;
	const char *comma;

	if (!value || !packed || !format || client < 0 || (size_t)client >= len ||
		wl_struct_compile(&plan, format, format_len, c->arena, NULL) < 0)
		return;
	at = wl_find_bytes(text, len, (size_t)client, value, value_len);
	if (at >= 0) {
		explain_numbers(c, finding, &plan, text, len, (size_t)at);
		if (finding->label)
			return;
	}
	raw = wl_find_value(text, len, (size_t)client, packed, packed_len);
	if (raw >= 0 && wl_find_value(text, len, (size_t)raw, integer, strlen((const char *)integer)) < 0) {
		wl_explain_as(finding, "binary-for-text", _("The data stand there as they came, in binary: they were not unpacked."));
		return;
	}
	client += (ptrdiff_t)strspn(text + client, " ,;:|)");
	if (at < 0 && wl_integer_at(text, len, (size_t)client, (const char *)integer)) {
		wl_explain_as(finding, "field-missing", _("The text is not there: the whole number follows the address."));
		return;
	}
	comma = memchr(text + client, ',', len - (size_t)client);
	if (at < 0 && comma)
		explain_numbers(c, finding, &plan, text, len, (size_t)(comma - text));
	if (at < 0 && !finding->label)
		wl_explain_printed(c, finding, text, len, (size_t)client, value, value_len);
}
