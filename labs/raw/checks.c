/*
 * Frames as they left the sender's host, at the wire's end of its cable; and what the receiver printed between one injected frame
 * and the next. The play injects a frame only when the receiver waits again, so that the terminal text between two
 * injections belongs to the first of them.
 */
#include "labs/raw/checks.h"

#include <stdlib.h>
#include <string.h>

#define MAC_NAME "mac"
#define HEADER "!6s6sH"
#define HEADER_LEN 14

/* Frame number NTH that left the host of PERFORMER, or NULL. */
static const struct wl_frame *sent(const struct wl_observation *seen, uint32_t performer, size_t nth)
{
	const char *host = seen->performers[performer].host;

	for (size_t i = 0; i < seen->frame_count; i++)
		if (seen->frames[i].direction == WL_FROM_HOST &&
			strcmp(seen->points[seen->frames[i].point].host, host) == 0 && nth-- == 0)
			return &seen->frames[i];
	return NULL;
}

static uint32_t number(const struct wl_case *c, const struct wl_frame *frame)
{
	return (uint32_t)(frame - c->seen->frames) + 1;
}

/* The first frame and its Ethernet header, or the verdict that there is none. */
static enum wl_verdict first_frame(const struct wl_case *c, struct wl_finding *finding,
	const struct wl_frame **frame, struct wl_ether *ether)
{
	int performer = wl_case_performer(c, c->check->actor, 0);

	if (performer < 0)
		return wl_unclear(c, finding, _("the program was not started"));
	*frame = sent(c->seen, (uint32_t)performer, 0);
	if (!*frame || !wl_parse_ether(*frame, ether))
		return wl_not_sent(c, finding, 0, _("a frame on the cable of eth0"),
			wl_format(c->arena, "%s%s", _("No frame left the machine."),
				wl_how_it_went(c, c->check->actor)));
	return wl_passed();
}

enum wl_verdict raw_sends(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_frame *frame;
	struct wl_ether ether;
	enum wl_verdict verdict = first_frame(c, finding, &frame, &ether);
	const char *text;
	size_t len;

	if (verdict == WL_FAIL) {
		text = wl_case_printed(c, &len);
		finding->line = wl_line_with(text, len, NULL, c->arena);
	}
	return verdict;
}

enum wl_verdict raw_sends_once(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_frame *frame, *second;
	struct wl_ether ether;
	enum wl_verdict verdict = first_frame(c, finding, &frame, &ether);

	if (verdict != WL_PASS)
		return verdict;
	second = sent(c->seen, (uint32_t)wl_case_performer(c, c->check->actor, 0), 1);
	if (!second)
		return wl_passed();
	return wl_failed(c, finding, number(c, second), _("one frame"),
		wl_format(c->arena, _("A second frame left: %s."), wl_describe_frame(second, c->arena)));
}

enum wl_verdict raw_after_line(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_frame *frame;
	struct wl_ether ether;
	enum wl_verdict verdict = first_frame(c, finding, &frame, &ether);
	const struct wl_event *typed;

	if (verdict != WL_PASS)
		return verdict;
	typed = wl_find_event(c->seen, (uint32_t)wl_case_performer(c, c->check->actor, 0),
		WL_EVENT_TYPED, 0);
	if (typed && typed->at_ns <= frame->at_ns)
		return wl_passed();
	return wl_failed(c, finding, number(c, frame), _("nothing is sent before the line is typed"),
		_("A frame was sent before the line was typed."));
}

/* The MAC of the interface at whose cable FRAME was seen. */
static const char *own_mac(const struct wl_observation *seen, const struct wl_frame *frame)
{
	return seen->points[frame->point].mac;
}

