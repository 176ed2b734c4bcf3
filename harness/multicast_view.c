/*
 * What the verbs on multicast have in common. A datagram to a group is captured where it leaves a host and where it reaches the
 * others; the copy that the sender's own host gets back never touches a cable. So for members on the sender's host it is told by
 * its way out.
 *
 * A program prints many datagrams, and how it splits them into lines is free. So its text is cut at the label that comes first, the
 * address's or the data's: what stands between two of them belongs to one datagram.
 */
#include "harness/multicast_view.h"

#include <string.h>

#define ADDRESS_LABEL "addr ="
#define DATA_LABEL "data ="

bool view_open(struct view *view, const struct wl_case *c)
{
	int performer = wl_case_performer(c, c->check->actor, 0);

	if (performer < 0)
		return false;
	view->c = c;
	view->performer = (uint32_t)performer;
	view->host = c->seen->performers[performer].host;
	view->all = wl_datagrams(c->seen, c->arena, &view->count);
	return true;
}

enum wl_verdict view_not_started(const struct wl_case *c, struct wl_finding *finding)
{
	return wl_unclear(c, finding, _("the program was not started"));
}

static bool at_host(const struct view *view, const struct wl_datagram *datagram)
{
	return strcmp(view->c->seen->points[datagram->point].host, view->host) == 0;
}

bool view_comes(const struct view *view, const struct wl_datagram *datagram)
{
	return at_host(view, datagram) && datagram->direction != WL_FROM_HOST;
}

bool view_goes(const struct view *view, const struct wl_datagram *datagram)
{
	return at_host(view, datagram) && datagram->direction != WL_TO_HOST;
}

bool view_to_group(const struct view *view, const struct wl_datagram *datagram)
{
	return at_host(view, datagram) && datagram->direction != WL_WITHIN_HOST &&
	       datagram->destination_port == view->c->check->port &&
	       strcmp(datagram->destination, view->c->check->group) == 0;
}

bool view_same(const struct wl_datagram *datagram, const uint8_t *bytes, size_t len)
{
	return datagram->payload_len == len && (len == 0 || memcmp(datagram->payload, bytes, len) == 0);
}

const char *view_endpoint(const struct view *view, const char *address, uint16_t port)
{
	return wl_format(view->c->arena, "%s:%u", address, port);
}

const char *view_show(const struct view *view, const uint8_t *bytes, size_t len)
{
	return wl_show_sized(bytes, len, view->c->arena);
}

const char *view_with_end(const struct wl_case *c, const char *actual)
{
	return wl_format(c->arena, "%s%s", actual, wl_how_it_went(c, c->check->actor));
}

static const char *first_label(const char *text, size_t len)
{
	ptrdiff_t address = wl_find_label(text, len, 0, ADDRESS_LABEL), data = wl_find_label(text, len, 0, DATA_LABEL);

	return data >= 0 && (address < 0 || data < address) ? DATA_LABEL : ADDRESS_LABEL;
}

/* Where the LABEL that ends at END begins. */
static size_t label_start(const char *text, size_t end, const char *label)
{
	do
		end--;
	while (end > 0 && strncmp(text + end, label, 4) != 0);
	return end;
}

size_t view_times_printed(const struct view *view, const struct wl_datagram *datagram, bool bytes_too)
{
	size_t len, times = 0;
	const char *text = wl_case_printed(view->c, &len);
	const char *label = first_label(text, len);
	ptrdiff_t at = wl_find_label(text, len, 0, label), next;

	for (; at >= 0; at = next) {
		size_t from = label_start(text, (size_t)at, label), to;

		next = wl_find_label(text, len, (size_t)at, label);
		to = next < 0 ? len : label_start(text, (size_t)next, label);
		times += wl_shows_address(text + from, to - from, ADDRESS_LABEL, datagram->source,
				 datagram->source_port) &&
			 (!bytes_too || wl_shows_value(text + from, to - from, DATA_LABEL, datagram->payload,
						datagram->payload_len));
	}
	return times;
}

/* How many datagrams to the same end came before this one, or left. */
static size_t how_many_before(const struct view *view, const struct wl_datagram *datagram)
{
	size_t count = 0;

	for (const struct wl_datagram *at = view->all; at < datagram; at++)
		count += at_host(view, at) && at->direction == datagram->direction &&
			 at->destination_port == datagram->destination_port &&
			 strcmp(at->destination, datagram->destination) == 0;
	return count;
}

/* The line that should have shown DATAGRAM, or the last one with a label, or just the last; NULL when nothing was printed. */
static const char *line_instead(const struct view *view, const struct wl_datagram *datagram)
{
	size_t len, from = 0, before = how_many_before(view, datagram);
	const char *text = wl_case_printed(view->c, &len), *label = first_label(text, len);
	ptrdiff_t at = wl_find_label(text, len, 0, label);

	for (; at >= 0; at = before-- > 0 ? wl_find_label(text, len, (size_t)at, label) : -1)
		from = label_start(text, (size_t)at, label);
	return wl_line_with(text + from, len - from, label, view->c->arena);
}

/* In the turn of DATAGRAM something was printed with its address or its bytes: what would explain the rest. */
static void explain_instead(const struct view *view, struct wl_finding *finding, const struct wl_datagram *datagram, bool bytes_too)
{
	const struct wl_case *c = view->c;
	size_t len, before = how_many_before(view, datagram);
	const char *text = wl_case_printed(c, &len), *label = first_label(text, len);
	ptrdiff_t at = wl_find_label(text, len, 0, label), next, data;
	size_t from, to;

	while (at >= 0 && before-- > 0)
		at = wl_find_label(text, len, (size_t)at, label);
	if (at < 0)
		return;
	from = label_start(text, (size_t)at, label);
	next = wl_find_label(text, len, (size_t)at, label);
	to = next < 0 ? len : label_start(text, (size_t)next, label);
	data = wl_find_label(text + from, to - from, 0, DATA_LABEL);
	if (data < 0)
		return;
	if (wl_shows_value(text + from, to - from, DATA_LABEL, datagram->payload, datagram->payload_len))
		wl_explain_address(c, finding, wl_memdup(c->arena, text + from, to - from), datagram->source, datagram->source_port);
	else if (bytes_too && wl_shows_address(text + from, to - from, ADDRESS_LABEL, datagram->source, datagram->source_port))
		wl_explain_printed(c, finding, text + from, to - from, (size_t)data, datagram->payload, datagram->payload_len);
}

enum wl_verdict view_not_printed(const struct view *view, struct wl_finding *finding,
	const struct wl_datagram *datagram, bool bytes_too)
{
	const struct wl_case *c = view->c;
	const char *line = line_instead(view, datagram);
	const char *expected = wl_format(c->arena, ADDRESS_LABEL "('%s', %u)", datagram->source,
		datagram->source_port);

	if (bytes_too)
		expected = wl_format(c->arena, "%s, " DATA_LABEL " b%s", expected,
			view_show(view, datagram->payload, datagram->payload_len));
	finding->line = line;
	explain_instead(view, finding, datagram, bytes_too);
	return wl_missed(c, finding, 0, datagram->frame, expected,
		view_with_end(c, line ? wl_format(c->arena, _("It did not print this datagram; it printed: %s."), line)
				 : wl_find_event(c->seen, view->performer, WL_EVENT_ENDED, 0) ? _("It printed nothing.")
				 : _("It had printed nothing when the play was over (is the output flushed?).")));
}
