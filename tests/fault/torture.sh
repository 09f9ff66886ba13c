#!/bin/sh
# A run of the harness in a folder of its own, for the scripts beside it: torture SEED CLIENT COLLECTOR POSTMASTER
# BACKEND [INTERRUPT [CELL]]. Shows the logs of a run that found something; leaves no process behind. One that is not done
# after half an hour is ended and counts as failed.
BIN=${BIN:-build/release/bin}
TESTBIN=${TESTBIN:-build/release/tests}
torture()
{
    torture_work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-torture.XXXXXX") || return 70
    chmod 755 "$torture_work"
    cp tests/data/samples/demo.key "$torture_work/key"
    chmod 600 "$torture_work/key"
    torture_status=0
    env -u CROSSCHIP_SERVER -u CROSSCHIP_TOKEN_FILE CROSSCHIP_CONFIG=/dev/null \
        timeout -k 60 1800 "$TESTBIN/fault/torture" "$BIN" "$torture_work" "$@" || torture_status=$?
    # Whoever is the last to use a private PostgreSQL stops it.
    "$BIN/crosschip-collector" status -q --data "$torture_work/data" > /dev/null 2>&1
    if [ "$torture_status" != 0 ] && [ -z "${TORTURE_QUIET:-}" ]; then
        tail -n 30 "$torture_work/collector.log" | sed 's/^/# collector: /'
        sort "$torture_work/clients.log" | uniq -c | sort -rn | head -n 10 | sed 's/^/# clients: /'
    fi
    rm -rf "$torture_work"
    return $torture_status
}
