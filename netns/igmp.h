#pragma once
#include "netns/sockstate.h"

/*
 * The IPv4 memberships that the open file FD, a /proc/net/igmp, shows now; appended as
 * sockstate_memberships() says. Returns 0 or -1.
 */
int igmp_read(int fd, struct wl_arena *arena, struct wl_membership **memberships, size_t *count,
	struct wl_err *err);

/* The same from text, which is changed on the way. What is not of the known form is passed over. */
void igmp_parse(
	char *text, struct wl_arena *arena, struct wl_membership **memberships, size_t *count);
