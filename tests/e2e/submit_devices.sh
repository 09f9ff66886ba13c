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
    # Memory nodes and expected outputs of other programs are thousands of files that no fact comes from.
    tar xzf "$archive" -C "$work/$name" --exclude='*/node[0-9]*/*' --exclude=expected --exclude='*/cpuidle'
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
    # "Linux 6.2.0-26-generic (host) 	20/08/2023" and "Linux host 4.15.0 #…"
    sed -n 's/^Linux [^ ]* (\([^)]*\)) .*/\1/p' "$folder"commands/sbc-bench-*.txt >> "$work/secrets" 2> /dev/null
    sed -n 's/^\(Linux\|Darwin\) \([^ ]*\) .*/\2/p' "$folder"commands/uname-a.txt >> "$work/secrets" 2> /dev/null
    # Hosts that are called like their board or system tell what the list wants to be told.
    grep -vxiE 'ubuntu|localhost|odroid.*|k1' "$work/secrets" > "$work/names"
    mv "$work/names" "$work/secrets"
    [ -s "$work/secrets" ] && grep -qiF -f "$work/secrets" "$work/$name.json" 2> /dev/null && echo "$name" >> "$work/leaks"
done
sed 's/^/# /' "$work/leaks"
if [ -s "$work/leaks" ]; then
    echo "not ok 2 - no serial, UUID, address or host comes out"
else
    echo "ok 2 - no serial, UUID, address or host comes out"
fi

