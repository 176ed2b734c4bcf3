/*
 * A client is judged by its bytes: the format is the first of them, what it means on this machine (size, order, padding) is asked of
 * harness/base/structfmt.h. Which bytes came in which segment, and when, says the capture at the client's own host.
 */
#include "labs/tcp_struct/checks.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/structfmt.h"

#define APART_NS 50000000u
#define SOON_NS 1000000000u

static const char *show(const struct wl_case *c, const uint8_t *bytes, size_t len)
{
	const char *shown = wl_show_bytes(bytes, len, 60, c->arena);

	return len > 60 ? shown : wl_format(c->arena, _("%s (%zu bytes)"), shown, len);
}

/* The client's call, or the verdict that it made none. */
static enum wl_verdict call(const struct wl_case *c, struct wl_finding *finding,
	const struct wl_stream_side **client)
{
	enum wl_verdict verdict = wl_connects_tcp(c, finding);

	if (verdict == WL_PASS)
		*client = &wl_case_talk(c)->client;
	return verdict;
}

/* How many of its first bytes the client sent before it paused for the first time. */
static size_t first_burst(const struct wl_stream_side *client)
{
	for (size_t i = 1; i < client->piece_count; i++)
		if (client->pieces[i].at_ns >= client->pieces[i - 1].at_ns + APART_NS)
			return client->pieces[i].offset;
	return client->len;
}

static int plan_of(const struct wl_case *c, struct wl_struct *plan)
{
	size_t len;
	const uint8_t *format = wl_case_bytes(c, c->check->value, &len);

	return wl_struct_compile(plan, (const char *)format, len, c->arena, NULL);
}

/* What the client should send behind the format: the values of the task packed by it, or NULL. */
static const uint8_t *data_due(const struct wl_case *c, const struct wl_struct *plan)
{
	size_t len;
	const uint8_t *text = wl_case_bytes(c, "$text", &len);
	struct wl_struct_value values[3] = { { .kind = WL_STRUCT_BYTES, .bytes = text, .len = len },
		{ .kind = WL_STRUCT_UNSIGNED, .natural = strtoull(struct_value_text(c, "$integer"), NULL, 10) },
		{ .kind = WL_STRUCT_FLOAT, .real = struct_real_of(c) } };
	uint8_t *bytes = wl_alloc(c->arena, plan->size);

	return wl_struct_pack(plan, values, 3, bytes, NULL) == 0 ? bytes : NULL;
}

/* The format, or the data in its place. */
static void explain_format(const struct wl_case *c, struct wl_finding *finding, const struct wl_stream_side *client, size_t burst)
{
	struct wl_struct plan;
	size_t len;
	const uint8_t *format = wl_case_bytes(c, c->check->value, &len), *data = plan_of(c, &plan) == 0 ? data_due(c, &plan) : NULL;

	if (data && client->len == plan.size && memcmp(client->data, data, plan.size) == 0)
		wl_explain_as(finding, "field-missing", _("These are the data, and the format before them is missing."));
	else
		wl_explain_bytes(c, finding, format, len, client->data, burst);
}

/* The LEN bytes behind the format as a whole, whichever field is judged. */
static void explain_data(const struct wl_case *c, struct wl_finding *finding, const struct wl_struct *plan, const uint8_t *data,
	size_t len)
{
	const uint8_t *due = data_due(c, plan);

	if (due)
		wl_explain_wrong(c, finding, (struct wl_wrong){ due, data, plan->size, len, plan });
}

static enum wl_verdict format_first(const struct wl_case *c, struct wl_finding *finding,
	const struct wl_stream_side **client, size_t *len)
{
	enum wl_verdict verdict = call(c, finding, client);
	const uint8_t *format = wl_case_bytes(c, c->check->value, len);
	size_t burst;

	if (verdict != WL_PASS)
		return verdict;
	burst = first_burst(*client);
	if (burst >= *len && memcmp((*client)->data, format, *len) == 0 &&
		(burst == *len || burst == (*client)->len))
		return wl_passed();
	if (!burst)
		return wl_late(c, finding, 0, (*client)->syn_frame, 0, show(c, format, *len),
			struct_with_end(c, _("It sent nothing.")));
	explain_format(c, finding, *client, burst);
	return wl_failed(c, finding, (*client)->pieces[0].frame, show(c, format, *len),
		struct_with_end(c, show(c, (*client)->data, burst)));
}

