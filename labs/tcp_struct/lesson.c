/*
 * tcp_struct: a client sends a struct format, then data packed by it; a server unpacks them by the format that it received.
 *
 * The server is told by tcp_teller, which sends what the play drew: a format, a text, a whole number and a real, packed by
 * harness/base/structfmt.h. It sends the data only when the server has taken the format, and a tenth of a second later at the
 * earliest, because the course's server trusts that the format arrives by itself. A server serves one client, so each format
 * is a performance of its own. The client talks to tcp_sink, which only listens. On the cable the client's 127.0.0.1 leads to the
 * server's host.
 */
#include "labs/tcp_struct/checks.h"

#include <netinet/in.h>

#include "harness/lesson.h"

#define PORT 49001
#define PORT_TEXT "49001"
#define CLIENT_ADDRESS "10.77.0.1"
#define SERVER_ADDRESS "10.77.0.2"

static const struct wl_role roles[] = {
	{ "tcp_server", N_("takes a struct format and data on TCP port 49001 and prints the values"),
		.ready = { WL_READY_TCP, .port = PORT } },
	{ "tcp_client", N_("sends a struct format and data to TCP port 49001"), .ready = { WL_READY_START } },
	{ NULL },
};

/* Two hosts on a cable; what the client's host sends to the port, to whatever address, reaches the server's host. */
static const struct wl_stage cable = { NAMES("client", "server"),
	CABLES({ "client", CLIENT_ADDRESS "/24" }, { "server", SERVER_ADDRESS "/24" }),
	.leads = LEADS({ "client", IPPROTO_TCP, PORT, SERVER_ADDRESS }) };

/* One host; everything goes over lo, whatever address was called. */
static const struct wl_stage alone = { NAMES("host"), CABLES({ "host", SERVER_ADDRESS "/24" }),
	.leads = LEADS({ "host", IPPROTO_TCP, PORT, "127.0.0.1" }) };

#define OURS_READY { WL_READY_TCP, .port = PORT }

static const struct wl_actor server_told[] = {
	{ "server", "server", .role = "tcp_server" },
	{ "peer", "client", .program = "tcp_teller" },
	{ NULL },
};
static const struct wl_actor server_told_alone[] = {
	{ "server", "host", .role = "tcp_server" },
	{ "peer", "host", .program = "tcp_teller" },
	{ NULL },
};
static const struct wl_actor client_heard[] = {
	{ "client", "client", .role = "tcp_client" },
	{ "peer", "server", .program = "tcp_sink", .ready = OURS_READY },
	{ NULL },
};
static const struct wl_actor client_heard_alone[] = {
	{ "client", "host", .role = "tcp_client" },
	{ "peer", "host", .program = "tcp_sink", .ready = OURS_READY },
	{ NULL },
};
static const struct wl_actor both[] = {
	{ "server", "server", .role = "tcp_server" },
	{ "client", "client", .role = "tcp_client" },
	{ NULL },
};
static const struct wl_actor both_alone[] = {
	{ "server", "host", .role = "tcp_server" },
	{ "client", "host", .role = "tcp_client" },
	{ NULL },
};

/* The plays. The peer waits for Enter before it sends the data. */
#define TELL(...)                                                                                                  \
	{ WL_START, "peer", .args = { "$server_address", PORT_TEXT, "$port", "#format", "#packed", __VA_ARGS__ } }, \
		{ WL_PRINTS, "peer", "format" }, { WL_TOOK, "server" }

static const struct wl_step tell_server[] = {
	{ WL_START, "server" },
	{ WL_READY, "server" },
	TELL(NULL),
	{ WL_TYPE, "peer", "" },
	{ WL_END, "server" },
	{ 0 },
};
static const struct wl_step tell_server_late[] = {
	{ WL_START, "server" },
	{ WL_READY, "server" },
	{ WL_PAUSE, .ms = 3000 },
	TELL(NULL),
	{ WL_TYPE, "peer", "" },
	{ WL_END, "server" },
	{ 0 },
};
static const struct wl_step data_after_1s[] = {
	{ WL_START, "server" },
	{ WL_READY, "server" },
	TELL(NULL),
	{ WL_PAUSE, .ms = 1000 },
	{ WL_TYPE, "peer", "" },
	{ WL_END, "server" },
	{ 0 },
};
static const struct wl_step data_after_3s[] = {
	{ WL_START, "server" },
	{ WL_READY, "server" },
	TELL(NULL),
	{ WL_PAUSE, .ms = 3000 },
	{ WL_TYPE, "peer", "" },
	{ WL_END, "server" },
	{ 0 },
};
/* The peer holds its end open, so that the server closes first; a server that waits for the peer's end is let go after 2 s. */
static const struct wl_step start_again[] = {
	{ WL_START, "server" },
	{ WL_READY, "server" },
	TELL("2000"),
	{ WL_TYPE, "peer", "" },
	{ WL_END, "server" },
	{ WL_PRINTS, "peer", "closed" },
	{ WL_START, "server" },
	{ WL_READY, "server" },
	{ 0 },
};
static const struct wl_step hear_client[] = {
	{ WL_START, "peer", .args = { PORT_TEXT } },
	{ WL_READY, "peer" },
	{ WL_START, "client" },
	{ WL_END, "client" },
	{ 0 },
};
static const struct wl_step play_both[] = {
	{ WL_START, "server" },
	{ WL_READY, "server" },
	{ WL_START, "client" },
	{ WL_END, "client" },
	{ WL_END, "server" },
	{ 0 },
};

