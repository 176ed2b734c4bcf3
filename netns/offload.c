/*
 * The kernel spares itself work between its own interfaces: a veth carries unfinished checksums
 * and unsplit segments. A capture or a relay would see those, and a receiver drops what comes to
 * it over a raw socket with a wrong checksum. So they are switched off, by the ioctls of
 * ethtool(8).
 */
#include "netns/offload.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>

#include "harness/base/text.h"

static const struct {
	uint32_t command;
	const char *name;
	bool is_checksum;
} offloads[] = {
	{ ETHTOOL_STXCSUM, "tx-checksumming", true },
	{ ETHTOOL_STSO, "tcp-segmentation-offload", false },
	{ ETHTOOL_SGSO, "generic-segmentation-offload", false },
	{ ETHTOOL_SGRO, "generic-receive-offload", false },
};

int offload_stop(int socket, const char *interface, bool keep_checksum, struct wl_err *err)
{
	for (size_t i = 0; i < sizeof(offloads) / sizeof(*offloads); i++) {
		struct ethtool_value off = { .cmd = offloads[i].command, .data = 0 };
		struct ifreq request = { .ifr_data = (char *)&off };

		if (keep_checksum && offloads[i].is_checksum)
			continue;
		snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", interface);
		if (ioctl(socket, SIOCETHTOOL, &request) < 0)
			return wl_err_errno(
				err, _("cannot switch off %s on %s"), offloads[i].name, interface);
	}
	return 0;
}
