# Sizes of files and functions; one name of a file a line on the input. In this
# house a function's braces stand in the first column, each on a line of its own,
# and its head is the lines before it up to an empty line, a comment or a brace.

function check_file(file,    line, count, head, begin, length_of) {
    count = head = begin = 0
    while ((getline line < file) > 0) {
        count++
        if (file !~ /[.][ch]$/)
            continue
        if (line == "{") {
            begin = head ? head : count
        } else if (line == "}" && begin) {
            length_of = count - begin + 1
            functions++
            if (length_of > function_most) {
                printf "%s:%d: a function of %d lines, %d are allowed\n", file, begin, length_of, function_most
                wrong++
            }
            begin = head = 0
        } else if (!begin) {
            if (line ~ /^[A-Za-z_]/ && line !~ /;[ \t]*$/) {
                if (!head)
                    head = count
            } else if (line !~ /^[ \t]+[^ \t*]/) {
                head = 0
            }
        }
    }
    close(file)
    if (count > file_most) {
        printf "%s: %d lines, %d are allowed\n", file, count, file_most
        wrong++
    }
}

BEGIN {
    function_most = 60
    file_most = 500
}
{ check_file($0); files++ }
END {
    if (wrong) {
        printf "error: %d too long\nhint: split it by subject\n", wrong
        exit 1
    }
    if (!files) {
        print "error: found no source file"
        exit 1
    }
}