#define ADDRESS(address) { "server_address", WL_DRAW_LITERAL, address }
#define SOURCE_PORT { "port", WL_DRAW_PORT }
#define WORDS(length) { "text", WL_DRAW_WORDS, .len = length }
/* Longer than that by some times 8: what stands behind the text has the same alignment. */
#define SOME_WORDS(length) { "text", WL_DRAW_WORDS, .len = (length) + 8, .most = (length) + 56, .step = 8 }
#define KOREAN { "text", WL_DRAW_KOREAN }
#define INTEGER(digits) { "integer", WL_DRAW_DIGITS, digits }
#define NUMBER(limits) { "integer", WL_DRAW_NUMBER, limits }
#define REAL(digits) { "real", WL_DRAW_DIGITS, digits }
#define PACKED(format) { "format", WL_DRAW_FORMAT, format }, { "packed", WL_DRAW_PACKED, "format text integer real" }

/* Of a real the third digit is 3, the fourth 7: rounding is not cutting off, is near no tie, and makes no 0 of a 9. */
#define PLAIN_INTEGER INTEGER("####")
#define PLAIN_REAL REAL("##.37")

#define TOLD(id, words, text, integer, real, format)                                                       \
	static const struct wl_scenario server_##id = { "server_" #id, words, &cable, server_told,          \
		VALUES(ADDRESS(SERVER_ADDRESS), SOURCE_PORT, text, integer, real, PACKED(format)), tell_server }
#define TOLD_SO(id, words, steps)                                                                          \
	static const struct wl_scenario server_##id = { "server_" #id, words, &cable, server_told,          \
		VALUES(ADDRESS(SERVER_ADDRESS), SOURCE_PORT, WORDS(11), PLAIN_INTEGER, PLAIN_REAL,           \
			PACKED("{text}sIf")),                                                                    \
		steps }

TOLD(cable, N_("a client sends tcp_server the format 11sIf and data"),
	WORDS(11), PLAIN_INTEGER, PLAIN_REAL, "{text}sIf");
TOLD(length, N_("a client sends tcp_server a text of 200 bytes"),
	WORDS(200), PLAIN_INTEGER, PLAIN_REAL, "{text}sIf");
TOLD(one, N_("a client sends tcp_server a text of one byte"),
	WORDS(1), PLAIN_INTEGER, PLAIN_REAL, "{text}sIf");
TOLD(double, N_("a client sends tcp_server a double"),
	SOME_WORDS(12), PLAIN_INTEGER, PLAIN_REAL, "{text}sId");
TOLD(int8, N_("a client sends tcp_server a \"b\""),
	SOME_WORDS(19), NUMBER("-127..-100"), PLAIN_REAL, "{text}sbf");
TOLD(uint8, N_("a client sends tcp_server a \"B\""),
	SOME_WORDS(15), NUMBER("200..255"), PLAIN_REAL, "{text}sBf");
TOLD(int16, N_("a client sends tcp_server an \"h\""),
	SOME_WORDS(14), NUMBER("-32768..-30000"), PLAIN_REAL, "{text}shf");
TOLD(uint16, N_("a client sends tcp_server an \"H\""),
	SOME_WORDS(18), NUMBER("60000..65534"), PLAIN_REAL, "{text}sHf");
TOLD(int32, N_("a client sends tcp_server an \"i\""),
	SOME_WORDS(16), NUMBER("-2147483648..-2000000000"), PLAIN_REAL, "{text}sif");
TOLD(uint32, N_("a client sends tcp_server a large \"I\""),
	SOME_WORDS(20), INTEGER("3#########"), PLAIN_REAL, "{text}sIf");
TOLD(long, N_("a client sends tcp_server an \"l\""),
	SOME_WORDS(16), NUMBER("-9223372036854775808..-9000000000000000000"), PLAIN_REAL, "{text}slf");
TOLD(ulong, N_("a client sends tcp_server an \"L\""),
	SOME_WORDS(16), NUMBER("18000000000000000000..18446744073709551615"), PLAIN_REAL, "{text}sLf");
TOLD(int64, N_("a client sends tcp_server a \"q\""),
	SOME_WORDS(16), INTEGER("-8#################"), PLAIN_REAL, "{text}sqf");
TOLD(uint64, N_("a client sends tcp_server a \"Q\""),
	SOME_WORDS(24), NUMBER("18000000000000000000..18446744073709551615"), PLAIN_REAL, "{text}sQf");
TOLD(little, N_("a client sends tcp_server a format with \"<\""),
	SOME_WORDS(12), PLAIN_INTEGER, PLAIN_REAL, "<{text}sIf");
TOLD(big, N_("a client sends tcp_server a format with \">\""),
	SOME_WORDS(20), PLAIN_INTEGER, PLAIN_REAL, ">{text}sIf");
TOLD(network, N_("a client sends tcp_server a format with \"!\""),
	SOME_WORDS(16), INTEGER("7#################"), PLAIN_REAL, "!{text}sqd");
