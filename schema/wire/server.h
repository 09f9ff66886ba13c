/* A collector's address as people write it, checked and taken apart.
 *
 *   https://host[:port][/prefix]    anywhere
 *   http://host[:port][/prefix]     only to this machine: 127.0.0.0/8, ::1, localhost
 *   unix:/path/of/socket            a socket of this machine
 *
 * Anything else is ERR_USAGE with a hint. The struct owns nothing. */
#ifndef SCHEMA_WIRE_SERVER_H
#define SCHEMA_WIRE_SERVER_H

#include <stdbool.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"

#define SERVER_TEXT_SIZE 512

struct server {
    char name[SERVER_TEXT_SIZE];     /* canonical: what receipts remember; no trailing slash, host in lower case */
    char base_url[SERVER_TEXT_SIZE]; /* what paths are appended to */
    char socket[SERVER_TEXT_SIZE];   /* path of the Unix socket; "" for TCP */
    bool https;
};

int server_parse(const char *text, struct server *ret, struct err *err) must_check;

#endif
