#!/bin/sh
# All checks of make lint: one line each, what is wrong above it. Tools that are not
# installed are named and skipped; the checks of our own are never skipped.
set -u
cd "$(dirname "$0")/../.." || exit 1
here=tests/lint
failed=0
out=$(mktemp "${TMPDIR:-/tmp}/crosschip-lint.XXXXXX") || exit 1
trap 'rm -f "$out"' EXIT

step() { # NAME COMMAND…
    name=$1
    shift
    if "$@" > "$out" 2>&1; then
        echo "ok       $name"
    else
        tail -n 200 "$out"
        echo "FAILED   $name"
        failed=1
    fi
}

tool() { # NAME PROGRAM COMMAND…
    name=$1 program=$2
    shift 2
    if command -v "$program" > /dev/null 2>&1; then
        step "$name" "$@"
    else
        echo "skipped  $name: $program is not installed"
    fi
}

sources() { # PATTERN… as NUL-terminated names
    sh $here/files.sh "$@" | tr '\n' '\0'
}

flags="-std=gnu17 -D_GNU_SOURCE -I. -I${O:-build}"
for module in libcjson libcurl libmicrohttpd gnutls libpq libsodium expat zlib libzstd libdeflate libpng cairo pangocairo fontconfig cmocka; do
    flags="$flags $(pkg-config --cflags "$module" 2> /dev/null | sed 's/-I/-isystem /g')"
done

# Headers are laid out by hand, as tables of what a room offers. Other versions of
# clang-format lay code out in other ways.
format() {
    case $(clang-format --version) in
    *' 14.'*)
        sources '*.c' | xargs -0 clang-format --dry-run -Werror && return
        echo "hint: sh $here/format.sh lays it out"
        return 1
        ;;
    *) echo "clang-format 14 decides; this is another one" ;;
    esac
}

# One process a file: the va_list check of clang-tidy 14 is wrong from the second file on.
tidy() {
    sources '*.c' | grep -zv '^tests/' |
        xargs -0 -n 1 -P "$(getconf _NPROCESSORS_ONLN 2> /dev/null || echo 2)" \
            sh -c 'clang-tidy --quiet "$0" -- $FLAGS 2> /dev/null'
}

# Off: what cppcheck 2.10 reads wrongly (compound literals, values set on the path that
# uses them; the compilers, the analyzer and valgrind look for those).
check_with_cppcheck() {
    cppcheck --quiet --std=c11 --enable=warning,portability,performance --inline-suppr --error-exitcode=1 \
        --suppress=missingIncludeSystem --suppress=internalAstError --suppress=uninitvar \
        --suppress=duplicateAssignExpression -D_GNU_SOURCE -I. -I"${O:-build}" schema submit collector analyze plot
}

# gcc's own, function by function through the calls of a file; -O1 gives it plain conditions.
analyze_with_gcc() {
    sources '*.c' | grep -zv '^tests/' |
        xargs -0 -n 1 -P "$(getconf _NPROCESSORS_ONLN 2> /dev/null || echo 2)" \
            sh -c 'gcc $FLAGS -O1 -fanalyzer -Werror -c -o /dev/null "$0"'
}

check_scripts() {
    sources '*.sh' | xargs -0 shellcheck -S warning -e SC2034
}

export FLAGS="$flags"
step "layers" sh $here/layers.sh
step "sizes" sh $here/sizes.sh
step "words" sh $here/words.sh
step "docs" sh $here/docs.sh
tool "shell scripts" shellcheck check_scripts
tool "format" clang-format format
tool "cppcheck" cppcheck check_with_cppcheck
tool "gcc -fanalyzer" gcc analyze_with_gcc
tool "clang-tidy" clang-tidy tidy
exit $failed
