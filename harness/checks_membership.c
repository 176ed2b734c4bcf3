/*
 * Verbs on the membership in a multicast group. Two witnesses are asked: the host's own list, which was noted whenever the program was
 * found waiting, and the IGMP report that the kernel sends for each group that is joined on a cable. On lo there is none.
 */
#include "harness/multicast_view.h"

#include <string.h>

#define ALL_HOSTS "224.0.0.1" /* every host is in it */

static bool reported(const struct view *view)
{
	size_t count;
	const struct wl_group_report *reports = wl_group_reports(view->c->seen, view->c->arena, &count);

	for (size_t i = 0; i < count; i++)
		if (reports[i].member && reports[i].direction == WL_FROM_HOST &&
			strcmp(reports[i].group, view->c->check->group) == 0 &&
			strcmp(view->c->seen->points[reports[i].point].host, view->host) == 0)
			return true;
	return false;
}

/* A membership that was noted for the actor: in the check's group, or (OTHER) in one that a program must have joined. */
static const struct wl_membership *membership(const struct view *view, bool other)
{
	for (size_t i = 0; i < view->c->seen->membership_count; i++) {
		const struct wl_seen_membership *noted = &view->c->seen->memberships[i];
		bool asked = strcmp(noted->membership.group, view->c->check->group) == 0;

		if (noted->performer == view->performer &&
			(other ? !asked && strcmp(noted->membership.group, ALL_HOSTS) != 0 : asked))
			return &noted->membership;
	}
	return NULL;
}

static enum wl_verdict did_not_join(const struct view *view, struct wl_finding *finding)
{
	const struct wl_case *c = view->c;
	const struct wl_membership *other = membership(view, true);

	return wl_missed(c, finding, 0, 0,
		wl_format(c->arena, _("%s in the list of the machine's groups, and an IGMP report for it"), c->check->group),
		view_with_end(c, other ? wl_format(c->arena, _("The machine is in the group %s instead."), other->group)
				       : _("The machine is in no such group.")));
}

enum wl_verdict wl_joins_group(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_membership *joined;
	struct view view;

	if (!view_open(&view, c))
		return view_not_started(c, finding);
	joined = membership(&view, false);
	if (!joined)
		return did_not_join(&view, finding);
	if (reported(&view))
		return wl_passed();
	if (strcmp(joined->interface, "lo") != 0)
		return wl_unclear(c, finding, _("the machine is in the group, but its IGMP report was not captured"));
	return wl_failed(c, finding, 0, wl_format(c->arena, _("an IGMP report for %s on the cable"), c->check->group),
		_("The group was joined on lo alone, so that no other machine hears of it."));
}

enum wl_verdict wl_keeps_group(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_observation *seen = c->seen;
	uint64_t last = 0;
	struct view view;
	bool member = false;

	if (!view_open(&view, c))
		return view_not_started(c, finding);
	for (size_t i = 0; i < seen->membership_count; i++) {
		const struct wl_seen_membership *noted = &seen->memberships[i];

		if (noted->performer != view.performer || noted->at_ns < last)
			continue;
		member = (noted->at_ns == last && member) || strcmp(noted->membership.group, c->check->group) == 0;
		last = noted->at_ns;
	}
	if (!last && !wl_find_event(seen, view.performer, WL_EVENT_ENDED, 0))
		return wl_unclear(c, finding, _("the machine's groups were not looked at"));
	if (member)
		return wl_passed();
	return wl_failed(c, finding, 0,
		wl_format(c->arena, _("the machine is still in %s behind the datagrams"), c->check->group),
		view_with_end(c, _("It has left the group.")));
}
