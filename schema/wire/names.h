/* What client and collector call things on the wire: paths, header names,
 * statuses of a submission, and the limits of reliability.md 2.4 and 2.5. */
#ifndef SCHEMA_WIRE_NAMES_H
#define SCHEMA_WIRE_NAMES_H

#define WIRE_PATH_SUBMISSIONS "/v1/submissions"
#define WIRE_PATH_KEY "/v1/key"
#define WIRE_MEDIA_TYPE "application/json"

#define WIRE_HEADER_IDEMPOTENCY_KEY "Idempotency-Key"
#define WIRE_HEADER_AUTHORIZATION "Authorization"
#define WIRE_HEADER_RETRY_AFTER "Retry-After"
#define WIRE_HEADER_WITHDRAW_SECRET "X-Withdraw-Secret" /* 64 lower-case hex digits: whose it is */
#define WIRE_HEADER_CONTRIBUTOR "X-Contributor"         /* display name, percent-encoded UTF-8; outside the bytes */

#define WIRE_STATE_ACCEPTED "accepted"
#define WIRE_STATE_QUARANTINED "quarantined"
#define WIRE_STATE_REJECTED "rejected"
#define WIRE_STATE_WITHDRAWN "withdrawn"
#define WIRE_STATE_DELETED "deleted"

#define WIRE_BODY_MAX (1024 * 1024)        /* of a request, as it travels */
#define WIRE_DECODED_MAX (8 * 1024 * 1024) /* of a request, after decoding */
#define WIRE_ANSWER_MAX (64 * 1024)        /* of an answer, as the client keeps it */
#define WIRE_CONTRIBUTOR_MAX 128           /* bytes of the display name before encoding */
#define WIRE_KEY_ID_SIZE (16 + 1)          /* 16 hex digits, NUL */
#define WIRE_SIGNATURE_SIZE (128 + 1)      /* 128 hex digits, NUL */
#define WIRE_ID_SIZE (7 + 64 + 1)          /* "sha256:", 64 hex digits, NUL */

#endif