TOLD(standard, N_("a client sends tcp_server a format with \"=\""),
	SOME_WORDS(12), PLAIN_INTEGER, PLAIN_REAL, "={text}sIf");
TOLD(native, N_("a client sends tcp_server a format with \"@\""),
	SOME_WORDS(16), INTEGER("-6#################"), PLAIN_REAL, "@{text}slf");
TOLD(packed, N_("a client sends tcp_server data without padding"),
	SOME_WORDS(13), PLAIN_INTEGER, PLAIN_REAL, "={text}sId");
TOLD(aligned, N_("a client sends tcp_server data with padding before two values"),
	SOME_WORDS(17), PLAIN_INTEGER, PLAIN_REAL, "{text}sHd");
TOLD(sizes, N_("a client sends tcp_server an \"l\" of standard size"),
	SOME_WORDS(12), INTEGER("-1########"), PLAIN_REAL, "<{text}slf");
TOLD(korean, N_("a client sends tcp_server Korean text"),
	KOREAN, PLAIN_INTEGER, PLAIN_REAL, "{text}sIf");
TOLD(large, N_("a client sends tcp_server a large real"),
	WORDS(11), PLAIN_INTEGER, REAL("####.2#"), "{text}sIf");
TOLD(small, N_("a client sends tcp_server a small negative real"),
	WORDS(11), PLAIN_INTEGER, REAL("-0.0##37"), "{text}sIf");
TOLD_SO(waits, N_("a client calls tcp_server after 3 seconds"), tell_server_late);
TOLD_SO(pause, N_("a client sends tcp_server the data 1 second behind the format"), data_after_1s);
TOLD_SO(long_pause, N_("a client sends tcp_server the data 3 seconds behind the format"), data_after_3s);
TOLD_SO(again, N_("tcp_server is started again right after its end"), start_again);
static const struct wl_scenario server_loopback = { "server_loopback",
	N_("a client on the same machine calls tcp_server at 127.0.0.1"), &alone, server_told_alone,
	VALUES(ADDRESS("127.0.0.1"), SOURCE_PORT, WORDS(11), PLAIN_INTEGER, PLAIN_REAL, PACKED("{text}sIf")),
	tell_server };

/* What the task has the client send. */
#define TASK_VALUES                                                                                \
	VALUES({ "text", WL_DRAW_LITERAL, "hi, Python!" }, { "integer", WL_DRAW_LITERAL, "1024" },    \
		{ "real", WL_DRAW_LITERAL, "3.14" }, PACKED("{text}sIf"))

static const struct wl_scenario client_cable = { "client_cable",
	N_("tcp_client calls a server over the cable that only listens"), &cable, client_heard, TASK_VALUES,
	hear_client };
static const struct wl_scenario client_loopback = { "client_loopback",
	N_("tcp_client calls a server on the same machine that only listens"), &alone, client_heard_alone,
	TASK_VALUES, hear_client };
static const struct wl_scenario pair_cable = { "pair_cable",
	N_("tcp_server and tcp_client together, over the cable"), &cable, both, TASK_VALUES, play_both };
static const struct wl_scenario pair_alone = { "pair_alone",
	N_("tcp_server and tcp_client together, on one machine"), &alone, both_alone, TASK_VALUES, play_both };

/* Checks. */
#define SERVER .actor = "server", .port = PORT
#define CLIENT .actor = "client", .value = "11sIf", .port = PORT
#define PRINTS CHECKS({ struct_prints_real, SERVER })
#define PRINTED NEEDS("tcp_struct.server.prints_real")
#define FORMATS NEEDS("tcp_struct.server.length")

static const char course_server[] = "course, tcp_server";
static const char course_client[] = "course, tcp_client";
static const char struct_codes[] = "Python documentation, struct, Format Characters";
static const char struct_order[] = "Python documentation, struct, Byte Order, Size, and Alignment";

