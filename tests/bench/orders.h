#pragma once
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/*
 * rtnetlink by hand: messages laid out one behind the other in one buffer. For probes, which end
 * when anything fails.
 */

static inline void die(const char *what)
{
	perror(what);
	exit(1);
}

/* Messages in a row, the last of which asks for an answer. */
struct orders {
	char bytes[8192];
	size_t len;
	struct nlmsghdr *last;
};

static inline void begin(
	struct orders *orders, uint16_t type, uint16_t flags, const void *header, size_t size)
{
	struct nlmsghdr *message = (struct nlmsghdr *)(orders->bytes + orders->len);

	memset(message, 0, NLMSG_SPACE(size));
	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | flags;
	message->nlmsg_seq = orders->last ? orders->last->nlmsg_seq + 1 : 1;
	message->nlmsg_len = NLMSG_LENGTH(size);
	memcpy(NLMSG_DATA(message), header, size);
	orders->last = message;
	orders->len += NLMSG_SPACE(size);
}

static inline struct rtattr *put(
	struct orders *orders, uint16_t type, const void *data, size_t size)
{
	struct rtattr *attribute = (struct rtattr *)(orders->bytes + orders->len);

	memset(attribute, 0, RTA_SPACE(size));
	attribute->rta_type = type;
	attribute->rta_len = (uint16_t)RTA_LENGTH(size);
	if (size)
		memcpy(RTA_DATA(attribute), data, size);
	orders->len += RTA_SPACE(size);
	orders->last->nlmsg_len = (uint32_t)(orders->bytes + orders->len - (char *)orders->last);
	return attribute;
}

static inline void put_u32(struct orders *orders, uint16_t type, uint32_t value)
{
	put(orders, type, &value, sizeof(value));
}

static inline void put_text(struct orders *orders, uint16_t type, const char *text)
{
	put(orders, type, text, strlen(text) + 1);
}

static inline void end(struct orders *orders, struct rtattr *nest)
{
	nest->rta_len = (uint16_t)(orders->bytes + orders->len - (char *)nest);
}

/* Send all and wait for the answer to the last. */
static inline void finish(struct orders *orders, int rtnl)
{
	char answers[16384];
	uint32_t last = orders->last->nlmsg_seq;

	orders->last->nlmsg_flags |= NLM_F_ACK;
	if (send(rtnl, orders->bytes, orders->len, 0) < 0)
		die("send");
	for (;;) {
		ssize_t got = recv(rtnl, answers, sizeof(answers), 0);
		struct nlmsghdr *answer = (struct nlmsghdr *)answers;

		if (got < 0)
			die("recv");
		for (; NLMSG_OK(answer, (size_t)got); answer = NLMSG_NEXT(answer, got)) {
			if (answer->nlmsg_type != NLMSG_ERROR)
				continue;
			errno = -((struct nlmsgerr *)NLMSG_DATA(answer))->error;
			if (errno)
				die("rtnetlink");
			if (answer->nlmsg_seq == last)
				return;
		}
	}
}