enum wl_verdict struct_sends_format(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_stream_side *client;
	size_t len;

	return format_first(c, finding, &client, &len);
}

/* The first piece that has data behind the format, which is LEN bytes long, or NULL. */
static const struct wl_piece *data_piece(const struct wl_stream_side *client, size_t len)
{
	return len < client->len ? wl_piece_at(client, len) : NULL;
}

/* The data behind the format, of the size that it means; or the verdict that they are not. */
static enum wl_verdict packed(const struct wl_case *c, struct wl_finding *finding, const uint8_t **data,
	const struct wl_piece **piece, struct wl_struct *plan)
{
	const struct wl_stream_side *client;
	const char *expected;
	size_t len;
	enum wl_verdict verdict = format_first(c, finding, &client, &len);

	if (verdict != WL_PASS)
		return verdict;
	if (plan_of(c, plan) < 0)
		return wl_unclear(c, finding, c->check->value);
	*data = client->data + len;
	*piece = data_piece(client, len);
	if (client->len - len == plan->size)
		return wl_passed();
	explain_data(c, finding, plan, *data, client->len - len);
	expected = wl_format(c->arena, _("%zu bytes behind the format, in this machine's alignment"), plan->size);
	if (!*piece)
		return wl_late(c, finding, 0, client->pieces[0].frame, 0, expected,
			struct_with_end(c, _("It sent nothing behind it.")));
	return wl_failed(c, finding, (*piece)->frame, expected, struct_with_end(c, show(c, *data, client->len - len)));
}

enum wl_verdict struct_sends_size(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_piece *piece;
	struct wl_struct plan;
	const uint8_t *data;

	return packed(c, finding, &data, &piece, &plan);
}

static enum wl_verdict one_segment(const struct wl_case *c, struct wl_finding *finding,
	const struct wl_stream_side *client, size_t len)
{
	if (client->pieces[0].len == len)
		return wl_passed();
	return wl_failed(c, finding, client->pieces[0].frame,
		wl_format(c->arena, _("a segment with the %zu bytes of the format and no others"), len),
		wl_format(c->arena, _("The first segment carries %s."), show(c, client->data, client->pieces[0].len)));
}

/* The time between the format and what follows it. */
static enum wl_verdict gap(const struct wl_case *c, struct wl_finding *finding, uint64_t *gap_ns,
	uint32_t *frame)
{
	const struct wl_stream_side *client;
	size_t len;
	enum wl_verdict verdict = format_first(c, finding, &client, &len);
	const struct wl_piece *piece;

	if (verdict == WL_PASS)
		verdict = one_segment(c, finding, client, len);
	if (verdict != WL_PASS)
		return verdict;
	piece = data_piece(client, len);
	if (!piece)
		return wl_failed(c, finding, client->pieces[0].frame, _("data behind the format"),
			_("It sent nothing behind it."));
	*gap_ns = piece->at_ns > client->pieces[0].at_ns ? piece->at_ns - client->pieces[0].at_ns : 0;
	*frame = piece->frame;
	return wl_passed();
}

enum wl_verdict struct_sends_apart(const struct wl_case *c, struct wl_finding *finding)
{
	uint32_t frame;
	uint64_t gap_ns;
	enum wl_verdict verdict = gap(c, finding, &gap_ns, &frame);

	if (verdict != WL_PASS || gap_ns >= APART_NS)
		return verdict;
	return wl_failed(c, finding, frame, _("at least 50 ms between the format and the data"),
		wl_format(c->arena, _("The data came %.1f ms behind the format."), (double)gap_ns / 1e6));
}

enum wl_verdict struct_sends_soon(const struct wl_case *c, struct wl_finding *finding)
{
	uint32_t frame;
	uint64_t gap_ns;
	enum wl_verdict verdict = gap(c, finding, &gap_ns, &frame);

	if (verdict != WL_PASS || gap_ns <= SOON_NS)
		return verdict;
	return wl_failed(c, finding, frame, _("at most 1 second between the format and the data"),
		wl_format(c->arena, _("The data came %.1f ms behind the format."), (double)gap_ns / 1e6));
}