enum wl_verdict raw_source(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_frame *frame;
	struct wl_ether ether;
	enum wl_verdict verdict = first_frame(c, finding, &frame, &ether);
	const char *source;

	if (verdict != WL_PASS)
		return verdict;
	source = wl_format_mac(ether.source, c->arena);
	if (strcmp(source, own_mac(c->seen, frame)) == 0)
		return wl_passed();
	return wl_failed(c, finding, number(c, frame),
		wl_format(c->arena, _("source %s, the MAC of eth0, in bytes 7 to 12"), own_mac(c->seen, frame)),
		wl_format(c->arena, _("The source is %s."), source));
}

static bool usable(const uint8_t mac[6])
{
	static const uint8_t zero[6];

	return !(mac[0] & 1) && memcmp(mac, zero, 6) != 0;
}

enum wl_verdict raw_destination(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_frame *frame;
	struct wl_ether ether;
	enum wl_verdict verdict = first_frame(c, finding, &frame, &ether);

	if (verdict != WL_PASS || usable(ether.destination))
		return verdict;
	return wl_failed(c, finding, number(c, frame), _("a unicast destination in bytes 1 to 6"),
		wl_format(c->arena, _("The destination is %s."), wl_format_mac(ether.destination, c->arena)));
}

/* The header is compared as a whole, as struct would pack it. */
static void explain_type(const struct wl_case *c, struct wl_finding *finding, const struct wl_frame *frame, const struct wl_ether *ether)
{
	uint8_t *header = wl_memdup(c->arena, frame->bytes, HEADER_LEN);
	uint16_t type = (uint16_t)strtoul(c->check->label, NULL, 16);
	struct wl_struct plan;

	header[12] = (uint8_t)(type >> 8);
	header[13] = (uint8_t)type;
	if (wl_struct_compile(&plan, HEADER, strlen(HEADER), c->arena, NULL) == 0)
		wl_explain_wrong(c, finding, (struct wl_wrong){ header, frame->bytes, HEADER_LEN, HEADER_LEN, &plan, ether->payload_len });
}

enum wl_verdict raw_type(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_frame *frame;
	struct wl_ether ether;
	enum wl_verdict verdict = first_frame(c, finding, &frame, &ether);
	const char *type;

	if (verdict != WL_PASS)
		return verdict;
	type = wl_format(c->arena, "%04x", ether.type);
	if (strcmp(type, c->check->label) == 0)
		return wl_passed();
	explain_type(c, finding, frame, &ether);
	return wl_failed(c, finding, number(c, frame),
		wl_format(c->arena, _("type %s in bytes 13 and 14, the high byte first"), c->check->label),
		wl_format(c->arena, _("The type is %s."), type));
}

/* How long the header is if all of the LINE ends the frame behind one that is too short; or 0: another thing is wrong. */
static size_t short_header(const struct wl_frame *frame, const uint8_t *line, size_t len)
{
	size_t header = frame->len - len;

	return len && frame->len > len && header < HEADER_LEN && memcmp(frame->bytes + header, line, len) == 0 ? header : 0;
}

enum wl_verdict raw_payload(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_frame *frame;
	struct wl_ether ether;
	enum wl_verdict verdict = first_frame(c, finding, &frame, &ether);
	const uint8_t *bytes;
	size_t len, header;

	if (verdict != WL_PASS)
		return verdict;
	bytes = wl_case_bytes(c, c->check->value, &len);
	if (bytes && ether.payload_len == len && (!len || memcmp(ether.payload, bytes, len) == 0))
		return wl_passed();
	header = short_header(frame, bytes, len);
	if (header)
		return wl_failed(c, finding, number(c, frame),
			wl_format(c->arena, _("%s behind the header of 14"), wl_show_sized(bytes, len, c->arena)),
			wl_format(c->arena, _("The line is whole, but the header before it has %zu bytes."), header));
	wl_explain_bytes(c, finding, bytes, len, ether.payload, ether.payload_len);
	return wl_failed(c, finding, number(c, frame),
		wl_format(c->arena, _("%s behind the header of 14"), wl_show_sized(bytes, len, c->arena)),
		wl_format(c->arena, _("%s behind the header"),
			wl_show_sized(ether.payload, ether.payload_len, c->arena)));
}

