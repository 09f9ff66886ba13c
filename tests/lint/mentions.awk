# Checks what a text mentions (second file) against the tables of all programs
# (first file: program, tab, row of a dump).
function wrong(text) {
    printf "%s:%d: %s\n", FILENAME, FNR, text
    failures++
}
# The program and verb at the beginning of a command, if it is one of ours.
function check_command(command,    program, word) {
    sub(/^([$] )?(build\/bin\/|[.]\/)*/, "", command)
    if (command !~ /^crosschip-[a-z]+([ \t]|$)/)
        return
    program = command
    sub(/[ \t].*$/, "", program)
    if (!(program in programs)) {
        wrong("there is no program " program)
        return
    }
    word = substr(command, length(program) + 2)
    sub(/[^a-z-].*$/, "", word)
    if (word ~ /^[a-z]/ && word != "help" && !((program, word) in verbs))
        wrong("there is no verb " program " " word)
}
function check_options(text,    name) {
    sub(/ -- .*$/, " ", text) # what follows belongs to another command
    while (match(text, /(^|[^A-Za-z0-9_-])--[a-z][a-z0-9-]*/)) {
        name = substr(text, RSTART, RLENGTH)
        sub(/^[^-]*--/, "", name)
        if (!(name in options))
            wrong("no program has the option --" name)
        text = substr(text, RSTART + RLENGTH)
    }
}
FNR == 1 { files++ }
files == 1 {
    programs[$1] = 1
    if (NF == 6 && $2 != $1)
        verbs[$1, $2] = 1
    if (NF == 8)
        options[$3] = 1
    next
}
/^```/ { in_block = !in_block; next }
{
    foreign = $0 ~ /(apt-get|initdb|llama-bench|llama-server|git|docker|brew|pg_dump|postgres|curl|pkg-config|configure) / && $0 !~ /crosschip-/
    if (in_block)
        check_command($0)
    n = split($0, spans, "`")
    for (i = 2; i <= n; i += 2)
        check_command(spans[i])
    if (!foreign)
        check_options($0)
}
END { exit failures > 0 }
