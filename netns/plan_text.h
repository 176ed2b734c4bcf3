#pragma once
#include <stdbool.h>

#include "netns/plan.h"

/* The texts of a stage, read strictly. All return false when TEXT is not one. */

bool plan_read_address(const char *text, struct in_addr *address);
bool plan_read_prefix(const char *text, struct plan_prefix *prefix); /* "10.77.0.2/24" */

/* "default", or a prefix without host bits */
bool plan_read_destination(const char *text, struct plan_prefix *prefix);

/* of one interface: not a group's, not all zero */
bool plan_read_mac(const char *text, uint8_t mac[6]);

/* 1 to 15 characters that an interface and a host may have in their names */
bool plan_is_name(const char *text);
