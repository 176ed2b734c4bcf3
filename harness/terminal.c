/*
 * The terminal of a program. The master end is what the harness reads and types on; the other end
 * is opened through the master (TIOCGPTPEER), so that no path under /dev/pts is needed.
 *
 * Two settings protect evidence: without NOFLSH a Ctrl-C would throw away what the program had
 * printed and nobody had read yet, and with IEXTEN a typed 0x16 or 0x0f would vanish. In canonical
 * mode the kernel drops what exceeds 4095 bytes of one line without a word; such a line is refused
 * here instead.
 *
 * A program may open its terminal again, as /dev/stdout or /dev/stderr; as it is another user's, anybody may. Nobody else sees it.
 */
#include "harness/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/clock.h"
#include "harness/base/text.h"

static int set_up(int slave)
{
	struct winsize size = { .ws_row = 24, .ws_col = 200 };
	struct termios settings;

	if (tcgetattr(slave, &settings) < 0)
		return -1;
	settings.c_iflag &= ~(tcflag_t)(IXON | IXOFF | IMAXBEL | ISTRIP | INLCR | IGNCR);
	settings.c_iflag |= ICRNL | IUTF8;
	settings.c_oflag &= ~(tcflag_t)(OPOST | ONLCR);
	settings.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL | ECHOCTL | ECHOKE | IEXTEN);
	settings.c_lflag |= ICANON | ISIG | NOFLSH;
	if (tcsetattr(slave, TCSANOW, &settings) < 0)
		return -1;
	return ioctl(slave, TIOCSWINSZ, &size);
}

int terminal_open(int *master, int *slave, struct wl_err *err)
{
	wl_auto_fd int ours = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	wl_auto_fd int theirs = -1;

	if (ours < 0)
		return wl_err_errno(err, _("cannot open a pseudo-terminal (/dev/ptmx)"));
	if (grantpt(ours) < 0 || unlockpt(ours) < 0)
		return wl_err_errno(err, _("cannot unlock a pseudo-terminal"));
	theirs = ioctl(ours, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (theirs < 0 || fchmod(theirs, 0666) < 0 || set_up(theirs) < 0)
		return wl_err_errno(err, _("cannot set up a pseudo-terminal"));
	*master = wl_steal_fd(&ours);
	*slave = wl_steal_fd(&theirs);
	return 0;
}

static size_t longest_line(const char *bytes, size_t len)
{
	size_t longest = 0, line = 0;

	for (size_t i = 0; i < len; i++) {
		line = bytes[i] == '\n' || bytes[i] == '\r' ? 0 : line + 1;
		if (line > longest)
			longest = line;
	}
	return longest;
}

static bool takes_lines(int master)
{
	struct termios settings;

	return tcgetattr(master, &settings) < 0 || settings.c_lflag & ICANON;
}

int terminal_type(int master, const void *bytes, size_t len, struct wl_err *err)
{
	uint64_t deadline = wl_monotonic_ns() + TERMINAL_PATIENCE_MS * 1000000ull;
	const char *rest = bytes;

	if (longest_line(bytes, len) > TERMINAL_LINE_MAX && takes_lines(master))
		return wl_err(err, _("a terminal takes at most %d bytes in a line"),
			TERMINAL_LINE_MAX);
	while (len > 0) {
		ssize_t written = write(master, rest, len);

		if (written > 0) {
			rest += written;
			len -= (size_t)written;
			continue;
		}
		if (written < 0 && errno != EAGAIN && errno != EINTR)
			return wl_err_errno(err, _("cannot type on the terminal"));
		if (wl_monotonic_ns() > deadline)
			return wl_err(err,
				_("the terminal takes no more: %zu bytes could not be typed"), len);
		poll(&(struct pollfd){ .fd = master, .events = POLLOUT }, 1, 10);
	}
	return 0;
}
