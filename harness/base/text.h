#pragma once
#include <libintl.h>

/*
 * Every text that a user may see is marked: _("...") where it is used, N_("...") in a const table whose
 * reader translates it. Domain "wirelab", catalogues in reports/po.
 */
#define _(text) gettext(text)
#define N_(text) text