/* The index of the event that starts injection NTH (whoever injects), or the number of events. */
static size_t injection(const struct wl_case *c, unsigned int nth)
{
	for (size_t i = 0; i < c->seen->event_count; i++)
		if (c->seen->events[i].kind == WL_EVENT_STARTED &&
			!c->seen->performers[c->seen->events[i].performer].submitted && nth-- == 0)
			return i;
	return c->seen->event_count;
}

/* What the receiver printed for injection `nth`. */
static const char *segment(const struct wl_case *c, size_t *len)
{
	uint32_t performer = (uint32_t)wl_case_performer(c, c->check->actor, 0);
	const char *text = wl_printed_between(c->seen, c->arena, performer, injection(c, c->check->nth),
		injection(c, c->check->nth + 1), len);

	return wl_without_escapes(text, len, c->arena);
}

/* The frame that was injected, for the report: the one that came to the receiver's host or left it, last before the next injection. */
static uint32_t injected_frame(const struct wl_case *c)
{
	size_t from = injection(c, c->check->nth);
	uint64_t at_ns = from < c->seen->event_count ? c->seen->events[from].at_ns : 0;
	const char *host = c->seen->performers[wl_case_performer(c, c->check->actor, 0)].host;

	for (size_t i = 0; i < c->seen->frame_count; i++)
		if (c->seen->frames[i].at_ns >= at_ns &&
			strcmp(c->seen->points[c->seen->frames[i].point].host, host) == 0)
			return number(c, &c->seen->frames[i]);
	return 0;
}

/* Nothing was printed for a frame: what it should have been stands somewhere else, or nowhere. */
static const char *not_in_time(const struct wl_case *c, const uint8_t *value, size_t value_len)
{
	size_t len;
	const char *all = wl_case_printed(c, &len);

	if (wl_shows_value(all, len, c->check->label, value, value_len))
		return _("It printed it only when more frames had come or the program ended (is the output flushed?).");
	return len ? _("It printed nothing for this frame.")
		   : _("It had printed nothing when the play was over (is the output flushed?).");
}

/* The frame's other address may stand there. */
static void explain_value(const struct wl_case *c, struct wl_finding *finding, const char *text, size_t len)
{
	static const char *const labels[] = { "dst =", "src =" };
	size_t value_len;
	const uint8_t *value = wl_case_bytes(c, c->check->value, &value_len);

	wl_explain_text(c, finding, text, len, c->check->label, value, value_len);
	for (size_t i = 0; i < 2; i++)
		if (strcmp(c->check->label, labels[i]) == 0 && wl_shows_value(text, len, labels[1 - i], value, value_len))
			wl_explain_as(finding, "field-order", _("The right address stands behind the other label."));
}

enum wl_verdict raw_prints_value(const struct wl_case *c, struct wl_finding *finding)
{
	size_t len, value_len;
	const uint8_t *value = wl_case_bytes(c, c->check->value, &value_len);
	const char *text, *line, *expected, *went;

	if (!value || wl_case_performer(c, c->check->actor, 0) < 0)
		return wl_unclear(c, finding, _("the program was not started"));
	text = segment(c, &len);
	if (wl_shows_value(text, len, c->check->label, value, value_len))
		return wl_passed();
	if (!injected_frame(c))
		return wl_unclear(c, finding, _("our own frame did not reach the host"));
	line = wl_line_with(text, len, c->check->label, c->arena);
	finding->line = line;
	explain_value(c, finding, text, len);
	expected = wl_format(c->arena, "%s %s", c->check->label, wl_show_bytes(value, value_len, 80, c->arena));
	went = wl_how_it_went(c, c->check->actor);
	if (line)
		return wl_failed(c, finding, injected_frame(c), expected, wl_format(c->arena, "%s%s", line, went));
	return wl_missed(c, finding, 0, injected_frame(c), expected,
		wl_format(c->arena, "%s%s", not_in_time(c, value, value_len), went));
}

