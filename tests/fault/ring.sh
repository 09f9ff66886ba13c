#!/bin/sh
# Three collectors in a ring, killed at random: ring.py says what must hold. RING_SECONDS (default 8) is how long things
# happen, SEED the choices (0: of the clock). Needs BIN (programs) and python3; prints TAP.
set -u
BIN=${BIN:-build/release/bin}
if ! command -v python3 > /dev/null; then
    echo "ok 1 - a ring of collectors # SKIP no python3"
    echo "1..1"
    exit 0
fi
seed=${SEED:-0}
[ "$seed" != 0 ] || seed=$(date +%s)
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-ring.XXXXXX") || exit 1
chmod 755 "$work"
trap 'exit 130' INT TERM
python3 "$(dirname "$0")/ring.py" "$BIN" "$work" "${RING_SECONDS:-8}" "$seed" > "$work/out" 2>&1
code=$?
cat "$work/out"
if [ $code != 0 ] || grep -q '^not ok' "$work/out"; then
    sed 's/^/# /' "$work/log" | tail -n 40
fi
# Whoever comes last stops a PostgreSQL that a killed collector left.
for name in a b c; do
    "$BIN/crosschip-collector" status --data "$work/$name" > /dev/null 2>&1
done
rm -rf "$work"
exit $code
