/* What a bundle may hold at most. The same figures bind the writer, the reader
 * and the HTTP layer, so that what a client spools is never refused for size. */
#ifndef SCHEMA_BUNDLE_LIMITS_H
#define SCHEMA_BUNDLE_LIMITS_H

#include <stddef.h>

#define BUNDLE_BYTES_MAX ((size_t)8 << 20)          /* the document itself */
#define BUNDLE_COMPRESSED_MAX ((size_t)1 << 20)     /* the body of a request */
#define BUNDLE_RATIO_MAX 100                        /* bytes out per byte in, … */
#define BUNDLE_RATIO_AFTER ((size_t)64 << 10)       /* … once this much came out */
#define BUNDLE_DEPTH_MAX 32
#define BUNDLE_NODES_MAX ((size_t)200000)
#define BUNDLE_RUNS_MAX ((size_t)10000)             /* results: runs of one bundle */
#define BUNDLE_KEY_BYTES_MAX ((size_t)64)
#define BUNDLE_NAME_BYTES_MAX ((size_t)128)
#define BUNDLE_NAME_POINTS_MAX ((size_t)64)         /* code points */
#define BUNDLE_WORD_POINTS_MAX ((size_t)64)         /* of a parameter's word */
#define BUNDLE_NOTE_BYTES_MAX ((size_t)4096)        /* notes and labels; may hold line feeds */
#define BUNDLE_NUMBER_CHARS_MAX ((size_t)32)
#define BUNDLE_COMBINING_MAX 8                      /* combining marks in a row */
#define BUNDLE_CHIPS_MAX ((size_t)256)              /* further chips of a device, kinds of cores */
#define BUNDLE_PARAMETERS_MAX ((size_t)256)         /* of one list; labels and flags of one run too */
#define BUNDLE_METRICS_MAX ((size_t)1000)           /* of one run */

#endif
