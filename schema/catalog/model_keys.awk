# The keys under which models are found: key, row of the model in models.csv, and how much a key says:
# 0 a name, 1 a type as llama.cpp prints it (the number of parameters must settle it), 2 such a type that
# stands for this model when no number is stated (marked by * in models.csv). models.c makes keys the same way.
BEGIN {
    FS = ","
    count = split("meta hf moe", words, " ")
    for (i = 1; i <= count; i++)
        silent[words[i]] = 1
}
# A point counts only inside a number: "3.1 8B", but "26B.A4B".
function drop_points(name) {
    name = " " name " "
    while (match(name, /[^0-9]\.|\.[^0-9]/)) {
        at = substr(name, RSTART, 1) == "." ? RSTART : RSTART + 1
        name = substr(name, 1, at - 1) " " substr(name, at + 1)
    }
    return name
}
function key_of(name,    parts, n, i, key) {
    name = drop_points(tolower(name))
    gsub(/[^a-z0-9.:?]/, " ", name)
    n = split(name, parts, " ")
    key = ""
    for (i = 1; i <= n; i++) {
        if (parts[i] == "it")
            parts[i] = "instruct"
        if (!(parts[i] in silent) || n == 1)
            key = key parts[i]
    }
    return key
}
NR == 1 { next }
{
    row = NR - 2
    print key_of($1) "\t" row "\t0"
    n = split($5, spellings, "|")
    for (i = 1; i <= n; i++)
        print key_of(spellings[i]) "\t" row "\t0"
    n = split($6, types, "|")
    for (i = 1; i <= n; i++)
        print key_of(types[i]) "\t" row "\t" (sub(/\*$/, "", types[i]) ? 2 : 1)
}
