#pragma once

/* The version, as results and packages say it. */
#define WL_VERSION "0.1.0"
