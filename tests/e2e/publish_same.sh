#!/bin/sh
# The same data give the same bytes, whoever publishes: another locale, time zone, umask, account, place, order of files.
# And a folder that may not be written is told, and stays. Prints TAP.
set -u
BIN=${BIN:-build/release/bin}
number=0
check() { # check TEXT COMMAND…
    number=$((number + 1))
    text=$1
    shift
    if "$@"; then echo "ok $number - $text"; else echo "not ok $number - $text"; fi
}
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-same.XXXXXX") || exit 1
trap 'chmod -R u+rwX "$work"; rm -rf "$work"' EXIT
chmod 755 "$work"
unset SOURCE_DATE_EPOCH
# The unprivileged account gets a copy that it may enter.
mkdir "$work/bin" "$work/samples" "$work/theirs"
cp "$BIN/crosschip-analyze" "$work/bin/"
cp -r tests/data/samples/. "$work/samples/"
chmod -R a+rX "$work/bin" "$work/samples"
chmod 777 "$work/theirs"
export CROSSCHIP_CONFIG="$work/samples/crosschip.conf"
(cd "$work" && find samples -name '*.json' | LC_ALL=C sort > files && LC_ALL=C sort -r files > backwards)
chmod 644 "$work/files" "$work/backwards"
other=""
[ "$(id -u)" -eq 0 ] && command -v setpriv > /dev/null && other="setpriv --reuid=65534 --regid=65534 --clear-groups"
foreign=$(locale -a 2> /dev/null | grep -Ev '^(C|POSIX|C\.)' | head -n 1)

# shellcheck disable=SC2086 # $other is words
publish() { # publish FOLDER FILES LOCALE ZONE UMASK ACCOUNT…
    into=$1 files=$2 locale=$3 zone=$4 mask=$5
    shift 5
    (cd "$work" && umask "$mask" && xargs "$@" env LC_ALL="$locale" TZ="$zone" HOME="$work/theirs" \
        bin/crosschip-analyze publish -q "$into" < "$files") > "$work/out" 2> "$work/err"
}
same() { diff -r "$work/ours" "$work/$1" > "$work/diff" || { head -n 20 "$work/diff" | sed 's/^/# /'; return 1; }; }

check "published" publish ours files C UTC 022
check "the feed links to the pages of submissions" grep -q '<link href="site/submission-' "$work/ours/feed.xml"
check "with another locale (${foreign:-none is installed}), time zone and umask" publish theirs/one files "${foreign:-de_DE.UTF-8}" Pacific/Kiritimati 077
check "every byte is the same, the pages' too" same theirs/one
check "the umask holds" test "$(stat -c %a "$work/theirs/one/RESULTS.md")" = 600
check "with the files in another order" publish theirs/two backwards C.UTF-8 America/St_Johns 002
check "every byte is the same again" same theirs/two
if command -v taskset > /dev/null; then
    check "on one processor" publish theirs/alone files C UTC 022 taskset -c "$(taskset -cp $$ | sed 's/.*: //;s/[-,].*//')"
    check "every byte is the same: charts do not depend on the number of processes" same theirs/alone
else
    number=$((number + 1))
    echo "ok $number - on one processor # SKIP no taskset here"
fi
if [ -n "$other" ]; then
    # shellcheck disable=SC2086
    check "by another account" publish theirs/three files C Asia/Kathmandu 022 $other
    check "every byte is the same for it" same theirs/three
    mkdir -m 755 "$work/locked"
    cp -r "$work/ours" "$work/locked/pages"
    # shellcheck disable=SC2086
    publish locked/pages backwards C UTC 022 $other
    check "into the folder of somebody else it says the same" test $? -eq 0
    head -n 3 "$work/files" > "$work/fewer"
    # shellcheck disable=SC2086
    publish locked/pages fewer C UTC 022 $other
    check "but may not change it" test $? -ne 0
    check "says what to do" grep -q '^hint: ' "$work/err"
    check "and nothing changed" same locked/pages
    # shellcheck disable=SC2086
    publish locked/new fewer C UTC 022 $other
    check "nor make one there" test "$(grep -c '^hint: ' "$work/err")" -eq 1 -a ! -e "$work/locked/new"
else
    for text in "by another account" "a folder that may not be written"; do
        number=$((number + 1))
        echo "ok $number - $text # SKIP no other account here"
    done
fi
echo "1..$number"