static size_t count_label(const char *text, size_t len, const char *label)
{
	size_t count = 0;

	for (ptrdiff_t at = wl_find_label(text, len, 0, label); at >= 0;
		at = wl_find_label(text, len, (size_t)at, label))
		count++;
	return count;
}

/* How often LABEL stands in what was printed for the frame. */
static enum wl_verdict prints_times(const struct wl_case *c, struct wl_finding *finding,
	const char *label, size_t times)
{
	const char *text;
	size_t len, count;

	if (wl_case_performer(c, c->check->actor, 0) < 0)
		return wl_unclear(c, finding, _("the program was not started"));
	text = segment(c, &len);
	count = count_label(text, len, label);
	if (count == times)
		return wl_passed();
	finding->line = wl_line_with(text, len, label, c->arena);
	return wl_failed(c, finding, injected_frame(c),
		wl_format(c->arena, _("\"%s\" %zu times for this frame"), label, times),
		wl_format(c->arena, _("It was printed %zu times."), count));
}

enum wl_verdict raw_prints_once(const struct wl_case *c, struct wl_finding *finding)
{
	return prints_times(c, finding, "payload =", 1);
}

enum wl_verdict raw_prints_many(const struct wl_case *c, struct wl_finding *finding)
{
	size_t len;
	const uint8_t *frames = wl_case_bytes(c, c->check->value, &len);
	unsigned int count = frames ? (unsigned int)atoi((const char *)frames) : 0;
	enum wl_verdict verdict = count ? WL_PASS : wl_unclear(c, finding, _("the program was not started"));

	for (unsigned int i = 0; i < count && verdict == WL_PASS; i++) {
		const struct wl_check check = { raw_prints_value, .actor = c->check->actor, .nth = i, .label = "payload =",
			.value = wl_format(c->arena, "$text%u", i + 1) };
		struct wl_case one = *c;

		one.check = &check;
		verdict = raw_prints_value(&one, finding);
		if (verdict == WL_PASS)
			verdict = raw_prints_once(&one, finding);
	}
	return verdict;
}

enum wl_verdict raw_prints_none(const struct wl_case *c, struct wl_finding *finding)
{
	static const char *const labels[] = { "dst =", "src =", "type =", "payload =" };

	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++) {
		enum wl_verdict verdict = prints_times(c, finding, labels[i], 0);

		if (verdict != WL_PASS)
			return verdict;
	}
	return wl_passed();
}

enum wl_verdict raw_sends_none(const struct wl_case *c, struct wl_finding *finding)
{
	int performer = wl_case_performer(c, c->check->actor, 0);
	const struct wl_frame *frame;

	if (performer < 0)
		return wl_unclear(c, finding, _("the program was not started"));
	frame = sent(c->seen, (uint32_t)performer, 0);
	if (!frame)
		return wl_passed();
	return wl_failed(c, finding, number(c, frame), _("a receiver sends no frame"),
		wl_format(c->arena, _("It sent one: %s."), wl_describe_frame(frame, c->arena)));
}

bool raw_other_mac(const struct wl_observation *seen, struct wl_arena *arena, const char **name,
	const char **text)
{
	for (uint32_t i = 0; i < seen->performer_count; i++) {
		const struct wl_frame *frame = seen->performers[i].submitted ? sent(seen, i, 0) : NULL;
		struct wl_ether ether;

		if (!frame || !wl_parse_ether(frame, &ether) || !usable(ether.source))
			continue;
		*name = MAC_NAME;
		*text = wl_format_mac(ether.source, arena);
		return seen->take == 1 && strcmp(*text, own_mac(seen, frame)) != 0;
	}
	return false;
}
