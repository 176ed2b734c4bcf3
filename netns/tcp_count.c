/*
 * /proc/net/sockstat and sockstat6 hold one line for each kind of socket, and of TCP the kernel
 * keeps the numbers for each network namespace ready:
 *
 *   TCP: inuse 1 orphan 0 tw 2 alloc 3 mem 1          TCP6: inuse 1
 *
 * "inuse" are the sockets in its tables, listening ones too; "tw" those in TIME_WAIT, of both
 * families.
 */
#include "netns/tcp_count.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/text.h"

int tcp_count_open(struct tcp_count *count, struct wl_err *err)
{
	count->ipv4 = open("/proc/thread-self/net/sockstat", O_RDONLY | O_CLOEXEC);
	count->ipv6 = open("/proc/thread-self/net/sockstat6", O_RDONLY | O_CLOEXEC);
	if (count->ipv4 < 0)
		return wl_err_errno(err, _("cannot open %s"), "/proc/net/sockstat");
	return 0; /* sockstat6 is absent where IPv6 is */
}

void tcp_count_close(struct tcp_count *count)
{
	wl_close_fd(&count->ipv4);
	wl_close_fd(&count->ipv6);
	*count = (struct tcp_count)TCP_COUNT_NONE;
}

size_t tcp_count_parse(const char *text, const char *label)
{
	unsigned int inuse = 0, orphans = 0, in_time_wait = 0;
	size_t len = strlen(label);

	for (; text; text = strchr(text, '\n')) {
		text += *text == '\n';
		if (strncmp(text, label, len) != 0 || text[len] != ':')
			continue;
		if (sscanf(text + len, ": inuse %u orphan %u tw %u", &inuse, &orphans,
			    &in_time_wait) < 1)
			return (size_t)-1;
		return (size_t)inuse + in_time_wait;
	}
	return (size_t)-1;
}

static size_t read_one(int fd, const char *label)
{
	char text[1024];
	ssize_t len = pread(fd, text, sizeof(text) - 1, 0);

	if (len < 0)
		return (size_t)-1;
	text[len] = '\0';
	return tcp_count_parse(text, label);
}

size_t tcp_count_read(const struct tcp_count *count)
{
	size_t ipv4 = read_one(count->ipv4, "TCP");
	size_t ipv6 = count->ipv6 < 0 ? 0 : read_one(count->ipv6, "TCP6");

	return ipv4 == (size_t)-1 || ipv6 == (size_t)-1 ? (size_t)-1 : ipv4 + ipv6;
}
