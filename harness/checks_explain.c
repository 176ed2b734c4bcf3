/*
 * What a verb knows of the play when it asks what would explain wrong bytes: the drawn values, what came to the actor's host and what left it.
 * What a program says is compared with what others said; what it prints, with what it said itself, too.
 */
#include "harness/checks.h"

#include <string.h>

#define LABELS_TRIED 32
#define MESSAGES_TRIED 256

static void add(const struct wl_case *c, struct wl_wrong *wrong, const uint8_t *bytes, size_t len, bool own, bool elsewhere)
{
	struct wl_near *all = (struct wl_near *)wrong->near;

	if (!len || wrong->near_count >= MESSAGES_TRIED || (len == wrong->expected_len && memcmp(bytes, wrong->expected, len) == 0))
		return;
	for (size_t i = 0; i < wrong->near_count; i++)
		if (all[i].len == len && memcmp(all[i].bytes, bytes, len) == 0 && (all[i].own || !own))
			return;
	*wl_append(c->arena, &all, &wrong->near_count) = (struct wl_near){ bytes, len, own, elsewhere };
	wrong->near = all;
}

static const char *host_of(const struct wl_case *c)
{
	int performer = wl_case_performer(c, c->check->actor, 0);

	return performer < 0 ? "" : c->seen->performers[performer].host;
}

/* On lo nobody knows by the direction who sent: a client's port is the kernel's, a server's the check's. */
static bool left(const struct wl_case *c, const struct wl_datagram *datagram, bool serves)
{
	if (datagram->direction != WL_WITHIN_HOST)
		return datagram->direction == WL_FROM_HOST;
	return (datagram->source_port == c->check->port) == serves;
}

/* An echo of what left the host before is no other message: it tells where the bytes went, not where they are from. */
static bool comes_back(const struct wl_case *c, const struct wl_datagram *all, size_t nth, bool serves)
{
	for (size_t i = 0; i < nth; i++)
		if (all[i].point == all[nth].point && left(c, &all[i], serves) && all[i].payload_len == all[nth].payload_len &&
			memcmp(all[i].payload, all[nth].payload, all[nth].payload_len) == 0)
			return true;
	return false;
}

static void add_datagrams(const struct wl_case *c, struct wl_wrong *wrong, bool printed)
{
	size_t count;
	const struct wl_datagram *all = wl_datagrams(c->seen, c->arena, &count);
	const char *host = host_of(c);
	bool serves = false;

	for (size_t i = 0; i < count && !serves; i++)
		serves = strcmp(c->seen->points[all[i].point].host, host) == 0 && all[i].direction == WL_TO_HOST &&
			 all[i].destination_port == c->check->port;
	for (size_t i = 0; i < count; i++) {
		bool own = left(c, &all[i], serves);

		if (strcmp(c->seen->points[all[i].point].host, host) == 0 && (printed || (!own && !comes_back(c, all, i, serves))))
			add(c, wrong, all[i].payload, all[i].payload_len, own, printed && !own);
	}
}

static void add_streams(const struct wl_case *c, struct wl_wrong *wrong, bool printed)
{
	size_t count;
	const struct wl_stream *all = wl_streams(c->seen, c->arena, &count);

	for (size_t i = 0; i < count; i++)
		if (all[i].direction == WL_TO_HOST && strcmp(c->seen->points[all[i].point].host, host_of(c)) == 0)
			add(c, wrong, all[i].client.data, all[i].client.len, false, printed);
}

static void look_around(const struct wl_case *c, struct wl_wrong *wrong, bool printed)
{
	add_datagrams(c, wrong, printed);
	add_streams(c, wrong, printed);
	for (size_t i = 0; i < c->seen->value_count; i++)
		add(c, wrong, c->seen->values[i].bytes, c->seen->values[i].len, false, false);
}

static void take(struct wl_finding *finding, const struct wl_explanation *found)
{
	finding->label = found->label;
	finding->explanation = found->sentence;
}

void wl_explain_as(struct wl_finding *finding, const char *label, const char *sentence)
{
	take(finding, &(struct wl_explanation){ label, sentence });
}

void wl_explain_wrong(const struct wl_case *c, struct wl_finding *finding, struct wl_wrong wrong)
{
	struct wl_explanation found;

	look_around(c, &wrong, false);
	if (wl_explain(&wrong, c->arena, &found))
		take(finding, &found);
}

