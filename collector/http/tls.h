/* The certificate of the server, and its replacement while it runs.
 *
 * GnuTLS, as libmicrohttpd uses it: TLS 1.2 and 1.3. Each handshake takes the identity
 * that is current then; one that was replaced stays in memory until the end, because a
 * handshake may still use it. There is one identity for the process (libmicrohttpd's
 * callback has no context). */
#ifndef COLLECTOR_HTTP_TLS_H
#define COLLECTOR_HTTP_TLS_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"

#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

/* Reads a certificate chain and its key (PEM) and makes them current. On failure the current ones stay. The key file
 * must not be readable for everybody. ERR_CANNOT_WRITE never; ERR_IO, ERR_DATA, ERR_NOT_ALLOWED with the file's name.
 */
int tls_load(const char *certificate_file, const char *key_file, struct err *err) must_check;
bool tls_is_loaded(void);
/* After the server stopped. */
void tls_unload(void);
/* For MHD_OPTION_HTTPS_CERT_CALLBACK. */
void *tls_callback(void);
/* As much as goes out at once. `session` is that of MHD_CONNECTION_INFO_GNUTLS_SESSION. */
void tls_send(void *session, const void *bytes, size_t size);

#endif
