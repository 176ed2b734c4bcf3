#pragma once
#include "harness/checks.h"

/*
 * The verbs of tcp_struct. A play that judges a server has the values "format", "packed" (what its client sends), "text", "integer" and
 * "real" (what they mean, as text); `port` is the lesson's.
 */

/* `actor` is the server. */
wl_verb struct_accepts;         /* the client that calls the port gets a connection */
wl_verb struct_prints_client;   /* ... and its address and port are printed */
wl_verb struct_prints_text;     /* ... and the text */
wl_verb struct_prints_integer;  /* ... and behind it the whole number */
wl_verb struct_prints_real;     /* ... and behind that the real, to 3 significant digits; implies text and whole number */

/* `actor` is the client; `value` is the format that it is to send. */
wl_verb struct_sends_format;    /* the first thing that it sends is the format */
wl_verb struct_sends_size;      /* ... and behind it come as many bytes as the format means on this machine */
wl_verb struct_sends_apart;     /* ... the format in a segment of its own, and 50 ms between it and the rest */
wl_verb struct_sends_soon;      /* ... and not more than 1 s */
wl_verb struct_sends_text;      /* the task's text is packed in what comes behind the format */
wl_verb struct_sends_integer;   /* ... and its whole number */
wl_verb struct_sends_real;      /* ... and its real */
wl_verb struct_closes;          /* behind its data it ends the connection with a FIN, not a reset, and waits for nothing */

/* What would explain that the server printed other values than were sent in STREAM. */
void struct_explain_printed(const struct wl_case *c, struct wl_finding *finding, const struct wl_stream *stream);

/* ACTUAL, and how the actor came to its end. */
const char *struct_with_end(const struct wl_case *c, const char *actual);

/* The drawn value NAME ("$integer") as text; and the drawn real. */
const char *struct_value_text(const struct wl_case *c, const char *name);
double struct_real_of(const struct wl_case *c);
