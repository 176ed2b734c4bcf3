#pragma once
#include "harness/checks.h"

/* What tcp_echo adds to the vocabulary. `actor` is the server; `value` is the question of the exchange that is judged. */
wl_verb echo_stamp_type;     /* a double and nothing else stands before the echoed bytes */
wl_verb echo_stamp_order;    /* ... in the byte order of this machine */
wl_verb echo_stamp_clock;    /* ... that counts seconds since the epoch */
wl_verb echo_stamp_fraction; /* ... and is no whole number in all of $message, $second and $third */
wl_verb echo_stamp_moment;   /* ... read between the question and the answer */
wl_verb echo_same;           /* the very bytes of the question come back behind 8 others */
wl_verb echo_nothing_else;   /* ... and nothing behind them */
wl_verb echo_prints_client;  /* the client's address and port were printed */
wl_verb echo_prints_data;    /* the question was printed */
wl_verb echo_prints_stamp;   /* ... behind the stamp that was sent */
wl_verb echo_prints_no_rest; /* ... and nothing of $message, which was longer, behind it */
wl_verb echo_serves_all;     /* `value` was asked "$clients" times, and each time it came back */
wl_verb echo_holds_nobody;   /* the question was answered while "$silent" other clients were connected and silent */

/* `actor` is the client; the answer is what it received in its first connection. */
wl_verb echo_says_ok;   /* ECHO OK was printed, and no ECHO FAIL */
wl_verb echo_says_time; /* ... behind the stamp of the answer, as ctime() prints it in some time zone */
wl_verb echo_says_fail; /* ECHO FAIL was printed, and no ECHO OK */
