/*
 * Ethernet and IPv4 headers and MAC addresses, read byte by byte behind a check of what is there.
 * lo frames have an Ethernet header too (of zeros), so that cables and lo read alike.
 */
#include "harness/packet.h"

#include <linux/if_ether.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "harness/ipv4.h"

bool wl_parse_ether(const struct wl_frame *frame, struct wl_ether *ether)
{
	if (frame->len < ETH_HLEN)
		return false;
	*ether = (struct wl_ether){
		.destination = frame->bytes,
		.source = frame->bytes + ETH_ALEN,
		.type = be16(frame->bytes + 2 * ETH_ALEN),
		.payload = frame->bytes + ETH_HLEN,
		.payload_len = frame->len - ETH_HLEN,
	};
	return true;
}

/* Over a right header, its checksum included, the ones' complement sum is 0xffff. */
bool ipv4_sum_fits(const uint8_t *at, size_t len)
{
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += be16(at + i);
	if (len % 2)
		sum += (uint32_t)at[len - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff;
}

bool ipv4_parse(const struct wl_ether *ether, struct ipv4 *ip)
{
	const uint8_t *at = ether->payload;
	size_t header, total;

	if (ether->type != ETH_P_IP || ether->payload_len < 20 || at[0] >> 4 != 4)
		return false;
	header = (size_t)(at[0] & 0x0f) * 4;
	total = be16(at + 2);
	if (header < 20 || total < header || total > ether->payload_len || !ipv4_sum_fits(at, header))
		return false;
	*ip = (struct ipv4){
		.ttl = at[8],
		.protocol = at[9],
		.id = be16(at + 4),
		.offset = (size_t)(be16(at + 6) & 0x1fff) * 8,
		.more = at[6] & 0x20,
		.source = at + 12,
		.destination = at + 16,
		.data = at + header,
		.len = total - header,
	};
	return true;
}

bool wl_is_bare_ack(const struct wl_frame *frame)
{
	struct wl_ether ether;
	struct ipv4 ip;

	if (!wl_parse_ether(frame, &ether) || !ipv4_parse(&ether, &ip) || ip.protocol != IPPROTO_TCP || ip.len < 20)
		return false;
	return ip.len == (size_t)(ip.data[12] >> 4) * 4 && (ip.data[13] & 0x3f) == 0x10 && !ipv4_is_fragment(&ip);
}

void ipv4_text(const uint8_t *address, char text[IPV4_TEXT])
{
	snprintf(text, IPV4_TEXT, "%u.%u.%u.%u", address[0], address[1], address[2], address[3]);
}

char *wl_format_mac(const uint8_t *mac, struct wl_arena *arena)
{
	return wl_format(arena, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
		mac[4], mac[5]);
}

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *at;
	char lower = c >= 'A' && c <= 'F' ? (char)(c - 'A' + 'a') : c;

	at = c ? strchr(digits, lower) : NULL;
	return at ? (int)(at - digits) : -1;
}

bool wl_parse_mac(const char *text, uint8_t mac[6])
{
	int i, high, low;

	if (strlen(text) != 17)
		return false;
	for (i = 0; i < 6; i++) {
		high = hex_digit(text[3 * i]);
		low = hex_digit(text[3 * i + 1]);
		if (high < 0 || low < 0 || (i < 5 && text[3 * i + 2] != ':'))
			return false;
		mac[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}
