#pragma once
#include <netlink/netlink.h>
#include <stddef.h>

#include "harness/base/err.h"

/*
 * Orders to the kernel over one rtnetlink socket (rtnetlink(7)): collected, sent together,
 * answered once. Trouble while collecting is kept and told by batch_send(), so that a list of
 * orders reads as a list.
 */
#define BATCH_MOST 48

struct batch_order {
	struct nl_msg *msg;
	const char *complaint; /* what to say when it is refused: N_("host %s ..."), for WHERE */
	int pardoned;          /* a libnl error that is no trouble for this order, or 0 */
};

struct batch {
	struct nl_sock *socket;
	const char *where; /* host, or "wire" */
	struct batch_order orders[BATCH_MOST];
	size_t count;
	unsigned int first_seq; /* while waiting for answers: the sequence number of orders[0] */
	size_t answered;        /* ... and how many orders are known to be done */
	size_t without_carrier; /* links that a batch asked for and that had none */
	const char *complaint;  /* the first trouble, NULL when none */
	int trouble;            /* its libnl error */
};

/*
 * FD: an rtnetlink socket; it is the batch's from now on. WHERE must outlive the batch. Returns 0
 * or -1.
 */
int batch_open(struct batch *batch, int fd, const char *where, struct wl_err *err);
void batch_close(struct batch *batch); /* zeroed is fine; orders that were not sent are dropped */

/*
 * Take over MSG. RESULT is what the libnl call that built it returned; when negative MSG is not
 * looked at. A full batch is sent on its own.
 */
void batch_add(struct batch *batch, int result, struct nl_msg *msg, const char *complaint);

/* The order that was added last may fail with this libnl error. */
void batch_pardon(struct batch *batch, int error);

/*
 * Send what was collected and wait until all of it is done. Returns 0, or -1 with the first
 * trouble.
 */
int batch_send(struct batch *batch, struct wl_err *err);

#define batch_auto __attribute__((cleanup(batch_close)))
