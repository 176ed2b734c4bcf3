/*
 * One sendmsg(2) for many messages: libnl builds each, and its own send call takes them as one
 * vector. The kernel works them off in order, goes on behind one that fails, always reports a
 * failure, and confirms a success only where asked: so the last alone asks. When its answer is
 * there, all are done.
 *
 * Answers are told apart by their sequence numbers, which run on from that of the first order.
 */
#include "netns/batch.h"

#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "harness/base/text.h"

static void note_trouble(struct batch *batch, const char *complaint, int error)
{
	if (batch->complaint)
		return;
	batch->complaint = complaint;
	batch->trouble = error;
}

/* The order that HEADER answers; BATCH_MOST when it is none of this batch's. */
static size_t order_of(const struct batch *batch, const struct nlmsghdr *header)
{
	size_t number = header->nlmsg_seq - batch->first_seq;

	return number < batch->count ? number : BATCH_MOST;
}

static int on_ack(struct nl_msg *msg, void *arg)
{
	struct batch *batch = arg;
	size_t number = order_of(batch, nlmsg_hdr(msg));

	if (number != BATCH_MOST)
		batch->answered = number + 1;
	return NL_OK;
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *refusal, void *arg)
{
	struct batch *batch = arg;
	size_t number = order_of(batch, &refusal->msg);
	int error = -nl_syserr2nlerr(refusal->error);

	(void)from;
	if (number == BATCH_MOST)
		return NL_SKIP;
	batch->answered = number + 1;
	if (error != batch->orders[number].pardoned)
		note_trouble(batch, batch->orders[number].complaint, error);
	return NL_SKIP;
}

/* The answer to a question for a link. */
static int on_link(struct nl_msg *msg, void *arg)
{
	const struct ifinfomsg *link = nlmsg_data(nlmsg_hdr(msg));
	struct batch *batch = arg;

	if (nlmsg_hdr(msg)->nlmsg_type == RTM_NEWLINK &&
		nlmsg_valid_hdr(nlmsg_hdr(msg), sizeof(*link)) && !(link->ifi_flags & IFF_RUNNING))
		batch->without_carrier++;
	return NL_OK;
}

int batch_open(struct batch *batch, int fd, const char *where, struct wl_err *err)
{
	int result;

	*batch = (struct batch){ .where = where, .socket = nl_socket_alloc() };
	result = batch->socket ? nl_socket_set_fd(batch->socket, NETLINK_ROUTE, fd) : -NLE_NOMEM;
	if (result < 0) {
		close(fd);
		batch_close(batch);
		return wl_err(err, _("cannot use an rtnetlink socket: %s"), nl_geterror(result));
	}
	nl_socket_disable_msg_peek(batch->socket);
	nl_socket_set_msg_buf_size(batch->socket, 16384);
	nl_socket_disable_auto_ack(batch->socket);
	nl_socket_disable_seq_check(batch->socket);
	nl_socket_modify_cb(batch->socket, NL_CB_ACK, NL_CB_CUSTOM, on_ack, batch);
	nl_socket_modify_cb(batch->socket, NL_CB_VALID, NL_CB_CUSTOM, on_link, batch);
	nl_socket_modify_err_cb(batch->socket, NL_CB_CUSTOM, on_error, batch);
	return 0;
}

static void drop_orders(struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		nlmsg_free(batch->orders[i].msg);
	batch->count = 0;
}

void batch_close(struct batch *batch)
{
	drop_orders(batch);
	nl_socket_free(batch->socket);
	batch->socket = NULL;
}

/*
 * Number the orders and lay them out for one sendmsg(2), each at the alignment that the kernel
 * expects.
 */
static void lay_out(struct batch *batch, struct iovec *vector)
{
	for (size_t i = 0; i < batch->count; i++) {
		struct nlmsghdr *header = nlmsg_hdr(batch->orders[i].msg);

		if (i == batch->count - 1)
			header->nlmsg_flags |= NLM_F_ACK;
		nl_complete_msg(batch->socket, batch->orders[i].msg);
		vector[i].iov_base = header;
		vector[i].iov_len = NLMSG_ALIGN(header->nlmsg_len);
	}
	batch->first_seq = nlmsg_hdr(batch->orders[0].msg)->nlmsg_seq;
}

static void exchange(struct batch *batch)
{
	struct iovec vector[BATCH_MOST];
	int result;

	if (batch->count == 0 || batch->complaint)
		return;
	lay_out(batch, vector);
	batch->answered = 0;
	result = nl_send_iovec(
		batch->socket, batch->orders[0].msg, vector, (unsigned int)batch->count);
	while (result >= 0 && batch->answered < batch->count)
		result = nl_recvmsgs_default(batch->socket);
	if (result < 0)
		note_trouble(batch, N_("%s: no exchange with the kernel"), result);
}

void batch_add(struct batch *batch, int result, struct nl_msg *msg, const char *complaint)
{
	if (result < 0) {
		note_trouble(batch, complaint, result);
		return;
	}
	if (batch->count == BATCH_MOST) {
		exchange(batch);
		drop_orders(batch);
	}
	batch->orders[batch->count++] = (struct batch_order){ .msg = msg, .complaint = complaint };
}

void batch_pardon(struct batch *batch, int error)
{
	if (batch->count > 0)
		batch->orders[batch->count - 1].pardoned = error;
}

int batch_send(struct batch *batch, struct wl_err *err)
{
	exchange(batch);
	drop_orders(batch);
	if (!batch->complaint)
		return 0;
	wl_err(err, "%s", nl_geterror(batch->trouble));
	return wl_err_prefix(err, _(batch->complaint), batch->where);
}
