# The keys under which chips are found: key, row of the chip in chips.csv, 1 when the vendor must be named too.
# A key is a name in small letters without punctuation and without the words that say nothing (vendors, "GPU",
# "Graphics"); chip_words.c does the same to what tools print. Beside the whole name a chip has the shorter
# forms that people write, such as "4090" for an NVIDIA card, when the vendor stands beside them.
BEGIN {
    FS = ","
    count = split("nvidia amd intel apple qualcomm geforce radeon rockchip broadcom samsung google amlogic aws " \
        "cavium hisilicon phytium loongson sophon starfive spacemit eswin thead cix ampere zhaoxin mediatek " \
        "allwinner gpu with design generation graphics t head workstation", words, " ")
    for (i = 1; i <= count; i++)
        silent[words[i]] = 1
    count = split("t4 l4 l40 a30 a40 a100 a800 h100 h200 h800 v100 p100 p40 k80 n100 n150 n200 b200 b300", words, " ")
    for (i = 1; i <= count; i++)
        plain[words[i]] = 1
}
function squeeze(text) {
    gsub(/\+/, "plus", text)
    gsub(/[^a-z0-9]/, "", text)
    return text
}
function key_of(name,    parts, n, i, key) {
    name = tolower(name)
    gsub(/[^a-z0-9+]/, " ", name)
    n = split(name, parts, " ")
    key = ""
    for (i = 1; i <= n; i++)
        if (!(parts[i] in silent))
            key = key parts[i]
    return squeeze(key)
}
# Digits first, one letter and few digits, or two letters: could be anything.
function vague(key) {
    if (key in plain || key ~ /^m[0-9]$/ || key ~ /^[0-9][0-9][0-9][0-9](ti|super|xtx|gre)/)
        return 0
    return key ~ /^(grace|tensor|vii)$/ || key ~ /^[0-9]/ || length(key) <= 3 || key ~ /^[a-z][0-9]+$/ && length(key) <= 5
}
function put(key, vendor) {
    if (key != "" && key != "m40" && key != "m60")
        print key "\t" row "\t" (vendor || vague(key) ? 1 : 0)
}
function without(key, pattern, replacement,    rest) {
    rest = key
    if (sub(pattern, replacement, rest) && rest != key)
        return rest
    return ""
}
function short_forms(key, family) {
    if (family ~ /^GeForce [GR]TX$/)
        put(without(key, "^[gr]tx", ""), 0)
    if (family == "Radeon RX" || family == "Radeon Vega")
        put(without(key, "^rx", ""), 0)
    if (family == "Radeon PRO" || family == "Radeon AI PRO")
        put(without(key, "^(ai)?pro", ""), 1)
    if (family == "RTX professional" && key ~ /^rtxa/)
        put(without(key, "^rtx", ""), 1)
    if (family == "RTX professional" && key ~ /blackwell/) {
        put(without(key, "blackwell", ""), 0)
        if (key == "rtxpro6000blackwell") {
            put("rtx6000pro", 0)
            put("rtx6000problackwell", 0)
        }
    }
    if (family == "Tesla" || family == "Instinct" || family == "Arc" || family == "Arc integrated")
        put(without(key, "^(tesla|instinct|arc)", ""), family ~ /^Arc/)
    if (family == "Jetson" && key ~ /^jetson(agx|orin|xavier)/)
        put(without(key, "^jetson", ""), key !~ /agx/)
    if (family == "A")
        put(without(key, "(bionic|fusion)", ""), 1)
    if (family == "Quadro" && key !~ /rtx/)
        put(without(key, "^quadro", ""), 1)
}
function short_forms_cpu(key, family,    rest) {
    if (family == "Core" || family == "Core Ultra")
        put(without(key, "^core", ""), 0)
    if (family ~ /^Xeon/) {
        put(without(key, "^xeon", ""), 0)
        if (key ~ /^xeon(platinum|gold|silver)/)
            put(without(key, "(platinum|gold|silver)", ""), 0)
    }
    if (family == "Pentium")
        put(without(key, "^pentium(gold)?", ""), 1)
    if (family == "Ryzen Threadripper") {
        put(without(key, "^ryzen", ""), 0)
        if (key ~ /pro.*wx$/)
            put(without(key, "^ryzenthreadripperpro", "threadripper"), 0)
    }
    if (family == "Ryzen" && key ~ /^ryzen[3579]/ && key !~ /pro/) {
        rest = substr(key, 7)
        put("ryzen" rest, 0)
        put("r" substr(key, 6), 0)
        put(rest, 1)
    }
    if (family ~ /^Ryzen AI/)
        put(without(key, "^ryzen", ""), 0)
    if (family == "Snapdragon X")
        put(without(key, "^snapdragonx(elite|plus)?", ""), 0)
}
/"/ { print FILENAME ":" FNR ": a quotation mark" > "/dev/stderr"; exit 1 }
FNR == 1 { file++; next }
file == 1 {
    if (!($1 in first)) {
        first[$1] = row = FNR - 2
        key = key_of($1)
        put(key, 0)
        short_forms(key, $5)
        short_forms_cpu(key, $5)
    }
}
file == 2 {
    if (!($2 in first)) {
        print FILENAME ":" FNR ": no chip " $2 > "/dev/stderr"
        exit 1
    }
    row = first[$2]
    print key_of($1) "\t" row "\t" ($3 == "vendor" ? 1 : 0)
}
