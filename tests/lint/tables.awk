# Checks the tables of one program (first file) and its manual page (second file).
function wrong(text) {
    print program ": " text
    failures++
}
FNR == 1 { files++ }
files == 1 && NF == 5 && !named { named = 1; if ($3 == "") wrong("has no summary"); next }
files == 1 && NF == 5 {
    if ($3 == "")
        wrong($1 " has no summary")
    if ($3 ~ /[.]$/)
        wrong("the summary of " $1 " ends in a full stop")
    if ($5 == "")
        wrong($1 " has no example")
    else if (index($5, program) == 0)
        wrong("the example of " $1 " does not call " program)
    next
}
files == 1 && NF == 7 {
    if ($6 == "")
        wrong($1 " --" $2 " has no help")
    if ($6 ~ /[.]$/)
        wrong("the help of " $1 " --" $2 " ends in a full stop")
    if ($3 != "flag" && $4 == "")
        wrong($1 " --" $2 " names no argument")
    if ($3 == "flag" && $5 != "")
        wrong($1 " --" $2 " is a flag with a default")
    if (($1, $2) in seen)
        wrong($1 " has --" $2 " twice")
    if ($7 != "" && (($1, $7) in letter))
        wrong($1 " has -" $7 " twice")
    seen[$1, $2] = letter[$1, $7] = 1
    option["\\-\\-" $2] = 1
    next
}
files == 1 { wrong("a row of " NF " fields: " $0) }
files == 2 { page = page $0 "\n" }
END {
    gsub(/\\f[BRI]/, " ", page)
    for (name in option) {
        wanted = name
        gsub(/-/, "\\-", wanted)
        gsub(/\\\\/, "\\", wanted)
        if (index(page, " " wanted " ") == 0 && index(page, " " wanted "\n") == 0)
            wrong("the manual page lacks " name)
    }
    exit failures > 0
}
