/*
 * Whose datagram is it. On a cable the direction tells who sent; on lo only the ports do, and what a program alone on its host
 * sends to its own port comes from nobody else.
 */
#include "harness/udp_view.h"

#include <string.h>

#define DNS_PORT 53
#define DNS_HEADER_LEN 12

int udp_look(struct udp_view *view, const struct wl_case *c, const char *actor)
{
	int performer = wl_case_performer(c, actor, 0);

	if (performer < 0)
		return -1;
	view->c = c;
	view->host = c->seen->performers[performer].host;
	view->shared = false;
	for (size_t i = 0; i < c->seen->performer_count; i++)
		view->shared = view->shared ||
			       ((int)i != performer && strcmp(c->seen->performers[i].host, view->host) == 0);
	view->all = wl_datagrams(c->seen, c->arena, &view->count);
	return 0;
}

static bool at_host(const struct udp_view *view, const struct wl_datagram *datagram)
{
	return strcmp(view->c->seen->points[datagram->point].host, view->host) == 0;
}

bool udp_comes(const struct udp_view *view, const struct wl_datagram *datagram)
{
	return at_host(view, datagram) && datagram->direction != WL_FROM_HOST;
}

bool udp_goes(const struct udp_view *view, const struct wl_datagram *datagram)
{
	return at_host(view, datagram) && datagram->direction != WL_TO_HOST;
}

bool udp_carries(const struct wl_datagram *datagram, const uint8_t *bytes, size_t len)
{
	return datagram->payload_len == len && (len == 0 || memcmp(datagram->payload, bytes, len) == 0);
}

const char *udp_endpoint(const struct udp_view *view, const char *address, uint16_t port)
{
	return wl_format(view->c->arena, "%s:%u", address, port);
}

const char *udp_show(const struct udp_view *view, const uint8_t *bytes, size_t len)
{
	return wl_show_sized(bytes, len, view->c->arena);
}

const char *udp_with_end(const struct wl_case *c, const char *actual)
{
	return wl_format(c->arena, "%s%s", actual, wl_how_it_went(c, c->check->actor));
}

/* RFC 1035 section 4.1.1: a standard query for one name, without answers. */
bool udp_name_lookup(const struct udp_view *view, const struct wl_datagram *datagram)
{
	const uint8_t *header = datagram->payload;

	return datagram->destination_port == DNS_PORT && view->c->check->port != DNS_PORT &&
	       datagram->payload_len > DNS_HEADER_LEN && (header[2] & 0xf8) == 0 && header[4] == 0 &&
	       header[5] == 1 && header[6] == 0 && header[7] == 0;
}

/* What a server that is alone on its host sends to its own port, to wake its receive: nobody else's business. */
static bool talks_to_itself(const struct udp_view *view, const struct wl_datagram *datagram)
{
	return datagram->direction == WL_WITHIN_HOST && !view->shared &&
	       datagram->destination_port == view->c->check->port;
}

bool udp_asks(const struct udp_view *view, const struct wl_datagram *datagram)
{
	return udp_comes(view, datagram) && datagram->destination_port == view->c->check->port &&
	       !talks_to_itself(view, datagram);
}

bool udp_tells(const struct udp_view *view, const struct wl_datagram *datagram)
{
	return udp_goes(view, datagram) && !udp_asks(view, datagram) && !talks_to_itself(view, datagram) &&
	       !udp_name_lookup(view, datagram);
}
