# Finds calls of functions that this house does not use. Comments and strings are
# taken out first.
BEGIN {
    n = split("strcpy strcat sprintf vsprintf gets strtok strncpy strncat localtime gmtime asctime ctime mktime " \
        "atoi atol atof setlocale system popen tmpnam tempnam mktemp alloca rand srand", names, " ")
    for (i = 1; i <= n; i++)
        banned[names[i]] = 1
}
FNR == 1 { in_comment = 0 }
{
    line = $0
    gsub(/\\./, "", line)
    gsub(/"[^"]*"/, "\"\"", line)
    gsub(/'[^']*'/, "''", line)
    gsub(/\/\*[^*]*\*+([^\/*][^*]*\*+)*\//, " ", line)
    if (in_comment) {
        if (!sub(/^.*\*\//, "", line))
            next
        in_comment = 0
    }
    sub(/\/\/.*$/, "", line)
    if (sub(/\/\*.*$/, "", line))
        in_comment = 1
    while (match(line, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/)) {
        name = substr(line, RSTART, RLENGTH - 1)
        before = RSTART > 1 ? substr(line, RSTART - 1, 1) : ""
        sub(/[ \t]+$/, "", name)
        if (name in banned && before != "." && before != ">")
            printf "%s:%d: %s()   <- a function that is not used here\n", FILENAME, FNR, name
        line = substr(line, RSTART + RLENGTH)
    }
}
