#!/bin/sh
# `device --json --root` over recorded machines: what their list says of them, and that nothing which identifies
# one of them comes out. Needs BIN (programs) and the recordings; skips without them. Prints TAP.
set -u
BIN=${BIN:-build/release/bin}
submit=$BIN/crosschip-submit
corpus=../shared/corpus/devices
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-devices.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

if [ ! -f "$corpus/MANIFEST.tsv" ]; then
    echo "ok 1 - recorded machines # SKIP there are none here"
    echo "1..1"
    exit 0
fi

for archive in "$corpus"/*.tar.gz; do
    name=$(basename "$archive" .tar.gz)
    mkdir "$work/$name"
    # Caches, memory nodes and expected outputs of other programs are thousands of files that no fact comes from.
    tar xzf "$archive" -C "$work/$name" --exclude='*/cache' --exclude='*/node[0-9]*' --exclude=expected --exclude='*/cpuidle'
    "$submit" device --json --root "$work/$name" > "$work/$name.json" 2> "$work/$name.err"
    echo "$name $?" >> "$work/codes"
done

if awk '$2 != 0 { print "# " $1 " exit " $2; bad = 1 } END { exit bad }' "$work/codes"; then
    echo "ok 1 - every recording tells a fact"
else
    echo "not ok 1 - every recording tells a fact"
fi

# UUIDs and MAC addresses by shape; serials, host and user names by what the recording says they are.
grep -liE '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|([0-9a-f]{2}:){5}[0-9a-f]{2}' "$work"/*.json > "$work/leaks"
for folder in "$work"/*/; do
    name=$(basename "$folder")
    grep -rhaioE '(serial( number)?|asic_serial|unique id|platform_uuid|board_serial|hostname|host_name|"?serial_number"?)[" 	]*[:=>][" 	]*[A-Za-z0-9-]{6,}' "$folder" 2> /dev/null |
        sed 's/.*[:=>"	 ]\([A-Za-z0-9-]*\)$/\1/' | grep '[0-9]' | sort -u > "$work/secrets"
    find "$folder" \( -name '*serial*' -o -name '*uuid*' \) -type f -exec cat {} + 2> /dev/null | grep -aE '.{6,}' >> "$work/secrets"
    [ -s "$work/secrets" ] && grep -qiF -f "$work/secrets" "$work/$name.json" 2> /dev/null && echo "$name" >> "$work/leaks"
done
sed 's/^/# /' "$work/leaks"
if [ -s "$work/leaks" ]; then
    echo "not ok 2 - no serial, UUID or address comes out"
else
    echo "ok 2 - no serial, UUID or address comes out"
fi

# Linux machines against their list: chip as stated there, cores, threads, memory.
awk -F '\t' -v work="$work" '
function fact(text, key,    at, rest) {
    at = index(text, "\n  \"" key "\": ")
    if (at == 0) return ""
    rest = substr(text, at + length(key) + 7)
    sub(/,?\n.*/, "", rest)
    gsub(/^"|"$/, "", rest)
    return rest == "null" ? "" : rest
}
function words(text,    t) {
    t = tolower(text)
    gsub(/\(r\)|\(tm\)/, "", t)
    gsub(/[^a-z0-9]+/, " ", t)
    return " " t " "
}
# All words of one name are in the other.
function within(a, b,    i, n, parts) {
    n = split(a, parts, " ")
    for (i = 1; i <= n; i++) if (index(b, " " parts[i] " ") == 0) return 0
    return n > 0
}
function count(kind, good) { total[kind]++; if (good) right[kind]++; else print "# " kind " of " $1 ": wanted " wanted ", got " got }
NR > 1 && $2 == "linux" {
    text = ""
    file = work "/" $1 ".json"
    while ((getline line < file) > 0) text = text "\n" line
    close(file)
    # Names that the list took from elsewhere (file names, headers of other logs) cannot be read from the recording.
    if ($7 != "" && $7 != "-" && $17 !~ /file name|log header|hand|inxi/) {
        wanted = $7; got = fact(text, "chip")
        count("chip", within(words(wanted), words(got)) || within(words(got), words(wanted)))
    }
    if ($9 ~ /^[0-9]+$/) { wanted = $9; got = fact(text, "cores"); count("cores", wanted == got) }
    if ($12 ~ /^[0-9]+$/) { wanted = $12; got = fact(text, "threads"); count("threads", wanted == got) }
    if ($13 ~ /^[0-9]+ kB/) { wanted = $13 * 1024; got = fact(text, "memory_bytes"); count("memory", wanted == got + 0) }
}
END {
    n = 2
    split("chip cores threads memory", kinds, " ")
    split("0.88 0.9 0.9 1", least, " ")
    for (i = 1; i <= 4; i++) {
        rate = total[kinds[i]] > 0 ? right[kinds[i]] / total[kinds[i]] : 0
        printf "%s %d - %s: %d of %d as listed\n", (rate >= least[i] ? "ok" : "not ok"), ++n, kinds[i], right[kinds[i]], total[kinds[i]]
    }
}' "$corpus/MANIFEST.tsv"
echo "1..6"
