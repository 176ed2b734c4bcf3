/*
 * Verbs on a member of a multicast group that answers each datagram by unicast. Several members may sit on one host and answer from
 * the same address and port: their answers cannot be told apart, so they are counted.
 */
#include "harness/multicast_view.h"

#include <string.h>

#define DNS_PORT 53 /* a library that looks up a name */

static bool asker_is_here(const struct view *view)
{
	int asker = wl_case_performer(view->c, view->c->check->peer, 0);

	return asker >= 0 && strcmp(view->c->seen->performers[asker].host, view->host) == 0;
}

/*
 * A question: to the group, with the check's value if it has one. It leaves the host only if the asker is on it, and not from
 * the port of the group.
 */
static bool asks(const struct view *view, const struct wl_datagram *datagram)
{
	const struct wl_check *check = view->c->check;
	const uint8_t *bytes;
	size_t len;

	if (!view_to_group(view, datagram) || (datagram->direction == WL_FROM_HOST &&
		(datagram->source_port == check->port || !asker_is_here(view))))
		return false;
	if (!check->value)
		return true;
	bytes = wl_case_bytes(view->c, check->value, &len);
	return bytes && view_same(datagram, bytes, len);
}

static bool answers(const struct view *view, const struct wl_datagram *datagram, const struct wl_datagram *asked)
{
	return datagram > asked && view_goes(view, datagram) && strcmp(datagram->destination, asked->source) == 0 &&
	       datagram->destination_port == asked->source_port;
}

static bool same_asker(const struct wl_datagram *one, const struct wl_datagram *other)
{
	return one->source_port == other->source_port && strcmp(one->source, other->source) == 0;
}

/* What one asker asked, and what came back to it. */
struct dialogue {
	size_t questions, answers;
	size_t at_once; /* answers before its next question */
};

static struct dialogue dialogue(const struct view *view, const struct wl_datagram *asked)
{
	const struct wl_datagram *end = view->all + view->count, *first = asked;
	struct dialogue had = { 0 };
	bool next = false;

	for (const struct wl_datagram *at = view->all; at < end; at++)
		if (asks(view, at) && same_asker(at, asked)) {
			first = at < first ? at : first;
			had.questions++;
		}
	for (const struct wl_datagram *at = first; at < end; at++) {
		next = next || (at > asked && asks(view, at) && same_asker(at, asked));
		had.answers += answers(view, at, first);
		had.at_once += !next && answers(view, at, asked);
	}
	return had;
}

static size_t due(const struct view *view)
{
	return view->c->check->number ? view->c->check->number : 1;
}

/* Something else that left the host, at FROM or behind, and answers no asker. */
static const struct wl_datagram *stray(const struct view *view, const struct wl_datagram *from)
{
	for (const struct wl_datagram *at = from; at < view->all + view->count; at++) {
		bool known = at->destination_port == DNS_PORT || asks(view, at);

		for (const struct wl_datagram *other = view->all; other < at && !known; other++)
			known = asks(view, other) && answers(view, at, other);
		if (view_goes(view, at) && !known)
			return at;
	}
	return NULL;
}

/* How another run of the same program came to its end, as wl_how_it_went() says it. */
static const char *how_others_went(const struct view *view)
{
	const struct wl_observation *seen = view->c->seen;

	for (size_t i = 0; i < seen->performer_count; i++) {
		const struct wl_performer *own = &seen->performers[view->performer], *other = &seen->performers[i];
		const char *went = wl_how_it_went(view->c, other->actor);

		if (*went && other != own && strcmp(other->program, own->program) == 0)
			return went;
	}
	return "";
}

static enum wl_verdict no_answer(const struct view *view, struct wl_finding *finding, const struct wl_datagram *asked,
	size_t came)
{
	const struct wl_case *c = view->c;
	const struct wl_datagram *elsewhere = stray(view, asked + 1);
	const char *to = view_endpoint(view, asked->source, asked->source_port);
	const char *expected = due(view) == 1 ? wl_format(c->arena, _("an answer to %s"), to)
					      : wl_format(c->arena, _("%zu answers to %s, one from each receiver"),
							due(view), to);

	if (elsewhere)
		return wl_failed(c, finding, elsewhere->frame, expected,
			wl_format(c->arena, _("It sent a datagram to %s instead."),
				view_endpoint(view, elsewhere->destination, elsewhere->destination_port)));
	if (came > 0 && *how_others_went(view))
		return wl_failed(c, finding, asked->frame, expected,
			view_with_end(c, wl_format(c->arena, "%s%s", wl_format(c->arena, _("%zu came."), came),
						 how_others_went(view))));
	if (came > 0)
		return wl_missed(c, finding, 0, asked->frame, expected,
			view_with_end(c, wl_format(c->arena, _("%zu came."), came)));
	return wl_missed(c, finding, 0, asked->frame, expected,
		view_with_end(c, wl_format(c->arena, _("The question %s arrived and nothing came back."),
			view_show(view, asked->payload, asked->payload_len))));
}

