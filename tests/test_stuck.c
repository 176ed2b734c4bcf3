/*
 * Wrong programs of fixtures/mutants that are stuck, or whose peers wait in vain: what the failure says of them must name the wait, and
 * where things went. They are graded once, as a person grades a few folders.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/ran.h"
#include "tests/result.h"
#include "tests/tests.h"

static const struct {
	const char *mutant, *requirement;
	const char *says[2];
} rows[] = {
	{ "mc_receiver_on_other_port", "multicast.receiver.opens",
		{ "waits in recvfrom() on UDP 0.0.0.0:49002 (nothing has come to it).", "came to UDP port 49003, where it has no socket: 1." } },
	{ "mc_receiver_stops_after_10", "multicast.receiver.many",
		{ "It waits in read() on its keyboard.", "does not wait on UDP 0.0.0.0:49003 (datagrams that have come to its port: " } },
	{ "mc_sender_on_lo", "multicast.sender.sends", { "UDP to 224.1.1.1:49003, over lo." } },
	{ "raw_receiver_asks_for_enter", "raw.receiver.again", { "on its keyboard. It does not wait on a packet socket for all frames" } },
	{ "raw_receiver_on_lo", "raw.receiver.prints", { "The frame came over another interface than that of" } },
	{ "raw_sender_on_lo", "raw.sender.sends", { "What left its machine: a frame of type 0800, over lo." } },
	{ "raw_sender_waits_for_answer", "raw.sender.ends", { "on a packet socket without a protocol, which gets no frames" } },
	{ "tcp_client_bound_to_interface", "tcp_struct.client.loopback", { "ARP for 127.0.0.1, which nobody has." } },
	{ "tcp_client_udp", "tcp_struct.client.connects", { "UDP to 127.0.0.1:49001, over lo, refused (ICMP port unreachable)." } },
	{ "tcp_client_waits_for_answer", "tcp_struct.client.closes",
		{ "It waits in recvfrom() on TCP 127.0.0.1:", " > 127.0.0.1:49001 (bytes that the other side has sent: 0, unread: 0)." } },
	{ "tcp_echo_server_one_at_a_time", "tcp_echo.server.silent",
		{ "one waits in recvfrom() on TCP 10.77.0.2:49001 > ", "on listening TCP 0.0.0.0:49001 (connections that wait to be accepted: " } },
	{ "tcp_echo_server_reads_to_the_end", "tcp_echo.server.answers", { " one waits in recvfrom() on TCP ", ", unread: 0)" } },
	{ "tcp_server_computes_on", "tcp_struct.server.ends", { "It computes and does not wait for anything." } },
	{ "tcp_server_udp_socket", "tcp_struct.server.listens",
		{ "It waits in recvfrom() on UDP 0.0.0.0:49001 (nothing has come to it).", "TCP connections to port 49001 that were refused: 1." } },
	{ "udp2_server_connects_to_first", "udp_class.server.clients", { "is connected and hears nobody else; datagrams from others: " } },
	{ "udp2_server_hangs_after_enter", "udp_class.server.ends", { "one waits in recvfrom() on a socket or file that it has closed" } },
	{ "udp_client_receives_twice", "udp_echo.client.ends",
		{ "It waits in recvfrom() on UDP 0.0.0.0:", " (datagrams that have come to its port: 1, its queue is empty)." } },
	{ "udp_client_asks_again", "udp_echo.client.ends", { "It waits in read() on its keyboard." } },
	{ "udp_server_only_on_loopback", "udp_echo.server.answers",
		{ "It waits in recvfrom() on UDP 127.0.0.1:49002", "hears only what is sent to that address; datagrams to 10.77.0.2: 1." } },
};
#define ROWS (sizeof(rows) / sizeof(*rows))

/* What was there instead, as the report says it; "" when the requirement did not fail. */
static const char *actual_of(const json_t *submission, const char *id)
{
	const json_t *lesson, *finding;
	size_t i, k;

	json_array_foreach(json_object_get(submission, "lessons"), i, lesson)
		json_array_foreach(json_object_get(lesson, "requirements"), k, finding)
			if (strcmp(json_string_value(json_object_get(finding, "id")), id) == 0 &&
				strcmp(json_string_value(json_object_get(finding, "verdict")), "fail") == 0)
				return json_string_value(json_object_get(finding, "actual"));
	return "";
}

static void check_row(const json_t *result, size_t row)
{
	const char *actual = actual_of(result_of(result, rows[row].mutant), rows[row].requirement);

	for (size_t i = 0; i < 2 && rows[row].says[i]; i++) {
		CU_ASSERT_PTR_NOT_NULL(strstr(actual, rows[row].says[i]));
		if (!strstr(actual, rows[row].says[i]))
			fprintf(stderr, "%s\nwant: %s\nhave: %s\n", rows[row].mutant, rows[row].says[i], actual);
	}
}

static void the_stuck_are_explained(void)
{
	static const char *const options[] = { "grade", "--quiet", "-j", "6", "--json", "-" };
	const char *words[1 + sizeof(options) / sizeof(*options) + ROWS + 1] = { wirelab() };
	char paths[ROWS][PATH_MAX];
	ran_auto struct ran run = { .out_fd = -1, .err_fd = -1 };
	json_auto_t *result = NULL;
	size_t count = 1;

	if (!can_stage())
		return;
	if (access(source("fixtures/mutants/TABLE"), R_OK) < 0 || getenv("WL_QUICK")) {
		notrun("seen as the other user already, or the source tree cannot be read from here");
		return;
	}
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		words[count++] = options[i];
	for (size_t i = 0; i < ROWS; i++) {
		snprintf(paths[i], sizeof(paths[i]), "%s/%s", source("fixtures/mutants"), rows[i].mutant);
		words[count++] = paths[i];
	}
	run = ran(NULL, words);
	CU_ASSERT_EQUAL(run.status, 1);
	result = json_loads(run.out, 0, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(result);
	for (size_t i = 0; i < ROWS; i++)
		check_row(result, i);
}

void suite_stuck(void);
void suite_stuck(void)
{
	test("the stuck are explained", the_stuck_are_explained);
}
