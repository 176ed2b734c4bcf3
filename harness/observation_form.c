/*
 * The schema "wirelab-observation/1" as tables. A member that is added to observation.h gets its
 * row here, and is written, read and checked. Keys are the names of the members.
 */
#include "harness/observation_form.h"

#include <string.h>
#include <sys/socket.h>

#define HERE(type, member) offsetof(struct type, member), sizeof(((struct type *)0)->member)
/* clang-format off */
#define FIELD(type, member, kind) { #member, kind, HERE(type, member) }
#define INDEX_OF(type, member, counter)                                                         \
	{ #member, FORM_INDEX, HERE(type, member), offsetof(struct wl_observation, counter) }
#define CHOICE_OF(type, member, names) { #member, FORM_CHOICE, HERE(type, member), 0, 0, names }
#define BYTES_OF(type, member, len) { #member, FORM_BYTES, HERE(type, member), HERE(type, len) }
#define LIST(name, counter, type, fields)                                                       \
	{ #name, offsetof(struct wl_observation, name),                                         \
		offsetof(struct wl_observation, counter),                                       \
		sizeof(struct type), fields }
/* clang-format on */

static const struct form_name directions[] = {
	{ "from_host", WL_FROM_HOST },
	{ "to_host", WL_TO_HOST },
	{ "within_host", WL_WITHIN_HOST },
	{ NULL, 0 },
};

static const struct form_name event_kinds[] = {
	{ "started", WL_EVENT_STARTED },
	{ "ready", WL_EVENT_READY },
	{ "unready", WL_EVENT_UNREADY },
	{ "printed", WL_EVENT_PRINTED },
	{ "typed", WL_EVENT_TYPED },
	{ "paused", WL_EVENT_PAUSED },
	{ "ended", WL_EVENT_ENDED },
	{ "unended", WL_EVENT_UNENDED },
	{ "limit", WL_EVENT_LIMIT },
	{ "stopped", WL_EVENT_STOPPED },
	{ "quiet", WL_EVENT_QUIET },
	{ NULL, 0 },
};

static const struct form_name families[] = {
	{ "inet", AF_INET },
	{ "inet6", AF_INET6 },
	{ "packet", AF_PACKET },
	{ NULL, 0 },
};

static const struct form_name families_or_none[] = {
	{ "none", 0 },
	{ "inet", AF_INET },
	{ "inet6", AF_INET6 },
	{ "packet", AF_PACKET },
	{ NULL, 0 },
};

static const struct form_name doings[] = {
	{ "runs", WL_DOING_RUNS },
	{ "waits", WL_DOING_WAITS },
	{ "sleeps", WL_DOING_SLEEPS },
	{ "stopped", WL_DOING_STOPPED },
	{ "holds", WL_DOING_HOLDS },
	{ NULL, 0 },
};

static const struct form_name awaited[] = {
	{ "nothing", WL_ON_NOTHING },
	{ "socket", WL_ON_SOCKET },
	{ "terminal", WL_ON_TERMINAL },
	{ "pipe", WL_ON_PIPE },
	{ "closed", WL_ON_CLOSED },
	{ "task", WL_ON_TASK },
	{ "child", WL_ON_CHILD },
	{ "time", WL_ON_TIME },
	{ "signal", WL_ON_SIGNAL },
	{ NULL, 0 },
};

const struct form_field observation_heads[] = {
	FIELD(wl_observation, lesson, FORM_TEXT),
	FIELD(wl_observation, scenario, FORM_TEXT),
	FIELD(wl_observation, seed, FORM_DIGITS),
	FIELD(wl_observation, take, FORM_COUNT),
	FIELD(wl_observation, trouble, FORM_TROUBLE),
	{ NULL },
};

static const struct form_field value_fields[] = {
	FIELD(wl_value, name, FORM_TEXT),
	BYTES_OF(wl_value, bytes, len),
	{ NULL },
};

static const struct form_field point_fields[] = {
	FIELD(wl_point, host, FORM_TEXT),
	FIELD(wl_point, interface, FORM_TEXT),
	FIELD(wl_point, mac, FORM_TEXT),
	FIELD(wl_point, address, FORM_TEXT),
	FIELD(wl_point, dropped, FORM_COUNT),
	{ NULL },
};

static const struct form_field performer_fields[] = {
	FIELD(wl_performer, actor, FORM_TEXT),
	FIELD(wl_performer, host, FORM_TEXT),
	FIELD(wl_performer, program, FORM_TEXT),
	FIELD(wl_performer, submitted, FORM_TRUTH),
	{ NULL },
};

static const struct form_field event_fields[] = {
	FIELD(wl_event, at_ns, FORM_COUNT),
	CHOICE_OF(wl_event, kind, event_kinds),
	INDEX_OF(wl_event, performer, performer_count),
	FIELD(wl_event, step, FORM_COUNT),
	FIELD(wl_event, number, FORM_SIGNED),
	BYTES_OF(wl_event, bytes, len),
	{ NULL },
};

static const struct form_field frame_fields[] = {
	FIELD(wl_frame, at_ns, FORM_COUNT),
	INDEX_OF(wl_frame, point, point_count),
	CHOICE_OF(wl_frame, direction, directions),
	FIELD(wl_frame, wire_len, FORM_COUNT),
	BYTES_OF(wl_frame, bytes, len),
	{ NULL },
};

/* clang-format off */
#define SOCKET_OF(type, names)                                                                  \
	{ "family", FORM_CHOICE, HERE(type, socket.family), 0, 0, names },                      \
	{ "protocol", FORM_POSITIVE, HERE(type, socket.protocol) },                             \
	{ "local", FORM_TEXT_THERE, HERE(type, socket.local) },                                 \
	{ "local_port", FORM_COUNT, HERE(type, socket.local_port) },                            \
	{ "remote", FORM_TEXT_THERE, HERE(type, socket.remote) },                               \
	{ "remote_port", FORM_COUNT, HERE(type, socket.remote_port) },                          \
	{ "state", FORM_POSITIVE, HERE(type, socket.state) },                                   \
	{ "receive_queue", FORM_COUNT, HERE(type, socket.receive_queue) },                      \
	{ "ifindex", FORM_COUNT, HERE(type, socket.ifindex) },                                  \
	{ "inode", FORM_COUNT, HERE(type, socket.inode) }
/* clang-format on */

static const struct form_field socket_fields[] = {
	FIELD(wl_seen_socket, at_ns, FORM_COUNT),
	INDEX_OF(wl_seen_socket, performer, performer_count),
	SOCKET_OF(wl_seen_socket, families),
	{ NULL },
};

static const struct form_field membership_fields[] = {
	FIELD(wl_seen_membership, at_ns, FORM_COUNT),
	INDEX_OF(wl_seen_membership, performer, performer_count),
	{ "interface", FORM_TEXT_THERE, HERE(wl_seen_membership, membership.interface) },
	{ "group", FORM_TEXT_THERE, HERE(wl_seen_membership, membership.group) },
	{ "users", FORM_COUNT, HERE(wl_seen_membership, membership.users) },
	{ NULL },
};

static const struct form_field doing_fields[] = {
	FIELD(wl_seen_doing, at_ns, FORM_COUNT),
	INDEX_OF(wl_seen_doing, performer, performer_count),
	FIELD(wl_seen_doing, process, FORM_COUNT),
	FIELD(wl_seen_doing, task, FORM_COUNT),
	CHOICE_OF(wl_seen_doing, doing, doings),
	CHOICE_OF(wl_seen_doing, on, awaited),
	FIELD(wl_seen_doing, call, FORM_TEXT),
	FIELD(wl_seen_doing, sends, FORM_TRUTH),
	FIELD(wl_seen_doing, limited, FORM_TRUTH),
	SOCKET_OF(wl_seen_doing, families_or_none),
	{ NULL },
};

/* Points and performers come before what has indices into them. */
const struct form_list observation_lists[] = {
	LIST(values, value_count, wl_value, value_fields),
	LIST(points, point_count, wl_point, point_fields),
	LIST(performers, performer_count, wl_performer, performer_fields),
	LIST(events, event_count, wl_event, event_fields),
	LIST(frames, frame_count, wl_frame, frame_fields),
	LIST(sockets, socket_count, wl_seen_socket, socket_fields),
	LIST(memberships, membership_count, wl_seen_membership, membership_fields),
	{ "doings", offsetof(struct wl_observation, doings), offsetof(struct wl_observation, doing_count),
		sizeof(struct wl_seen_doing), doing_fields, true },
	{ NULL },
};

/* Members are copied bytewise, low bytes first: this knows their size, not their type. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "form_number() takes the low bytes");

uint64_t form_number(const void *object, size_t at, size_t size)
{
	uint64_t number = 0;

	memcpy(&number, (const char *)object + at, size);
	return number;
}

void form_put_number(void *object, size_t at, size_t size, uint64_t number)
{
	memcpy((char *)object + at, &number, size);
}

const void *form_pointer(const void *object, size_t at)
{
	const void *pointer;

	memcpy(&pointer, (const char *)object + at, sizeof(pointer));
	return pointer;
}

void form_put_pointer(void *object, size_t at, const void *pointer)
{
	memcpy((char *)object + at, &pointer, sizeof(pointer));
}