# Every machine against its list. Facts that the list took from elsewhere (names of files, pages) and that no file of
# the recording holds are named here; they must be absent or told as what the files do say.
awk -F '\t' -v work="$work" '
BEGIN {
    # Not in the recording: the chip ...
    unstated["mac-m1max-ioreg-battery chip"] = unstated["mac-m6-12c chip"] = unstated["sbc-jetson-nano chip"] = 1
    unstated["sbc-apple-m1-vm-1c chip"] = unstated["mac-m6-12c memory"] = unstated["cpuinfo-sg2042 chip"] = 1
    unstated["sbc-sg2042 chip"] = unstated["sbc-apple-m1-vm-1c virt"] = unstated["sbc-qrb5165 chip"] = 1
    # ... the machine behind the flat view of a guest, and a board that the list calls the chip.
    unstated["wsl2-i7-1360p-cpuinfo cores"] = unstated["wsl2-i7-1360p-cpuinfo kinds"] = 1
    unstated["hwloc-128arm-2pa2n8cluster4co chip"] = unstated["hwloc-2arm-2c chip"] = 1
    unstated["mac-m4pro-64g kinds"] = unstated["cpuinfo-sd-8cx-gen3-wsl2 virt"] = 1
    unstated["nvsmi-gtx-1660-ti gpus"] = unstated["rocm-rx6700xt-rocm430 gpus"] = unstated["docker-cpus6 virt"] = 1
    # Eight Efficiency cores and no others are one kind.
    unstated["sbc-intel-i3-n305 kinds"] = 1
}
function fact(text, key,    at, rest) {
    at = index(text, "\n  \"" key "\": ")
    if (at == 0) return ""
    rest = substr(text, at + length(key) + 7)
    sub(/,?\n.*/, "", rest)
    gsub(/^"|"$/, "", rest)
    return rest == "null" ? "" : rest
}
function list(text, key,    at, rest) {
    at = index(text, "\n  \"" key "\": [")
    if (at == 0) return ""
    rest = substr(text, at + 1)
    return substr(rest, 1, index(rest, "\n  ]"))
}
function words(text,    t) {
    t = tolower(text)
    gsub(/\(r\)|\(tm\)/, "", t)
    gsub(/[^a-z0-9+]+/, " ", t)
    return " " t " "
}
# All words of one name are in the other.
function within(a, b,    i, n, parts) {
    n = split(a, parts, " ")
    for (i = 1; i <= n; i++) if (index(b, " " parts[i] " ") == 0) return 0
    return n > 0
}
function count(kind, good) {
    if (($1 " " kind) in unstated) {
        absent[kind]++
        if (good) print "# " kind " of " $1 " is told after all"
        return
    }
    total[kind]++
    if (good) right[kind]++; else print "# " kind " of " $1 ": wanted " wanted ", got " got
}
# "4 x NAME", "NAME", "NAME 19 cores", "NAME | raw …"
function check_gpus(text,    name, number) {
    wanted = $14
    number = 1
    name = wanted
    sub(/ \|.*/, "", name)
    if (match(name, /^[0-9]+ x /)) { number = name + 0; sub(/^[0-9]+ x /, "", name) }
    got = list(text, "chips") " gpu_cores " fact(text, "gpu_cores")
    gsub(/[\n ]+/, " ", got)
    if (match(name, /[0-9]+ (GPU )?cores?$/) || match(name, /[0-9]+ GPU cores$/)) {
        number = substr(name, RSTART) + 0
        count("gpus", fact(text, "gpu_cores") == number)
        return
    }
    sub(/ \(gfx[0-9]+\)/, "", name)
    sub(/ Graphics$/, "", name)
    # pci.ids puts the product into brackets; its family is enough.
    count("gpus", (within(words(name), words(got)) || near(name, got)) && (number == 1 || index(got, "\"count\": " number ",") > 0))
}
function near(name, got,    t) {
    t = name
    sub(/^AMD (Radeon )?/, "", t)
    sub(/ 32GB$/, "", t)
    return within(words(t), words(got))
}
function check_memory(text,    megabytes) {
    wanted = $13
    got = fact(text, "memory_bytes")
    if (wanted ~ /^[0-9]+ kB/) count("memory", wanted * 1024 == got + 0)
    else if (wanted ~ /^[0-9]+ bytes/) count("memory", wanted + 0 == got + 0)
    else if (wanted ~ /^[0-9]+ (GB|GiB)/) count("memory", (wanted + 0) * 1073741824 == got + 0)
    else if (wanted ~ /\(free\)/) { wanted = number_of(wanted); count("memory", got + 0 > wanted * 0.99 && got + 0 < wanted * 1.01) }
    else if (wanted ~ /^GPU .*MiB/) {
        n = split(wanted, sizes, /[; ]+/)
        # Instances stand first, the card last.
        for (i = n; i > 1 && sizes[i] !~ /^[0-9]+$/; i--);
        megabytes = sizes[i] + 0
        got = list(text, "chips")
        count("memory", index(got, sprintf("\"memory_bytes\": %.0f", megabytes * 1048576)) > 0)
    } else if (wanted ~ /^GPU [0-9]/) {
        split(substr(wanted, 5), sizes, ";")
        got = list(text, "chips")
        count("memory", index(got, "\"memory_bytes\": " sizes[1]) > 0)
    }
}
function number_of(size,    value, unit) {
    value = size
    sub(/,/, ".", value)
    unit = size
    gsub(/[0-9.,]| .*/, "", unit)
    return value * (unit ~ /^G/ ? 1073741824 : 1048576)
}
# P and E cores: the fast kinds together and the rest, where there are kinds.
function check_kinds(text,    kinds, n, i, parts, cores, first) {
    kinds = list(text, "core_kinds")
    n = split(kinds, parts, /"cores": /)
    got = ""
    for (i = 2; i <= n; i++) got = got " " (parts[i] + 0)
    wanted = $10 " | " $11
    p = $10; e = $11
    np = 0
    m = split(p, bits, /[^0-9]+ ?/)
    # "1 X3 + 2 A715 + 2 A710": figures before names
    sum = 0
    k = split(p, bits, " ")
    for (i = 1; i <= k; i++) if (bits[i] ~ /^[0-9]+$/ && (i == 1 || bits[i - 1] == "+")) sum += bits[i]
    all = 0
    last = 0
    for (i = 2; i <= n; i++) { all += parts[i] + 0; last = parts[i] + 0 }
    if (n < 2) { got = "no kinds"; count("kinds", 0); return }
    count("kinds", last == e + 0 && all - last == sum)
}
NR > 1 {
    text = ""
    file = work "/" $1 ".json"
    while ((getline line < file) > 0) text = text "\n" line
    close(file)
    if ($7 != "" && $7 != "-" && $17 !~ /file name|log header/) {
        wanted = $7; got = fact(text, "chip")
        count("chip", within(words(wanted), words(got)) || within(words(got), words(wanted)))
    }
    if ($9 ~ /^[0-9]+$/) { wanted = $9; got = fact(text, "cores"); count("cores", wanted == got) }
    if ($10 ~ /^[0-9]/ && $11 ~ /^[0-9]/) check_kinds(text)
    if ($12 ~ /^[0-9]+$/) { wanted = $12; got = fact(text, "threads"); count("threads", wanted == got) }
    if ($8 ~ /^[0-9]+$/) { wanted = $8; got = fact(text, "cpu_count"); count("packages", wanted == got) }
    if ($13 != "") check_memory(text)
    if ($14 != "") check_gpus(text)
    if ($15 ~ /VM|kvm|KVM|hypervisor|WSL|docker/) {
        wanted = $15; got = fact(text, "virtualization")
        count("virt", got != "" || fact(text, "chip") ~ /Rosetta/)
    } else if ($15 ~ /^none/) { wanted = "none"; got = fact(text, "virtualization"); count("virt", got == "") }
}
END {
    n = 2
    kinds_count = split("chip packages cores kinds threads memory gpus virt", kinds, " ")
    for (i = 1; i <= kinds_count; i++)
        printf "%s %d - %s: %d of %d as listed, %d not in the recording\n", (right[kinds[i]] == total[kinds[i]] ? "ok" : "not ok"), ++n, kinds[i], right[kinds[i]], total[kinds[i]], absent[kinds[i]]
}' "$corpus/MANIFEST.tsv"
echo "1..10"