void wl_explain_bytes(const struct wl_case *c, struct wl_finding *finding, const uint8_t *expected, size_t expected_len,
	const uint8_t *actual, size_t actual_len)
{
	wl_explain_wrong(c, finding, (struct wl_wrong){ .expected = expected, .expected_len = expected_len, .actual = actual,
						.actual_len = actual_len });
}

void wl_explain_echo(const struct wl_case *c, struct wl_finding *finding, struct wl_wrong wrong, const uint8_t *asked, size_t asked_len)
{
	add(c, &wrong, asked, asked_len, true, false);
	wl_explain_wrong(c, finding, wrong);
}

bool wl_explain_printed(const struct wl_case *c, struct wl_finding *finding, const char *text, size_t len, size_t at,
	const uint8_t *expected, size_t expected_len)
{
	struct wl_wrong wrong = { .expected = expected, .expected_len = expected_len };
	struct wl_explanation found;

	look_around(c, &wrong, true);
	if (!wl_explain_text_at(&wrong, text, len, at, c->arena, &found))
		return false;
	take(finding, &found);
	return true;
}

void wl_explain_text(const struct wl_case *c, struct wl_finding *finding, const char *text, size_t len, const char *label,
	const uint8_t *expected, size_t expected_len)
{
	ptrdiff_t at = 0;

	for (unsigned int i = 0; i < LABELS_TRIED && (at = wl_find_label(text, len, (size_t)at, label)) >= 0; i++)
		if (wl_explain_printed(c, finding, text, len, (size_t)at, expected, expected_len))
			return;
}

/* All ends of the play: what left the actor's host came from its own side, and so did what it is itself. */
static void ends_of(const struct wl_case *c, struct wl_near_end **all, size_t *count)
{
	size_t frames, streams;
	const struct wl_datagram *datagrams = wl_datagrams(c->seen, c->arena, &frames);
	const struct wl_stream *stream = wl_streams(c->seen, c->arena, &streams);
	const char *host = host_of(c);

	for (size_t i = 0; i < frames; i++) {
		const struct wl_datagram *d = &datagrams[i];
		bool here = strcmp(c->seen->points[d->point].host, host) == 0, out = d->direction == WL_FROM_HOST;

		if (!here)
			continue;
		*wl_append(c->arena, all, count) = (struct wl_near_end){ out ? d->source : d->destination, out ? d->source_port : d->destination_port, true };
		*wl_append(c->arena, all, count) = (struct wl_near_end){ "0.0.0.0", out ? d->source_port : d->destination_port, true };
		if (out && c->check->group && strcmp(d->destination, c->check->group) == 0)
			*wl_append(c->arena, all, count) = (struct wl_near_end){ d->destination, d->destination_port, true };
		if (!out)
			*wl_append(c->arena, all, count) = (struct wl_near_end){ d->source, d->source_port, false };
	}
	for (size_t i = 0; i < streams; i++) {
		if (strcmp(c->seen->points[stream[i].point].host, host) != 0)
			continue;
		*wl_append(c->arena, all, count) = (struct wl_near_end){ stream[i].server.address, stream[i].server.port, true };
		*wl_append(c->arena, all, count) = (struct wl_near_end){ "0.0.0.0", stream[i].server.port, true };
		*wl_append(c->arena, all, count) = (struct wl_near_end){ stream[i].client.address, stream[i].client.port, false };
	}
}

void wl_explain_address(const struct wl_case *c, struct wl_finding *finding, const char *line, const char *address, uint16_t port)
{
	struct wl_near_end *near = NULL;
	struct wl_explanation found;
	size_t count = 0;

	if (!line)
		return;
	ends_of(c, &near, &count);
	if (wl_explain_endpoint(line, address, port, near, count, c->arena, &found))
		take(finding, &found);
}

void wl_explain_port(const struct wl_case *c, struct wl_finding *finding, uint16_t due, uint16_t port)
{
	if (due != port && port == (uint16_t)(due << 8 | due >> 8))
		wl_explain_as(finding, "byte-order",
			wl_format(c->arena, _("It is the right number in the other byte order: %u where %u was due."), port, due));
}