/* No question was seen: our fault, unless the program had been stopped before because it flooded its host. */
static enum wl_verdict not_asked(const struct view *view, struct wl_finding *finding)
{
	const struct wl_case *c = view->c;

	if (!wl_find_event(c->seen, view->performer, WL_EVENT_LIMIT, 0))
		return wl_unclear(c, finding, _("our own question did not reach the host"));
	return wl_failed(c, finding, 0, _("it runs until the key is pressed"), wl_how_it_went(c, c->check->actor) + 1);
}

enum wl_verdict wl_answers_group(const struct wl_case *c, struct wl_finding *finding)
{
	size_t questions = 0;
	struct view view;

	if (!view_open(&view, c))
		return view_not_started(c, finding);
	for (size_t i = 0; i < view.count; i++) {
		struct dialogue had;

		if (!asks(&view, &view.all[i]))
			continue;
		questions++;
		had = dialogue(&view, &view.all[i]);
		if (had.at_once < due(&view) && had.answers < had.questions * due(&view))
			return no_answer(&view, finding, &view.all[i], had.at_once);
	}
	return questions ? wl_passed() : not_asked(&view, finding);
}

/* The first answer to anybody that differs: in its bytes, or in the port that it came from. NULL: none does. */
static const struct wl_datagram *odd_answer(const struct view *view, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < view->count; i++)
		for (size_t k = i + 1; asks(view, &view->all[i]) && k < view->count; k++)
			if (answers(view, &view->all[k], &view->all[i]) &&
				(bytes ? !view_same(&view->all[k], bytes, len)
				       : view->all[k].source_port != view->c->check->port))
				return &view->all[k];
	return NULL;
}

/* What was asked last by the one whom ANSWER answers. */
static const struct wl_datagram *question_of(const struct view *view, const struct wl_datagram *answer)
{
	const struct wl_datagram *found = answer;

	for (const struct wl_datagram *at = view->all; at < answer; at++)
		if (asks(view, at) && answers(view, answer, at))
			found = at;
	return found;
}

enum wl_verdict wl_answers_group_with(const struct wl_case *c, struct wl_finding *finding)
{
	enum wl_verdict verdict = wl_answers_group(c, finding);
	const struct wl_datagram *odd, *asked;
	const uint8_t *bytes;
	struct view view;
	size_t len;

	if (verdict != WL_PASS || !view_open(&view, c))
		return verdict;
	bytes = wl_case_bytes(c, c->check->answer, &len);
	odd = odd_answer(&view, bytes, len);
	if (!odd)
		return wl_passed();
	asked = question_of(&view, odd);
	wl_explain_echo(c, finding, (struct wl_wrong){ bytes, odd->payload, len, odd->payload_len }, asked->payload, asked->payload_len);
	return wl_failed(c, finding, odd->frame, view_show(&view, bytes, len),
		view_show(&view, odd->payload, odd->payload_len));
}

enum wl_verdict wl_answers_group_from(const struct wl_case *c, struct wl_finding *finding)
{
	enum wl_verdict verdict = wl_answers_group(c, finding);
	const struct wl_datagram *odd;
	struct view view;

	if (verdict != WL_PASS || !view_open(&view, c))
		return verdict;
	odd = odd_answer(&view, NULL, 0);
	if (!odd)
		return wl_passed();
	return wl_failed(c, finding, odd->frame, wl_format(c->arena, _("an answer from port %u"), c->check->port),
		wl_format(c->arena, _("The answer came from %s."),
			view_endpoint(&view, odd->source, odd->source_port)));
}

enum wl_verdict wl_answers_group_once(const struct wl_case *c, struct wl_finding *finding)
{
	enum wl_verdict verdict = wl_answers_group(c, finding);
	const struct wl_datagram *asked, *more;
	struct dialogue had;
	struct view view;

	if (verdict != WL_PASS || !view_open(&view, c))
		return verdict;
	for (asked = view.all; !asks(&view, asked); asked++)
		;
	more = stray(&view, view.all);
	if (more)
		return wl_failed(c, finding, more->frame, _("one answer and no other datagram"),
			wl_format(c->arena, _("One more datagram went to %s: %s."),
				view_endpoint(&view, more->destination, more->destination_port),
				view_show(&view, more->payload, more->payload_len)));
	had = dialogue(&view, asked);
	if (had.answers <= had.questions * due(&view))
		return wl_passed();
	return wl_failed(c, finding, asked->frame, _("one answer and no other datagram"),
		wl_format(c->arena, _("%zu answers came back."), had.answers));
}

enum wl_verdict wl_prints_heard(const struct wl_case *c, struct wl_finding *finding)
{
	size_t questions = 0;
	struct view view;

	if (!view_open(&view, c))
		return view_not_started(c, finding);
	for (size_t i = 0; i < view.count; i++) {
		if (!asks(&view, &view.all[i]))
			continue;
		questions++;
		if (!view_times_printed(&view, &view.all[i], true))
			return view_not_printed(&view, finding, &view.all[i], true);
	}
	return questions ? wl_passed() : not_asked(&view, finding);
}
