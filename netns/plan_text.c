/*
 * The small languages in a stage's tables: addresses, prefixes, MACs, names. What the kernel
 * would take in a sense that nobody meant (an octal number, a host bit in a route) is refused
 * here.
 */
#include "netns/plan_text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

bool plan_read_address(const char *text, struct in_addr *address)
{
	return inet_pton(AF_INET, text, address) == 1;
}

bool plan_read_prefix(const char *text, struct plan_prefix *prefix)
{
	const char *slash = strchr(text, '/');
	char address[INET_ADDRSTRLEN];
	char behind;

	if (!slash || (size_t)(slash - text) >= sizeof(address) ||
		!isdigit((unsigned char)slash[1]))
		return false;
	snprintf(address, sizeof(address), "%.*s", (int)(slash - text), text);
	return plan_read_address(address, &prefix->address) &&
	       sscanf(slash + 1, "%2u%c", &prefix->length, &behind) == 1 && prefix->length <= 32;
}

static bool has_host_bits(const struct plan_prefix *prefix)
{
	uint32_t mask = prefix->length ? ~(uint32_t)0 << (32 - prefix->length) : 0;

	return ntohl(prefix->address.s_addr) & ~mask;
}

bool plan_read_destination(const char *text, struct plan_prefix *prefix)
{
	if (strcmp(text, "default") == 0) {
		*prefix = (struct plan_prefix){ .length = 0 };
		return true;
	}
	return plan_read_prefix(text, prefix) && !has_host_bits(prefix);
}

bool plan_read_mac(const char *text, uint8_t mac[6])
{
	static const uint8_t zero[6];
	unsigned int byte;

	if (strlen(text) != 17)
		return false;
	for (size_t i = 0; i < 6; i++, text += 3) {
		if (!isxdigit((unsigned char)text[0]) || !isxdigit((unsigned char)text[1]) ||
			text[2] != (i < 5 ? ':' : '\0') || sscanf(text, "%2x", &byte) != 1)
			return false;
		mac[i] = (uint8_t)byte;
	}
	return !(mac[0] & 1) && memcmp(mac, zero, 6) != 0;
}

bool plan_is_name(const char *text)
{
	size_t len =
		strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.");

	return len > 0 && len <= 15 && text[len] == '\0' && strcmp(text, ".") != 0 &&
	       strcmp(text, "..") != 0;
}