static const struct wl_requirement requirements[] = {
	{ "tcp_struct.server.listens", "tcp_server", N_("The server listens on TCP port 49001."),
		N_("A client can only find a server whose port it knows."),
		{ N_("Which calls make a socket wait for clients?"),
			N_("Look at bind() and listen(), and at the order of address and port."),
			N_("Check that the socket is of the stream kind and listens before accept() is called.") },
		course_server, &server_cable, NULL, 1, CHECKS({ wl_listens_tcp, SERVER }) },
	{ "tcp_struct.server.accepts", "tcp_server", N_("A client on another machine gets a connection."),
		N_("A socket that is bound to one address hears that address alone."),
		{ N_("At which addresses does the server listen?"), N_("127.0.0.1 is this machine alone."),
			N_("There is an address that means all addresses of a machine.") },
		course_server, &server_cable, NEEDS("tcp_struct.server.listens"), 1, CHECKS({ struct_accepts, SERVER }) },
	{ "tcp_struct.server.prints_text", "tcp_server", N_("The server prints the text that was packed."),
		N_("Bytes become text only when somebody decodes them."),
		{ N_("Which bytes of the data are the text?"), N_("The format says how many bytes the text has."),
			N_("Unpack the data by the format and decode the first value as UTF-8.") },
		course_server, &server_cable, NEEDS("tcp_struct.server.accepts"), 2,
		CHECKS({ struct_prints_text, SERVER }) },
	{ "tcp_struct.server.prints_client", "tcp_server",
		N_("The server prints the client's address and port, as in ('10.77.0.1', 40000)."),
		N_("Who called is the first thing to look at when something goes wrong."),
		{ N_("What does accept() return besides a socket?"), N_("The address comes with the connection, as a pair."),
			N_("Print the pair as it came.") },
		course_server, &server_cable, NEEDS("tcp_struct.server.prints_text"), 1,
		CHECKS({ struct_prints_client, SERVER }) },
	{ "tcp_struct.server.prints_integer", "tcp_server",
		N_("Behind the text the server prints the whole number that was packed."),
		N_("A number is only the same on both sides when they agree on size, place and byte order."),
		{ N_("Where in the data does the number begin?"),
			N_("Without a prefix a format has the alignment of this machine."),
			N_("An int sits at a multiple of 4; the bytes before it are padding.") },
		course_server, &server_cable, NEEDS("tcp_struct.server.prints_text"), 1,
		CHECKS({ struct_prints_integer, SERVER }) },
	{ "tcp_struct.server.prints_real", "tcp_server",
		N_("Behind the whole number the server prints the real number with 3 significant digits."),
		N_("More digits than a float has say nothing."),
		{ N_("How many digits does your program print?"),
			N_("Significant digits are counted from the first that is not 0, before and behind the point."),
			N_("Python's format has a precision without a letter, C's printf() has %g.") },
		course_server, &server_cable, NEEDS("tcp_struct.server.prints_integer"), 2, PRINTS },
	{ "tcp_struct.server.ends", "tcp_server", N_("The server ends after one client."),
		N_("This server shows one transfer; one that goes on is the next lesson."),
		{ N_("What comes behind the output?"), N_("Is there a loop around accept()?"),
			N_("Accept once, print once, close, and let the program reach its end.") },
		course_server, &server_cable, NEEDS("tcp_struct.server.prints_text"), 1,
		CHECKS({ struct_prints_text, SERVER }, { wl_ends_itself, SERVER }) },
	{ "tcp_struct.server.length", "tcp_server",
		N_("The length of the text is taken from the format that was received (200 bytes are tried)."),
		N_("What the data mean is for the sender to say; that is why it sends the format first."),
		{ N_("Where does your program have its format from?"),
			N_("Compare the format that comes first with the one that you unpack by."),
			N_("Hand the bytes of the first receive to the unpacking, and let no length be fixed.") },
		course_server, &server_length, PRINTED, 2, PRINTS },
	{ "tcp_struct.server.one", "tcp_server", N_("A text of one byte is printed."),
		N_("The shortest text is a text, too."),
		{ N_("What does your program do with a text of length 1?"),
			N_("Is anything cut off at the end of the text?"),
			N_("Use the length that the format says, no more and no less.") },
		course_server, &server_one, FORMATS, 1, PRINTS },
	{ "tcp_struct.server.double", "tcp_server", N_("A format with \"d\" is unpacked."),
		N_("A double is twice as long as a float and has other bits."),
		{ N_("Which codes does your program know?"), N_("\"f\" and \"d\" differ in size and alignment."),
			N_("Let the code in the format decide between 4 and 8 bytes.") },
		struct_codes, &server_double, FORMATS, 1, PRINTS },
	{ "tcp_struct.server.int8", "tcp_server", N_("A format with \"b\" is unpacked: a signed byte, here one below -99."),
		N_("The highest bit of a signed number is its sign."),
		{ N_("Which codes does your program know?"), N_("A small letter is signed, a capital letter is not."),
			N_("Look the code up in the table of the struct documentation: size and sign.") },
		struct_codes, &server_int8, FORMATS, 1, PRINTS },
	{ "tcp_struct.server.uint8", "tcp_server", N_("A format with \"B\" is unpacked: an unsigned byte, here 200 or more."),
		N_("The same bits are -1 when they are read as signed."),
		{ N_("Which codes does your program know?"), N_("A small letter is signed, a capital letter is not."),
			N_("Look the code up in the table of the struct documentation: size and sign.") },
		struct_codes, &server_uint8, FORMATS, 1, PRINTS },
	{ "tcp_struct.server.int16", "tcp_server", N_("A format with \"h\" is unpacked: a signed short, here one below -29999."),
		N_("The highest bit of a signed number is its sign."),
		{ N_("Which codes does your program know?"), N_("A small letter is signed, a capital letter is not."),
			N_("Look the code up in the table of the struct documentation: size and sign.") },
		struct_codes, &server_int16, FORMATS, 1, PRINTS },
	{ "tcp_struct.server.uint16", "tcp_server", N_("A format with \"H\" is unpacked: an unsigned short, here 60000 or more."),
		N_("The same bits are -1 when they are read as signed."),
		{ N_("Which codes does your program know?"), N_("A small letter is signed, a capital letter is not."),
			N_("Look the code up in the table of the struct documentation: size and sign.") },
		struct_codes, &server_uint16, FORMATS, 1, PRINTS },
	{ "tcp_struct.server.int32", "tcp_server", N_("A format with \"i\" is unpacked: a signed int, here one of the smallest."),
		N_("The highest bit of a signed number is its sign."),
		{ N_("Which codes does your program know?"), N_("A small letter is signed, a capital letter is not."),
			N_("Look the code up in the table of the struct documentation: size and sign.") },
		struct_codes, &server_int32, FORMATS, 1, PRINTS },
	{ "tcp_struct.server.uint32", "tcp_server", N_("A format with \"I\" is unpacked: an unsigned int over 3000000000."),
		N_("Half of the unsigned numbers have no signed counterpart."),
		{ N_("Which codes does your program know?"), N_("A small letter is signed, a capital letter is not."),
			N_("Look the code up in the table of the struct documentation: size and sign.") },
		struct_codes, &server_uint32, FORMATS, 1, PRINTS },
	{ "tcp_struct.server.long", "tcp_server", N_("A format with \"l\" is unpacked: a signed long, here one of the smallest."),
		N_("How long a long is depends on the machine; on this one it has 8 bytes."),
		{ N_("Which codes does your program know?"), N_("A small letter is signed, a capital letter is not."),
			N_("Look the code up in the table of the struct documentation: size and sign.") },
		struct_codes, &server_long, FORMATS, 1, PRINTS },
	{ "tcp_struct.server.ulong", "tcp_server",
		N_("A format with \"L\" is unpacked: an unsigned long, here one of the largest."),
		N_("How long a long is depends on the machine; on this one it has 8 bytes."),
		{ N_("Which codes does your program know?"), N_("A small letter is signed, a capital letter is not."),
			N_("Look the code up in the table of the struct documentation: size and sign.") },
		struct_codes, &server_ulong, FORMATS, 1, PRINTS },
	{ "tcp_struct.server.int64", "tcp_server", N_("A format with \"q\" is unpacked: a signed long long."),
		N_("8 bytes hold numbers of 18 digits."),
		{ N_("Which codes does your program know?"), N_("A small letter is signed, a capital letter is not."),
			N_("Look the code up in the table of the struct documentation: size and sign.") },
		struct_codes, &server_int64, FORMATS, 1, PRINTS },
	{ "tcp_struct.server.uint64", "tcp_server",
		N_("A format with \"Q\" is unpacked: an unsigned long long, here one of the largest."),
		N_("8 bytes hold numbers of 19 digits."),
		{ N_("Which codes does your program know?"), N_("A small letter is signed, a capital letter is not."),
			N_("Look the code up in the table of the struct documentation: size and sign.") },
		struct_codes, &server_uint64, FORMATS, 1, PRINTS },
	{ "tcp_struct.server.little", "tcp_server", N_("A format with the prefix \"<\" is unpacked: little-endian."),
		N_("Machines disagree on which byte of a number comes first; the prefix says it."),
		{ N_("What does the first character of the format say?"),
			N_("There is a table of prefixes in the struct documentation."),
			N_("Read the prefix before the first code; it holds for all of them.") },
		struct_order, &server_little, FORMATS, 1, PRINTS },
	{ "tcp_struct.server.big", "tcp_server", N_("A format with the prefix \">\" is unpacked: big-endian."),
		N_("Machines disagree on which byte of a number comes first; the prefix says it."),
		{ N_("What does the first character of the format say?"),
			N_("There is a table of prefixes in the struct documentation."),
			N_("Read the prefix before the first code; it holds for all of them.") },
		struct_order, &server_big, FORMATS, 1, PRINTS },
	{ "tcp_struct.server.network", "tcp_server",
		N_("A format with the prefix \"!\" is unpacked: network order, which is big-endian."),
		N_("Internet protocols have agreed on big-endian."),
		{ N_("What does the first character of the format say?"),
			N_("There is a table of prefixes in the struct documentation."),
			N_("Read the prefix before the first code; it holds for all of them.") },
		struct_order, &server_network, NEEDS("tcp_struct.server.double", "tcp_struct.server.int64"), 1, PRINTS },
	{ "tcp_struct.server.standard", "tcp_server",
		N_("A format with the prefix \"=\" is unpacked: this machine's order."),
		N_("A prefix is part of the format, not the code of a value."),
		{ N_("What does the first character of the format say?"),
			N_("There is a table of prefixes in the struct documentation."),
			N_("Read the prefix before the first code; it holds for all of them.") },
		struct_order, &server_standard, FORMATS, 1, PRINTS },
	{ "tcp_struct.server.native", "tcp_server",
		N_("A format with the prefix \"@\" is unpacked: this machine's order, sizes and alignment."),
		N_("A prefix is part of the format, not the code of a value."),
		{ N_("What does the first character of the format say?"),
			N_("There is a table of prefixes in the struct documentation."),
			N_("Read the prefix before the first code; it holds for all of them.") },
		struct_order, &server_native, NEEDS("tcp_struct.server.long"), 1, PRINTS },
	{ "tcp_struct.server.packed", "tcp_server", N_("With a prefix other than \"@\" nothing is padded."),
		N_("Only native alignment leaves gaps."),
		{ N_("Where does the number behind a text of 13 bytes begin?"),
			N_("Alignment is one of the things that the prefix says."),
			N_("With \"=\", \"<\", \">\" and \"!\" every value follows the one before it directly.") },
		struct_order, &server_packed, NEEDS("tcp_struct.server.standard", "tcp_struct.server.double"), 1, PRINTS },
	{ "tcp_struct.server.aligned", "tcp_server",
		N_("Without a prefix each value is at a multiple of its size (a short and a double are tried)."),
		N_("Processors like numbers at multiples of their size, so C leaves gaps; a native format has them too."),
		{ N_("Where does a double begin that stands behind 12 bytes?"),
			N_("Each value has an alignment of its own."),
			N_("Fill up to the next multiple of the size of the value that follows.") },
		struct_order, &server_aligned, NEEDS("tcp_struct.server.double", "tcp_struct.server.uint16"), 1, PRINTS },
	{ "tcp_struct.server.sizes", "tcp_server", N_("With the prefix \"<\" an \"l\" has 4 bytes."),
		N_("Standard sizes are the same on every machine."),
		{ N_("How long is a long?"),
			N_("The table of codes has one column for standard sizes; native ones are the machine's."),
			N_("With a prefix other than \"@\" take the size from the table.") },
		struct_order, &server_sizes, NEEDS("tcp_struct.server.little", "tcp_struct.server.long"), 1, PRINTS },
	{ "tcp_struct.server.korean", "tcp_server", N_("Korean text is printed."),
		N_("One character of Hangul is three bytes in UTF-8; the format counts bytes."),
		{ N_("Does anything count characters where bytes are meant?"),
			N_("Look at the encoding that is used for printing."),
			N_("Decode as UTF-8, and only after unpacking.") },
		course_server, &server_korean, FORMATS, 1, PRINTS },
	{ "tcp_struct.server.large", "tcp_server",
		N_("A real of four digits before the point is printed with 3 significant digits."),
		N_("1234.5 to 3 significant digits is 1230, or 1.23e+03."),
		{ N_("How many digits does your program print of a large number?"),
			N_("Digits before the point are significant, too."),
			N_("A precision of digits behind the point is another thing.") },
		course_server, &server_large, PRINTED, 1, PRINTS },
	{ "tcp_struct.server.small", "tcp_server", N_("A small negative real is printed with 3 significant digits."),
		N_("Zeros before the first other digit are not significant."),
		{ N_("How many digits does your program print of a small number?"),
			N_("The first digit that is not 0 is the first that counts."),
			N_("A precision of digits behind the point is another thing.") },
		course_server, &server_small, NEEDS("tcp_struct.server.large"), 1, PRINTS },
	{ "tcp_struct.server.loopback", "tcp_server",
		N_("The server can be reached at 127.0.0.1 as well as over the cable."),
		N_("A socket that is bound to one address hears that address alone."),
		{ N_("At which addresses does the server listen?"), N_("Look at the address that is handed to bind()."),
			N_("There is an address that means all addresses of a machine.") },
		course_server, &server_loopback, PRINTED, 1, PRINTS },
	{ "tcp_struct.server.waits", "tcp_server",
		N_("The server waits for its client as long as it takes (3 seconds are tried)."),
		N_("A server does not know when somebody calls."),
		{ N_("What happens while nobody calls?"), N_("Is there a timeout on the socket?"),
			N_("accept() without a timeout waits for ever.") },
		course_server, &server_waits, PRINTED, 1, PRINTS },
	{ "tcp_struct.server.pause", "tcp_server",
		N_("The server waits for the data when they come 1 second behind the format."),
		N_("On TCP what was sent in two parts may arrive at two times."),
		{ N_("What does your program do when nothing has come yet?"),
			N_("Is there a timeout, or a receive that does not block?"),
			N_("A receive without a timeout waits until something comes.") },
		course_server, &server_pause, PRINTED, 1, PRINTS },
	{ "tcp_struct.server.long_pause", "tcp_server",
		N_("The server waits for the data when they come 3 seconds behind the format."),
		N_("On TCP what was sent in two parts may arrive at two times."),
		{ N_("What does your program do when nothing has come yet?"),
			N_("Is there a timeout, or a receive that does not block?"),
			N_("A receive without a timeout waits until something comes.") },
		course_server, &server_long_pause, NEEDS("tcp_struct.server.pause"), 1, PRINTS },
	{ "tcp_struct.server.again", "tcp_server", N_("The server can be started again at once."),
		N_("The side that closes first keeps the port for a minute (TIME_WAIT)."),
		{ N_("What does the second start say?"), N_("There is a socket option about using an address again."),
			N_("Set it on the socket before bind().") },
		"course, tcp_server; RFC 9293 section 3.6.1", &server_again,
		NEEDS("tcp_struct.server.prints_real", "tcp_struct.server.ends"), 1,
			CHECKS({ wl_listens_tcp, SERVER, .nth = 1 }) },

	{ "tcp_struct.client.connects", "tcp_client", N_("The client connects to TCP port 49001."),
		N_("Data go over TCP only through a connection."),
		{ N_("Which call makes a connection?"), N_("Look at the address and the port that it gets."),
			N_("Check that the socket is of the stream kind, and compare the port with the task.") },
		course_client, &client_cable, NULL, 1, CHECKS({ wl_connects_tcp, CLIENT }) },
	{ "tcp_struct.client.format", "tcp_client",
		N_("The first thing that the client sends is the format, 11sIf, as ASCII."),
		N_("The server learns from it how to read what follows."),
		{ N_("What does your program send first?"), N_("A format is text; on the network there are only bytes."),
			N_("Encode the format and send it without anything before or behind it.") },
		course_client, &client_cable, NEEDS("tcp_struct.client.connects"), 2,
		CHECKS({ struct_sends_format, CLIENT }) },
	{ "tcp_struct.client.size", "tcp_client", N_("Behind the format the client sends 20 bytes and nothing else."),
		N_("11, 4 and 4 are 19; native alignment makes them 20."),
		{ N_("How many bytes do your packed data have?"), N_("Python's struct.calcsize() and C's sizeof tell."),
			N_("Pack by the very format that you sent, without a prefix, and send nothing behind it.") },
		struct_order, &client_cable, NEEDS("tcp_struct.client.format"), 2, CHECKS({ struct_sends_size, CLIENT }) },
	{ "tcp_struct.client.apart", "tcp_client", N_("The format goes out by itself, at least 50 ms before the data."),
		N_("TCP joins what is sent in quick succession; the server takes what its first receive gives for the format."),
		{ N_("What lies between the two sends?"), N_("Look at the frames: how many segments are there, and when?"),
			N_("Send the format in one piece and let a tenth of a second pass.") },
		course_client, &client_cable, NEEDS("tcp_struct.client.size"), 2, CHECKS({ struct_sends_apart, CLIENT }) },
	{ "tcp_struct.client.soon", "tcp_client", N_("The data follow the format within 1 second."),
		N_("A pause is a poor separator; a long one is a slow one, too."),
		{ N_("How long does your program sleep?"), N_("In which unit does your program sleep?"),
			N_("A tenth of a second is enough.") },
		course_client, &client_cable, NEEDS("tcp_struct.client.apart"), 0, CHECKS({ struct_sends_soon, CLIENT }) },
	{ "tcp_struct.client.text", "tcp_client", N_("The data begin with the text hi, Python!"),
		N_("The task's text has 11 bytes, as the format says."),
		{ N_("What do the first 11 bytes of the data say?"), N_("Text becomes bytes when it is encoded."),
			N_("Compare the text letter by letter with the task.") },
		course_client, &client_cable, NEEDS("tcp_struct.client.size"), 1, CHECKS({ struct_sends_text, CLIENT }) },
	{ "tcp_struct.client.integer", "tcp_client",
		N_("The number 1024 stands in bytes 13 to 16 of the data, in this machine's byte order."),
		N_("A number is only the same on both sides when they agree on place and byte order."),
		{ N_("Which bytes of the data are the number?"), N_("A format without a prefix has this machine's order."),
			N_("Pack by the format that you sent, without a prefix.") },
		course_client, &client_cable, NEEDS("tcp_struct.client.text"), 1, CHECKS({ struct_sends_integer, CLIENT }) },
	{ "tcp_struct.client.real", "tcp_client", N_("The number 3.14 stands in bytes 17 to 20 of the data, as a float."),
		N_("A float is IEEE 754 in 4 bytes."),
		{ N_("Which bytes of the data are the real number?"),
			N_("\"f\" is a float, not a whole number and not text."),
			N_("Pack by the format that you sent, without a prefix.") },
		course_client, &client_cable, NEEDS("tcp_struct.client.integer"), 1, CHECKS({ struct_sends_real, CLIENT }) },
	{ "tcp_struct.client.closes", "tcp_client",
		N_("Behind the data the client ends the connection in order, without waiting for an answer."),
		N_("The server does not answer; a reset may cost data that were not read yet."),
		{ N_("What does your program do behind the second send?"),
			N_("Does it receive anything, or close the socket in an unusual way?"),
			N_("close() behind the last send is enough.") },
		course_client, &client_cable, NEEDS("tcp_struct.client.size"), 1, CHECKS({ struct_closes, CLIENT }) },
	{ "tcp_struct.client.once", "tcp_client", N_("The client makes one connection."),
		N_("The server serves one client and ends."),
		{ N_("How many times is connect() called?"), N_("Format and data belong to one connection."),
			N_("Send both through the socket that connected.") },
		course_client, &client_cable, NEEDS("tcp_struct.client.connects"), 1, CHECKS({ wl_connects_once, CLIENT }) },
	{ "tcp_struct.client.ends", "tcp_client", N_("The client ends after both sends."),
		N_("There is nothing left to do."),
		{ N_("What comes behind the second send?"), N_("Is there a loop or a prompt?"),
			N_("Close the socket and let the program reach its end.") },
		course_client, &client_cable, NEEDS("tcp_struct.client.closes"), 1,
		CHECKS({ struct_closes, CLIENT }, { wl_ends_itself, CLIENT }) },
	{ "tcp_struct.client.loopback", "tcp_client",
		N_("With the server on the same machine, format and data go over 127.0.0.1."),
		N_("The first try of a network program is on one machine."),
		{ N_("Which address does the client call?"), N_("One address always means this machine."),
			N_("Check the server address of the task.") },
		course_client, &client_loopback, NEEDS("tcp_struct.client.apart", "tcp_struct.client.real"), 1,
		CHECKS({ struct_sends_apart, CLIENT }, { struct_sends_real, CLIENT }) },

	{ "tcp_struct.pair", "pair", N_("Server and client work together over the cable."),
		N_("In the end the two halves must meet."),
		{ N_("Do both halves speak to the same port?"), N_("Look at the requirements of each half first."),
			N_("Compare port, format and the pause of the two programs.") },
		"course, tcp_server and tcp_client", &pair_cable,
		NEEDS("tcp_struct.server.prints_real", "tcp_struct.server.prints_client", "tcp_struct.server.large",
			"tcp_struct.client.apart", "tcp_struct.client.text", "tcp_struct.client.real", "tcp_struct.client.once",
			"tcp_struct.client.ends"), 1,
			CHECKS({ struct_sends_real, CLIENT }, { struct_prints_client, SERVER },
			{ struct_prints_real, SERVER }, { wl_ends_itself, CLIENT }) },
	{ "tcp_struct.pair_alone", "pair", N_("Server and client work together on one machine."),
		N_("In the end the two halves must meet."),
		{ N_("Do both halves speak to the same port?"), N_("Look at the requirements of each half first."),
			N_("Compare port, format and the pause of the two programs.") },
		"course, tcp_server and tcp_client", &pair_alone,
		NEEDS("tcp_struct.pair", "tcp_struct.server.loopback", "tcp_struct.client.loopback"), 1,
		CHECKS({ struct_sends_real, CLIENT }, { struct_prints_client, SERVER },
			{ struct_prints_real, SERVER }, { wl_ends_itself, CLIENT }) },
	{ NULL },
};

