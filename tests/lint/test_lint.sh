#!/bin/sh
# Plants what the size, word and docs checks look for, and expects them to find it.
set -u
here=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-lint-test.XXXXXX") || exit 1
trap 'rm -rf "$tree"' EXIT
number=0
failed=0

result() { # STATUS TEXT
    number=$((number + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $number - $2"
    else
        echo "not ok $number - $2"
        failed=1
    fi
}

finds() { # CHECK PATTERN TEXT
    sh "$here/$1" "$tree" > "$tree/../${tree##*/}.out" 2>&1
    status=$?
    [ "$status" -ne 0 ] && grep -q "$2" "$tree/../${tree##*/}.out"
    result $? "$1 finds $3"
    rm -f "$tree/../${tree##*/}.out"
}

passes() { # CHECK TEXT
    sh "$here/$1" "$tree" > /dev/null 2>&1
    result $? "$1 passes $2"
}

body() { # LINES
    awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) print "    value += " i ";" }'
}

{ echo 'static int sum(int value)'; echo '{'; body 56; echo '    return value;'; echo '}'; } > "$tree/a.c"
passes sizes.sh "a function of 60 lines"
{ echo 'static int sum(int value)'; echo '{'; body 57; echo '    return value;'; echo '}'; } > "$tree/a.c"
finds sizes.sh '^a.c:1: a function of 61 lines' "a function of 61 lines"
{ echo 'static int sum(int value,'; echo '               int other)'; echo '{'; body 57; echo '}'; } > "$tree/a.c"
finds sizes.sh '^a.c:1: a function of 61 lines' "one with a head of two lines"
awk 'BEGIN { for (i = 0; i < 501; i++) print "int x" i ";" }' > "$tree/a.c"
finds sizes.sh '^a.c: 501 lines' "a file of 501 lines"

printf 'int x;\n' > "$tree/a.c"
passes words.sh "a clean file"
slash=/
for call in 'strcpy(a, b);' 'x = atoi(text);' 'sprintf (a, "%%d", 1);' 'return system(line);' 'localtime(&now);'; do
    printf 'void f(void)\n{\n    %s\n}\n' "$call" > "$tree/a.c"
    finds words.sh '^a.c:3: ' "$call"
done
printf '/* not strcpy(a, b):\n * nor gets(a) */\nconst char *t = "system(x)"; // atoi(y)\nint g = my_strcpy(1) + p->system(2);\n' > "$tree/a.c"
passes words.sh "names in comments, strings and longer names"
for path in "${slash}work${slash}main" "${slash}home${slash}someone/x" "${slash}root${slash}x"; do
    printf 'see %s\n' "$path" > "$tree/a.md"
    finds words.sh '^a.md:1:' "$path"
done
mkdir "$tree/tests"
printf 'model = "%s"\n' "${slash}home${slash}someone/x" > "$tree/tests/input.txt"
rm -f "$tree/a.md"
passes words.sh "a home folder in the input of a test"
rm -rf "$tree/tests"
printf '"resolve%s": "https://example.org/a.tgz"\n' d > "$tree/lock.json"
finds words.sh '^lock.json:1:' "a registry in a lock file"
rm -f "$tree/lock.json"

# A program of three lines stands for ours.
mkdir "$tree/bin"
fake() { # README text
    cat > "$tree/bin/crosschip-fake" << 'END'
#!/bin/sh
case $1 in
--dump-verbs) printf 'crosschip-fake\t\tFakes\t\t0\nsend\tFILE\tSend a file\t\tcrosschip-fake send x\n' ;;
*) printf 'send\tdry-run\tflag\t\t\tSend nothing\t\nsend\tserver\ttext\tURL\t\tSend there\ts\n' ;;
esac
END
    chmod +x "$tree/bin/crosschip-fake"
    printf '%s\n' "$1" > "$tree/README.md"
}
export BIN="$tree/bin"
fake 'Use `crosschip-fake send --dry-run FILE` or `crosschip-fake send -- other --flag`.'
passes docs.sh "a text that mentions what there is"
fake 'Use `crosschip-fake send --dryrun FILE`.'
finds docs.sh '^README.md:1: no program has the option --dryrun' "an option that does not exist"
fake 'Use `crosschip-fake sent FILE`.'
finds docs.sh '^README.md:1: there is no verb crosschip-fake sent' "a verb that does not exist"
fake 'Text.'
sed 's/Send nothing//' "$tree/bin/crosschip-fake" > "$tree/bin/crosschip-other"
chmod +x "$tree/bin/crosschip-other"
finds docs.sh 'crosschip-other: send --dry-run has no help' "an option without help"
rm -f "$tree/bin/crosschip-other"
# The bugs that tests/fault and tests/db plant have to fit the sources, or nobody sees any more that they are found.
for patch in "$here"/../fault/planted/*.patch "$here"/../db/planted/*.patch; do
    (cd "$here/../.." && git apply --check "tests/${patch#"$here"/../}")
    result $? "$(basename "$patch") can be planted"
done
echo "1..$number"
exit $failed
