/*
 * A program that calls 127.0.0.1 reaches another host: its packets get a new destination where
 * they leave the socket (output hook), are routed again, and get the address of the interface
 * instead of 127.0.0.1 as their source (postrouting). Connection tracking turns the replies back.
 * Two things must permit it: route_localnet on the interface, set when it is raised, and nobody's
 * own filters, which an anonymous namespace has not.
 *
 * libnftables opens its netlink socket when its context is made, so that must happen inside the
 * namespace.
 */
#include "netns/nat.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <nftables/libnftables.h>
#include <sched.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/text.h"

static const char *rules_of(const struct plan *plan, size_t host, struct wl_arena *arena)
{
	const char *leads = "";
	char to[INET_ADDRSTRLEN];

	for (size_t i = 0; i < plan->lead_count; i++) {
		const struct plan_lead *lead = &plan->leads[i];

		if (lead->host != host)
			continue;
		inet_ntop(AF_INET, &lead->to, to, sizeof(to));
		leads = wl_format(arena, "%s\t\t%s dport %u dnat to %s\n", leads,
			lead->protocol == IPPROTO_TCP ? "tcp" : "udp", lead->port, to);
	}
	return wl_format(arena,
		"table ip wirelab {\n"
		"	chain lead {\n"
		"		type nat hook output priority -100;\n"
		"%s"
		"	}\n"
		"	chain leave {\n"
		"		type nat hook postrouting priority 100;\n"
		"		ip saddr 127.0.0.0/8 oifname != \"lo\" masquerade\n"
		"	}\n"
		"}\n",
		leads);
}

static int run_rules(const char *rules, struct wl_err *err)
{
	struct nft_ctx *nft = nft_ctx_new(NFT_CTX_DEFAULT);
	int result = -1;

	if (!nft)
		return wl_err(err, _("cannot use nftables"));
	nft_ctx_buffer_error(nft);
	nft_ctx_buffer_output(nft);
	if (nft_run_cmd_from_buffer(nft, rules) == 0)
		result = 0;
	else
		wl_err(err, _("this kernel refuses NAT rules (nf_tables, nft_nat, nft_masq): %.*s"),
			(int)strcspn(nft_ctx_get_error_buffer(nft), "\n"),
			nft_ctx_get_error_buffer(nft));
	nft_ctx_free(nft);
	return result;
}

int nat_lead(
	const struct plan *plan, size_t host, int netns, struct wl_arena *arena, struct wl_err *err)
{
	wl_auto_fd int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	int result;

	if (home < 0 || setns(netns, CLONE_NEWNET) < 0)
		return wl_err_errno(err, _("cannot enter a network namespace"));
	result = run_rules(rules_of(plan, host, arena), err);
	if (setns(home, CLONE_NEWNET) < 0)
		return wl_err_errno(err, _("cannot return to the own network namespace"));
	return result;
}
