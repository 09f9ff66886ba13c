#!/bin/sh
# What holds for all four programs: help, version, wrong use, what they link, install and uninstall.
set -u
number=0
check() { # check TEXT COMMAND…
    number=$((number + 1))
    text=$1
    shift
    if "$@"; then echo "ok $number - $text"; else echo "not ok $number - $text"; fi
}
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-programs.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
exits() { # exits STATUS COMMAND…
    want=$1
    shift
    "$@" > "$work/out" 2> "$work/err"
    got=$?
    [ "$got" -eq "$want" ] || { echo "# exit $got, not $want: $*"; sed 's/^/# /' "$work/err"; return 1; }
}
says() { grep -q -- "$1" "$work/$2"; }
needs_no() { # needs_no PROGRAM LIBRARY
    ! LC_ALL=C readelf -d "$BIN/crosschip-$1" | grep NEEDED | grep -q "$2"
}
for program in submit collector analyze plot; do
    run=$BIN/crosschip-$program
    check "$program --help exits 0" exits 0 "$run" --help
    check "$program --help names its verbs and goes to stdout" says "Usage: *crosschip-$program\|Verbs" out
    check "$program --version exits 0" exits 0 "$run" --version
    check "$program without a verb is wrong use" exits 64 "$run"
    check "$program with an unknown verb is wrong use" exits 64 "$run" frobnicate
    check "$program says how to go on" says '^hint:' err
    check "$program: nothing on stdout when wrong" test ! -s "$work/out"
    "$run" --dump-options | cut -f 1 | sort -u > "$work/verbs"
done
for program in submit plot collector analyze; do
    run=$BIN/crosschip-$program
    { "$run" --help
        "$run" --dump-verbs | cut -f 1 | sed 1d | while read -r verb; do "$run" "$verb" --help; done; } < /dev/null
done | sed -n 's/.*\[CROSSCHIP_\([A-Z_]*\)\].*/\1 = no/p' | tr 'A-Z_' 'a-z-' > "$work/conf"
check "no setting of --help is unknown in crosschip.conf" sh -c "
    [ \$(sort -u '$work/conf' | wc -l) -gt 40 ] && CROSSCHIP_CONFIG='$work/conf' '$BIN/crosschip-submit' formats 2> '$work/err' > '$work/out' &&
    ! grep -q '^warning' '$work/err'"
echo 'anonymus = refuse' > "$work/conf"
check "a name that is no setting is told with its line and the nearest one" sh -c "
    CROSSCHIP_CONFIG='$work/conf' '$BIN/crosschip-submit' formats 2>&1 > '$work/out' |
        grep -q 'conf:1: no setting has the name anonymus; did you mean anonymous'"
check "every verb of submit has help with an example" sh -c "
    for verb in send run bench check device formats queue status chip; do
        '$BIN/crosschip-submit' \$verb --help > '$work/out' || exit 1
        grep -q 'crosschip-submit \$verb\\|Example' '$work/out' || exit 1
    done"
check "a full disk under stdout is an error" sh -c "! '$BIN/crosschip-plot' --help > /dev/full 2> '$work/err'"
for library in libpq libcairo libpango libmicrohttpd; do
    check "submit does not link $library" needs_no submit "$library"
done
check "plot does not link libpq or curl" sh -c "! readelf -d '$BIN/crosschip-plot' | grep NEEDED | grep -q 'libpq\|libcurl'"
check "collector does not link Cairo" needs_no collector libcairo
check "install below DESTDIR" exits 0 make -s install DESTDIR="$work/root" PREFIX=/usr
check "programs, man pages and completion are there" test -x "$work/root/usr/bin/crosschip-submit" \
    -a -s "$work/root/usr/share/man/man1/crosschip-analyze.1" \
    -a -s "$work/root/usr/share/bash-completion/completions/crosschip-plot"
check "an installed program runs" exits 0 "$work/root/usr/bin/crosschip-submit" formats
check "uninstall leaves no file" sh -c "make -s uninstall DESTDIR='$work/root' PREFIX=/usr && [ -z \"\$(find '$work/root' -type f)\" ]"
echo "1..$number"
