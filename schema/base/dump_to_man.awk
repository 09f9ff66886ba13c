# Makes a manual page from the tables of a program:
#   { PROGRAM --dump-verbs; PROGRAM --dump-options; } | awk -f dump_to_man.awk
# Rows of five fields are the program and its verbs, rows of seven are options.

function plain(field) { # undoes the escapes of the dump
    gsub(/\\\\/, "\001", field)
    gsub(/\\n/, "\n", field)
    gsub(/\001/, "\\", field)
    return field
}

function roff(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    return text
}

function stopped(text) {
    return text (text ~ /[.…]$/ ? "" : ".")
}

function sentence(text) {
    return toupper(substr(text, 1, 1)) substr(stopped(text), 2)
}

# Lines that begin with a dot or a quote are commands to roff: \& in front.
function put(text) {
    print (text ~ /^[.']/ ? "\\&" : "") roff(text)
}

function paragraphs(field,    n, lines, i) {
    n = split(plain(field), lines, "\n")
    for (i = 1; i <= n; i++) {
        if (lines[i] == "")
            print ".PP"
        else if (lines[i] ~ /^ /) {
            print ".nf"
            put(lines[i])
            print ".fi"
        } else
            put(lines[i])
    }
}

function example(field,    n, lines, i) {
    if (field == "")
        return
    print ".PP\nExample:\n.PP\n.RS 4\n.nf"
    n = split(plain(field), lines, "\n")
    for (i = 1; i <= n; i++)
        put(lines[i])
    print ".fi\n.RE"
}

function option(row,    f, head) {
    split(row, f, "\t")
    head = f[7] == "" ? "" : "\\fB\\-" f[7] "\\fR, "
    head = head "\\fB\\-\\-" roff(f[2]) "\\fR"
    if (f[4] != "")
        head = head " \\fI" roff(plain(f[4])) "\\fR"
    print ".TP\n" head
    # As written: it may begin with a list of values.
    put(stopped(plain(f[6]) (f[3] == "list" ? "; may be repeated" : "") (f[5] == "" ? "" : " (default: " plain(f[5]) ")")))
}

function is_common(name) {
    return name == "help" || name == "version" || name == "quiet" || name == "verbose"
}

BEGIN { FS = "\t" }
NF == 5 && program == "" {
    program = $1
    summary = plain($3)
    description = $4
    version = $5
    next
}
NF == 5 {
    verb[++verbs] = $1
    arguments[$1] = plain($2)
    about[$1] = plain($3)
    more[$1] = $4
    shown[$1] = $5
}
NF == 7 && is_common($2) {
    if (!($2 in seen))
        common[++commons] = $0
    seen[$2] = 1
    next
}
NF == 7 { rows[$1, ++count[$1]] = $0 }

END {
    if (program == "" || verbs == 0) {
        print "error: no table on standard input" > "/dev/stderr"
        exit 65
    }
    printf ".TH %s 1 \"\" \"Crosschip %s\" \"Crosschip\"\n", roff(toupper(program)), roff(version)
    printf ".SH NAME\n%s \\- %s\n", roff(program), roff(summary)
    printf ".SH SYNOPSIS\n.B %s\n.I VERB\n[options] [arguments]\n", roff(program)
    print ".SH DESCRIPTION"
    paragraphs(description == "" ? summary : description)
    print ".SH VERBS"
    for (v = 1; v <= verbs; v++) {
        name = verb[v]
        head = arguments[name] ~ /^\[options\]/ ? arguments[name] : "[options] " arguments[name]
        sub(/ $/, "", head)
        gsub(/"/, "", head)
        printf ".SS \"%s %s\"\n", roff(name), roff(head)
        put(sentence(about[name]))
        if (more[name] != "") {
            print ".PP"
            paragraphs(more[name])
        }
        for (i = 1; i <= count[name]; i++)
            option(rows[name, i])
        example(shown[name])
    }
    print ".SH OPTIONS OF EVERY VERB"
    for (i = 1; i <= commons; i++)
        option(common[i])
    print ".SH ENVIRONMENT"
    put("Lasting settings, for which --help names it in brackets, have a variable: CROSSCHIP_ and the name in capitals, " \
        "with _ for -. It counts where the command line does not have the option. A flag is yes or no. What one call is " \
        "asked to do stands on the command line only.")
    print ".TP\n.B CROSSCHIP_CONFIG\nA file that is read in place of those below."
    print ".TP\n.B NO_COLOR\nNo colours on a terminal, when it is set."
    print ".SH FILES\n.TP\n.I /etc/crosschip/crosschip.conf"
    put("Settings of the house, one `name = value` a line, with the names of options without --. They count where " \
        "neither the command line nor the environment has the option.")
    print ".TP\n.I $XDG_CONFIG_HOME/crosschip/crosschip.conf\nSettings of one user, which win over those of the house. " \
        "Without XDG_CONFIG_HOME it is ~/.config."
    print ".SH EXIT STATUS"
    n = split("0 done|1 a check found what it looks for|2 nothing comparable|64 wrong usage|65 data refused|" \
        "69 a service is missing|73 cannot write|74 input or output failed|75 queued, will be tried again|77 not allowed", states, "|")
    for (i = 1; i <= n; i++) {
        number = states[i]
        sub(/ .*/, "", number)
        text = states[i]
        sub(/^[0-9]+ /, "", text)
        printf ".TP\n.B %s\n%s\n", number, text
    }
    print ".SH SEE ALSO"
    n = split("submit collector analyze plot", names, " ")
    separator = ""
    for (i = 1; i <= n; i++)
        if ("crosschip-" names[i] != program) {
            printf "%s\\fBcrosschip\\-%s\\fR(1)", separator, names[i]
            separator = ", "
        }
    print ""
}
