# Makes bash completion from the tables of a program:
#   { PROGRAM --dump-verbs; PROGRAM --dump-options; } | awk -f dump_to_completion.awk
# Rows of five fields are the program and its verbs, rows of seven are options.

BEGIN { FS = "\t" }
NF == 5 && program == "" { program = $1; next }
NF == 5 && $1 != "" { verbs = verbs " " $1; order[++count] = $1 }
NF == 7 {
    words[$1] = words[$1] " --" $2 ($7 == "" ? "" : " -" $7)
    if ($3 != "flag") {
        taking[$1] = taking[$1] (taking[$1] == "" ? "" : "|") "--" $2 ($7 == "" ? "" : "|-" $7)
        if (tolower($4) ~ /dir|folder/)
            folders[$1] = folders[$1] (folders[$1] == "" ? "" : "|") "--" $2 ($7 == "" ? "" : "|-" $7)
    }
}
END {
    if (program == "" || count == 0) {
        print "error: no table on standard input" > "/dev/stderr"
        exit 65
    }
    name = "_" program
    gsub(/-/, "_", name)
    sub(/^ /, "", verbs)
    print "# bash completion of " program "; made from its option tables."
    print name "()"
    print "{"
    print "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} verb='' words='' i"
    print "    for ((i = 1; i < COMP_CWORD; i++)); do"
    print "        case ${COMP_WORDS[i]} in -*) ;; *) verb=${COMP_WORDS[i]}; break ;; esac"
    print "    done"
    print "    COMPREPLY=()"
    print "    case $verb in"
    printf "    '') mapfile -t COMPREPLY < <(compgen -W '%s help --help --version' -- \"$current\"); return ;;\n", verbs
    printf "    help) mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$current\"); return ;;\n", verbs
    for (i = 1; i <= count; i++) {
        verb = order[i]
        sub(/^ /, "", words[verb])
        printf "    %s)\n        words='%s'\n", verb, words[verb]
        if (folders[verb] != "")
            printf "        case $previous in %s) mapfile -t COMPREPLY < <(compgen -d -- \"$current\"); return ;; esac\n", folders[verb]
        if (taking[verb] != "")
            printf "        case $previous in %s) return ;; esac\n", taking[verb]
        print "        ;;"
    }
    print "    esac"
    print "    case $current in -*) mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\") ;; esac"
    print "}"
    print "complete -o default -F " name " " program
}
