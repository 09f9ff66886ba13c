/* disk FOLDER FILE: the spool's own sequence for one bundle, without network. */
#include <stdlib.h>
#include <string.h>

#include "tests/bench/submit/sequence.h"

int main(int argc, char **argv)
{
    struct sequence sequence;
    char names[1][32] = {"bundle"};
    size_t length;
    if (argc != 3)
        return 64;
    sequence_open(&sequence, argv[1]);
    char *bytes = sequence_read(argv[2], &length);
    sequence_queue(&sequence, names[0], bytes, length);
    sequence_queued(&sequence);
    sequence_sent(&sequence, names[0]);
    sequence_settle(&sequence, names, 1);
    free(bytes);
    return 0;
}
