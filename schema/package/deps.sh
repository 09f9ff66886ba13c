#!/bin/sh
# Installs what is missing: deps.sh demo|test|bench. Debian and its relatives: apt-get, as root or
# through sudo; macOS: names the brew packages; elsewhere: names the pkg-config modules.
set -eu
level=${1:-demo}

demo="ca-certificates gcc make pkg-config libcjson-dev libcurl4-openssl-dev libmicrohttpd-dev libgnutls28-dev libpq-dev libsodium-dev
libexpat1-dev zlib1g-dev libzstd-dev libdeflate-dev libpng-dev libcairo2-dev libpango1.0-dev postgresql postgresql-client
fonts-inter fonts-dejavu-core fonts-wqy-microhei"
test="libcmocka-dev clang clang-format clang-tidy cppcheck valgrind libclang-rt-14-dev cmark-gfm python3 xz-utils
netcat-openbsd util-linux strace curl chromium nodejs npm"
bench="mbw sysbench python3-requests wrk hyperfine gnuplot-nox python3-matplotlib"
modules="libcjson libcurl libmicrohttpd gnutls libpq libsodium expat zlib libzstd libdeflate libpng cairo pangocairo pangoft2 fontconfig cmocka"
brew="pkg-config cjson curl libmicrohttpd gnutls libpq libsodium expat zlib zstd libdeflate libpng cairo pango fontconfig postgresql@15 cmocka font-inter"

case $level in
demo) wanted=$demo ;;
test) wanted="$demo $test" ;;
bench) wanted="$demo $test $bench" ;;
*) echo "error: deps.sh knows demo, test and bench, not $level" >&2; exit 64 ;;
esac

if [ "$(uname -s)" = Darwin ]; then
    missing=""
    for module in $modules; do pkg-config --exists "$module" 2>/dev/null || missing="$missing $module"; done
    [ -z "$missing" ] && exit 0
    echo "error: these libraries are missing:$missing" >&2
    echo "hint: brew install $brew" >&2
    exit 69
fi
if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    missing=""
    for module in $modules; do pkg-config --exists "$module" 2>/dev/null || missing="$missing $module"; done
    command -v pg_config >/dev/null || missing="$missing postgresql-server(15+)"
    [ -z "$missing" ] && exit 0
    echo "error: not a Debian system; these pkg-config modules are missing:$missing" >&2
    echo "hint: install them with your package manager, and the Inter and DejaVu fonts" >&2
    exit 69
fi

# Node from elsewhere is as good, and would conflict with Debian's.
is_installed() {
    case $1 in
    nodejs) command -v node > /dev/null && return ;;
    npm) command -v npm > /dev/null && return ;;
    esac
    dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}
missing=""
for package in $wanted; do is_installed "$package" || missing="$missing $package"; done
# Debian's kernel headers of clang carry the version in the name; take what clang depends on.
[ -z "$missing" ] && exit 0

as_root=""
if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "error: these packages are missing and need root to install:$missing" >&2
        echo "hint: run as root: apt-get install --no-install-recommends$missing" >&2
        exit 77
    fi
    as_root=sudo
fi
echo "Installing:$missing"
# Debian's PostgreSQL would create and start a server of its own on installation.
if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    $as_root mkdir -p /etc/postgresql-common
    echo "create_main_cluster = false" | $as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    echo "Keeping Debian from starting a PostgreSQL of its own (/etc/postgresql-common/createcluster.conf)"
fi
log=$(mktemp "${TMPDIR:-/tmp}/crosschip-deps.XXXXXX")
trap 'rm -f "$log"' EXIT
if ! { $as_root apt-get update -q && DEBIAN_FRONTEND=noninteractive $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends -o Dpkg::Options::=--force-confold $missing; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "error: apt-get could not install all of:$missing" >&2
    echo "hint: look at the lines above; is the package source reachable?" >&2
    exit 69
fi