/* The task, sentence by sentence. README.md says it in the same words, in both languages. */
static const struct wl_sentence task[] = {
	{ "tcp_server",
		N_("The server listens on TCP port 49001, can be reached over the cable and at 127.0.0.1, and waits for one client as "
			"long as it takes."),
		NAMES("tcp_struct.server.listens", "tcp_struct.server.accepts", "tcp_struct.server.loopback", "tcp_struct.server.waits") },
	{ "tcp_server",
		N_("What comes first is a struct format in ASCII; the server waits for the data that follow a tenth of a second or some "
			"seconds later."),
		NAMES("tcp_struct.server.pause", "tcp_struct.server.long_pause") },
	{ "tcp_server",
		N_("The format that came says what the data are: a text of 1 to 200 bytes (\"11s\"), then a whole number (one of b B h H "
			"i I l L q Q), then a real number (f or d)."),
		NAMES("tcp_struct.server.length", "tcp_struct.server.one", "tcp_struct.server.double", "tcp_struct.server.int8",
			"tcp_struct.server.uint8", "tcp_struct.server.int16", "tcp_struct.server.uint16", "tcp_struct.server.int32",
			"tcp_struct.server.uint32", "tcp_struct.server.long", "tcp_struct.server.ulong", "tcp_struct.server.int64",
			"tcp_struct.server.uint64") },
	{ "tcp_server",
		N_("The prefix of the format counts: none or \"@\" means this machine's order, sizes and alignment; \"=\", \"<\", \">\" "
			"and \"!\" mean their order, standard sizes and no padding."),
		NAMES("tcp_struct.server.little", "tcp_struct.server.big", "tcp_struct.server.network", "tcp_struct.server.standard",
			"tcp_struct.server.native", "tcp_struct.server.packed", "tcp_struct.server.aligned", "tcp_struct.server.sizes") },
	{ "tcp_server",
		N_("The server prints the client's address and port, as in ('10.77.0.1', 40000), then the text, Korean too, and the "
			"whole number."),
		NAMES("tcp_struct.server.prints_client", "tcp_struct.server.prints_text", "tcp_struct.server.prints_integer",
			"tcp_struct.server.korean") },
	{ "tcp_server",
		N_("Behind them the server prints the real number with 3 significant digits, however large or small it is: 12.37 as "
			"12.4, 1234.5 as 1.23e+03 or 1230, 2 as 2 or 2.0."),
		NAMES("tcp_struct.server.prints_real", "tcp_struct.server.large", "tcp_struct.server.small") },
	{ "tcp_server",
		N_("When one client is served the server ends, and it can be started again at once."),
		NAMES("tcp_struct.server.ends", "tcp_struct.server.again") },
	{ "tcp_client",
		N_("The client makes one connection, to TCP port 49001 of 127.0.0.1."),
		NAMES("tcp_struct.client.connects", "tcp_struct.client.once", "tcp_struct.client.loopback") },
	{ "tcp_client",
		N_("The client first sends the format 11sIf in ASCII, in a segment of its own, at least 50 ms before the data."),
		NAMES("tcp_struct.client.format", "tcp_struct.client.apart") },
	{ "tcp_client",
		N_("The data follow within a second (advice, without points)."),
		NAMES("tcp_struct.client.soon") },
	{ "tcp_client",
		N_("The data are the text hi, Python!, the number 1024 and the real 3.14, packed by that format in this machine's order "
			"and alignment: 20 bytes, and nothing else."),
		NAMES("tcp_struct.client.size", "tcp_struct.client.text", "tcp_struct.client.integer", "tcp_struct.client.real") },
	{ "tcp_client",
		N_("Behind the data the client closes the connection in order, without waiting for an answer, and ends."),
		NAMES("tcp_struct.client.closes", "tcp_struct.client.ends") },
	{ "pair",
		N_("Your server and your client work together, over a cable and on one machine."),
		NAMES("tcp_struct.pair", "tcp_struct.pair_alone") },
	{ NULL },
};

const struct wl_lesson lesson_tcp_struct = { "tcp_struct", N_("TCP and struct"), roles, requirements, task };
