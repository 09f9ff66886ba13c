#!/bin/sh
# Plants breaches of the layers in a small tree and expects layers.sh to find each.
set -u
here=$(dirname "$0")
tree=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-layers-test.XXXXXX") || exit 1
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

# expect good|bad FILE INCLUDE…: the tree with this one file
expect() {
    verdict=$1 file=$2 line=$3
    rm -rf "$tree/schema" "$tree/submit" "$tree/collector" "$tree/analyze" "$tree/plot"
    mkdir -p "$tree/$(dirname "$file")"
    printf '#include <stdio.h>\n#include %s\n' "$line" > "$tree/$file"
    sh "$here/layers.sh" "$tree" > "$tree/out" 2>&1
    status=$?
    if [ "$verdict" = good ]; then
        result "$status" "$file may include $line"
    else
        [ "$status" -ne 0 ] && grep -q "^$file:2: " "$tree/out"
        result $? "$file may not include $line"
    fi
}

sh "$here/layers.sh"
result $? "the repository keeps its layers"

expect good schema/json/x.c '"schema/base/buf.h"'
expect good schema/bundle/x.c '"schema/json/json.h"'
expect good schema/formats/x.c '"schema/read/csv.h"'
expect good collector/main.c '"collector/follow/seal.h"'
expect good analyze/data/x.c '"schema/db/db.h"'
expect good plot/draw/x.c '"plot/chart/chart.h"'
expect good schema/json/x.c '<cjson/cJSON.h>'
expect good schema/db/x.c '"gen/schema/sql/files.inc"'
expect bad schema/base/x.c '"schema/json/json.h"'
expect bad schema/stats/x.c '"schema/json/json.h"'
expect bad schema/catalog/x.c '"schema/db/db.h"'
expect bad schema/text/x.h '"schema/bundle/types.h"'
expect bad schema/base/x.c '"submit/device/device.h"'
expect bad submit/main.c '"schema/db/db.h"'
expect bad submit/device/x.c '"schema/cluster/cluster.h"'
expect bad collector/intake/x.c '"collector/http/reply.h"'
expect bad collector/intake/x.c '"collector/follow/seal.h"'
expect bad plot/chart/x.c '"plot/draw/draw.h"'
expect bad plot/draw/x.c '"schema/db/db.h"'
expect bad analyze/cmd_table.c '"schema/db/db.h"'
expect bad analyze/cmd_table.c '"schema/formats/formats.h"'
expect bad submit/x.c '"collector/intake/intake.h"'
expect bad submit/x.c '"tests/unit/helper.h"'
expect bad schema/base/x.c '"buf.h"'
expect bad schema/json/x.c '"../base/buf.h"'
expect bad schema/json/x.c '"schema/base/options_internal.h"'
expect bad schema/text/x.c '<cjson/cJSON.h>'
expect bad analyze/data/x.c '<libpq-fe.h>'
expect bad submit/x.c '<curl/curl.h>'
expect bad collector/main.c '<microhttpd.h>'
expect bad collector/intake/x.c '<sodium.h>'
expect bad plot/chart/x.c '<cairo.h>'
expect bad schema/formats/x.c '<expat.h>'
expect bad submit/x.c '<someother/library.h>'
echo "1..$number"
exit $failed
