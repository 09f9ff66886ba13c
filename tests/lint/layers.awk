# Checks the #include lines of all files named on standard input's list against
# layers.txt. Usage: awk -v root=ROOT -f layers.awk layers.txt LIST

# The folder of the table that holds `path`: the longest one that matches.
function room_of(path,    folder) {
    folder = path
    while (folder != "") {
        if (folder in is_room)
            return folder
        if (!sub("/[^/]*$", "", folder))
            return ""
    }
    return ""
}

# What `room` may include, with what those rooms may include in turn.
function close_over(room,    seen, queue, head, tail, i, n, parts, next_room) {
    head = tail = 0
    queue[tail++] = room
    seen[room] = 1
    while (head < tail) {
        n = split(allowed[queue[head++]], parts, " ")
        for (i = 1; i <= n; i++) {
            next_room = parts[i]
            if (!(next_room in seen)) {
                seen[next_room] = 1
                queue[tail++] = next_room
            }
        }
    }
    for (next_room in seen)
        may[room, next_room] = 1
}

function breach(text) {
    printf "%s:%d: %s\n", file, number, text
    breaches++
}

function forbidden(path, target,    i, n, parts) {
    for (prefix in never) {
        if (index(path, prefix) != 1)
            continue
        n = split(never[prefix], parts, " ")
        for (i = 1; i <= n; i++)
            if (target == parts[i] || index(target, parts[i] "/") == 1)
                return 1
    }
    return 0
}

function check_own(header,    target, room) {
    sub("^gen/", "", header)
    if (header !~ "^(schema|submit|collector|analyze|plot|tests)/") {
        breach("\"" header "\" is not written from the root")
        return
    }
    if (header ~ "^(tests|reports)/") {
        breach("nothing includes tests/ or reports/: \"" header "\"")
        return
    }
    target = room_of(header)
    room = room_of(file)
    if (target == "")
        breach("\"" header "\" is in no room of layers.txt")
    else if (header ~ "(_internal|/private)[.]h$" && target != room)
        breach("\"" header "\" is for " target " only")
    else if (!((room, target) in may) || forbidden(file, target))
        breach(room " may not include " target ": \"" header "\"")
}

function check_outside(header,    prefix, room) {
    for (prefix in library) {
        if (index(header, prefix) != 1)
            continue
        room = room_of(file)
        if (room != library[prefix])
            breach("<" header "> belongs to " library[prefix] " alone")
        return
    }
    for (prefix in system_header)
        if (header == prefix || (prefix ~ "/$" && index(header, prefix) == 1))
            return
    breach("<" header "> is in no line of layers.txt")
}

function check_line(line,    header) {
    if (line ~ /^[ \t]*#[ \t]*include[ \t]*"/) {
        header = line
        sub(/^[^"]*"/, "", header)
        sub(/".*$/, "", header)
        check_own(header)
    } else if (line ~ /^[ \t]*#[ \t]*include[ \t]*</) {
        header = line
        sub(/^[^<]*</, "", header)
        sub(/>.*$/, "", header)
        check_outside(header)
    }
}

FNR == 1 { files_read++ }
files_read == 1 && $1 == "room" {
    is_room[$2] = 1
    for (i = 3; i <= NF; i++)
        allowed[$2] = allowed[$2] " " $i
}
files_read == 1 && $1 == "never" {
    for (i = 3; i <= NF; i++)
        never[$2] = never[$2] " " $i
}
files_read == 1 && $1 == "library" { library[$2] = $3 }
files_read == 1 && $1 == "system" {
    for (i = 2; i <= NF; i++)
        system_header[$i] = 1
}
files_read == 2 && !closed {
    for (room in is_room)
        close_over(room)
    closed = 1
}
files_read == 2 {
    file = $0
    sub("^[.]/", "", file)
    number = 0
    checked++
    if (room_of(file) == "") {
        breach("is in no room of layers.txt")
        next
    }
    while ((getline line < (root "/" file)) > 0) {
        number++
        check_line(line)
    }
    close(root "/" file)
}
END {
    if (breaches > 0) {
        printf "error: %d include%s against the layers\n", breaches, breaches == 1 ? "" : "s"
        print "hint: tests/lint/layers.txt says who may include whom"
        exit 1
    }
    if (checked == 0) {
        print "error: found no source file"
        exit 1
    }
}
