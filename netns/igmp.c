/*
 * /proc/net/igmp is a table of two levels: a line for each interface, and indented below it a
 * line for each group.
 *
 *   Idx	Device    : Count Querier	Group    Users Timer	Reporter
 *   2	eth0      :     2      V3
 *   				010101E0     1 0:00000000		0
 *
 * The group is the 32-bit word as it lies in memory (network byte order), printed as a number of
 * the machine's order.
 */
#include "netns/igmp.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/text.h"

static void take_group(uint32_t group_be, unsigned int users, const char *interface,
	struct wl_arena *arena, struct wl_membership **memberships, size_t *count)
{
	struct wl_membership *membership = wl_append(arena, memberships, count);

	snprintf(membership->interface, sizeof(membership->interface), "%s", interface);
	inet_ntop(AF_INET, &group_be, membership->group, sizeof(membership->group));
	membership->users = users;
}

void igmp_parse(
	char *text, struct wl_arena *arena, struct wl_membership **memberships, size_t *count)
{
	char interface[16] = "", *rest = NULL;
	unsigned int number, users;

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (line[0] != '\t' && line[0] != ' ')
			sscanf(line, "%u %15[^: \t]", &number, interface);
		else if (sscanf(line, "%x %u", &number, &users) == 2)
			take_group(number, users, interface, arena, memberships, count);
	}
}

int igmp_read(int fd, struct wl_arena *arena, struct wl_membership **memberships, size_t *count,
	struct wl_err *err)
{
	size_t size = 4096, len = 0;
	char *text = wl_alloc(arena, size);
	ssize_t got;

	while ((got = pread(fd, text + len, size - 1 - len, (off_t)len)) > 0) {
		len += (size_t)got;
		if (len < size - 1)
			continue;
		size *= 2;
		text = memcpy(wl_alloc(arena, size), text, len);
	}
	if (got < 0)
		return wl_err_errno(err, _("cannot read %s"), "/proc/net/igmp");
	igmp_parse(text, arena, memberships, count);
	return 0;
}