/* The three values that the client packed: the kinds are those of the format. */
static enum wl_verdict unpacked(const struct wl_case *c, struct wl_finding *finding,
	struct wl_struct_value values[3], uint32_t *frame)
{
	const struct wl_piece *piece;
	struct wl_struct plan;
	const uint8_t *data;
	enum wl_verdict verdict = packed(c, finding, &data, &piece, &plan);

	if (verdict != WL_PASS)
		return verdict;
	if (plan.value_count != 3 || wl_struct_unpack(&plan, data, plan.size, values, NULL) < 0)
		return wl_unclear(c, finding, c->check->value);
	*frame = piece->frame;
	return wl_passed();
}

static enum wl_verdict other_value(const struct wl_case *c, struct wl_finding *finding, uint32_t frame, const char *expected,
	const char *actual)
{
	const struct wl_piece *piece;
	struct wl_struct plan;
	const uint8_t *data;

	if (packed(c, finding, &data, &piece, &plan) == WL_PASS)
		explain_data(c, finding, &plan, data, plan.size);
	return wl_failed(c, finding, frame, expected, actual);
}

enum wl_verdict struct_sends_text(const struct wl_case *c, struct wl_finding *finding)
{
	struct wl_struct_value values[3];
	uint32_t frame;
	enum wl_verdict verdict = unpacked(c, finding, values, &frame);
	size_t len;
	const uint8_t *text = wl_case_bytes(c, "$text", &len);

	if (verdict != WL_PASS || (values[0].len == len && memcmp(values[0].bytes, text, len) == 0))
		return verdict;
	return other_value(c, finding, frame, show(c, text, len), show(c, values[0].bytes, values[0].len));
}

enum wl_verdict struct_sends_integer(const struct wl_case *c, struct wl_finding *finding)
{
	struct wl_struct_value values[3];
	uint32_t frame;
	enum wl_verdict verdict = unpacked(c, finding, values, &frame);
	uint64_t number = strtoull(struct_value_text(c, "$integer"), NULL, 10);

	if (verdict != WL_PASS || values[1].natural == number)
		return verdict;
	return other_value(c, finding, frame,
		wl_format(c->arena, _("%llu in bytes 13 to 16 of the data"), (unsigned long long)number),
		wl_format(c->arena, _("These bytes mean %llu."), (unsigned long long)values[1].natural));
}

enum wl_verdict struct_sends_real(const struct wl_case *c, struct wl_finding *finding)
{
	struct wl_struct_value values[3];
	uint32_t frame;
	enum wl_verdict verdict = unpacked(c, finding, values, &frame);
	float real = (float)struct_real_of(c);

	if (verdict != WL_PASS || values[2].real == real)
		return verdict;
	return other_value(c, finding, frame,
		wl_format(c->arena, _("%.7g as a float in bytes 17 to 20 of the data"), real),
		wl_format(c->arena, _("These bytes mean %.7g."), values[2].real));
}

/* When the harness gave up waiting for the client's end: what was closed behind that was closed by us. */
static uint64_t given_up_ns(const struct wl_case *c)
{
	int performer = wl_case_performer(c, c->check->actor, 0);
	const struct wl_event *event = wl_find_event(c->seen, (uint32_t)performer, WL_EVENT_UNENDED, 0);

	return event ? event->at_ns : UINT64_MAX;
}

enum wl_verdict struct_closes(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_stream_side *client;
	size_t len;
	enum wl_verdict verdict = format_first(c, finding, &client, &len);
	const char *expected = _("the connection is ended (FIN) behind the data, without waiting for an answer");

	if (verdict != WL_PASS)
		return verdict;
	if (client->rst_frame && (!client->fin_frame || client->rst_frame < client->fin_frame))
		return wl_failed(c, finding, client->rst_frame, expected, struct_with_end(c, _("It reset the connection.")));
	if (client->fin_frame && client->fin_ns < given_up_ns(c))
		return wl_passed();
	if (client->pieces[client->piece_count - 1].at_ns > given_up_ns(c))
		return wl_late(c, finding, 0, client->pieces[0].frame, client->pieces[client->piece_count - 1].frame, expected,
			_("It waited behind the format, and sent the data only when the other side had gone."));
	return wl_missed(c, finding, 0, client->pieces[client->piece_count - 1].frame, expected,
		struct_with_end(c, _("It left the connection open.")));
}
