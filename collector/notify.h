/* Tells the service manager how we fare: the protocol of sd_notify(3), without its library.
 *
 * A datagram to the socket that NOTIFY_SOCKET names; without that variable nothing happens. */
#ifndef COLLECTOR_NOTIFY_H
#define COLLECTOR_NOTIFY_H

/* "READY=1", "STOPPING=1"; several lines are allowed. */
void notify_manager(const char *text);
/* "RELOADING=1" with the time that systemd wants beside it. */
void notify_reloading(void);

#endif
