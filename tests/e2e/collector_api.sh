#!/bin/sh
# What everybody may read: results page by page, chips, bytes, tags, and the description of all that,
# compared with real answers. Needs BIN (programs) and TESTBIN (http_client); prints TAP.
set -u
BIN=${BIN:-build/release/bin}
TESTBIN=${TESTBIN:-build/release/tests}
collector=$BIN/crosschip-collector
client=$TESTBIN/e2e/http_client
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-api.XXXXXX") || exit 1
chmod 755 "$work"
pid=
number=0
trap 'finish' EXIT
trap 'exit 130' INT TERM

finish()
{
    [ -n "$pid" ] && kill -9 "$pid" 2>/dev/null
    "$collector" status --data "$work/data" >/dev/null 2>&1
    rm -rf "$work"
}
ok()
{
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}
# is TEXT WANTED NAME
is()
{
    number=$((number + 1))
    if [ "$1" = "$2" ]; then
        echo "ok $number - $3"
    else
        echo "not ok $number - $3"
        echo "# got $1, wanted $2"
    fi
}
# bundle NUMBER CHIP MODEL
bundle()
{
    cat <<END
{"crosschip":"1.0","consent":{"licence":"CC0-1.0","text":"I may share these results."},
"format":{"name":"llama-bench-json","reader":1},"tool":{"name":"llama-bench","version":"b$1"},
"device":{"chip":"$2","memory_bytes":34359738368},
"runs":[{"workload":{"model":"$3","quantization":"Q4_0","backend":"Metal","task":"tg128","parameters":{"generated_tokens":128}},
"metrics":[{"name":"generation_throughput","unit":"tok/s","direction":"higher","mean":1.$1},
{"name":"load_time","unit":"ms","direction":"lower","mean":12.5,"n":3,"samples":[12,12.5,13]}]}]}
END
}
id_of() { echo "sha256:$(sha256sum < "$1" | cut -c1-64)"; }
status_of() { cut -d' ' -f1; }
get() { "$client" "$at" get "$@"; }
items() { grep -o '"submission":' | wc -l | tr -d ' '; }

: > "$work/out"
"$collector" serve --listen 127.0.0.1:0 --data "$work/data" > "$work/out" 2>> "$work/log" &
pid=$!
waited=0
while ! grep -q listening "$work/out" && kill -0 "$pid" 2>/dev/null && [ "$waited" -lt 600 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
at=$(sed -n 's,^listening on http://,,p' "$work/out")
get '/v1/results' > "$work/empty"
is "$(cat "$work/empty")" '200 {"results":[],"next":null}' "nothing is stored, nothing is shown"
for i in 1 2 3 4 5 6 7; do
    chip="Apple M1 Max"
    [ $i -gt 4 ] && chip="Apple M2"
    bundle $i "$chip" "Llama 2 7B" > "$work/$i.json"
    "$client" "$at" post /v1/submissions "$work/$i.json" > "$work/stored"
done

# ---- results
is "$(get /v1/results | items)" 14 "every measurement of accepted submissions"
is "$(get '/v1/results?chip=Apple+M2' | items)" 6 "by chip"
is "$(get '/v1/results?chip=Apple%20M2&metric=load_time' | items)" 3 "by chip and metric"
is "$(get '/v1/results?model=Other' | items)" 0 "by a model that nobody sent"
: > "$work/pages"
after=
pages=0
while [ "$pages" -lt 20 ]; do
    get "/v1/results?limit=3${after:+&after=$after}" > "$work/page"
    grep -o '"submission":"[^"]*","ordinal":[0-9]*' "$work/page" >> "$work/pages"
    after=$(sed -n 's/.*"next":"\([^"]*\)".*/\1/p' "$work/page")
    pages=$((pages + 1))
    [ -n "$after" ] || break
done
is "$(sort -u "$work/pages" | wc -l | tr -d ' ')/$(wc -l < "$work/pages" | tr -d ' ')" 14/14 "page by page each one comes once"
is "$pages" 5 "in as many pages as are needed"
for bad in 'limit=0' 'limit=1001' 'limit=x' 'after=x' 'nothing=1' 'chip=' 'chip=a&chip=b' 'chip=%00' 'chip=%zz' 'chip=%c0%ae' 'chip=%0d%0a'; do
    [ "$(get "/v1/results?$bad" | status_of)" = 400 ] || echo "$bad" >> "$work/taken"
done
[ ! -e "$work/taken" ]
ok $? "malformed questions are 400"
get '/v1/results?nothing=1' | grep -q '"path":"nothing"'
ok $? "and the parameter is named"
is "$(get '/v1/chips?%00' | status_of)" 400 "nothing encoded in other paths"

# ---- tags
head_of() { "$client" "$at" head "$@"; }
one=$(id_of "$work/1.json")
for path in /v1/results /v1/chips /v1/openapi.json "/v1/submissions/$one/bundle"; do
    tag=$(head_of "$path" | sed -n 's/^ETag: //p')
    [ "${#tag}" -gt 10 ] && [ "$(get "$path" "If-None-Match: $tag" | status_of)" = 304 ] &&
        [ "$(get "$path" 'If-None-Match: "other"' | head -n 1 | status_of)" = 200 ] || echo "$path $tag" >> "$work/untagged"
done
[ ! -e "$work/untagged" ]
ok $? "what has not changed is 304"
is "$(head_of "/v1/submissions/$one/bundle" | sed -n 's/^ETag: "\(.*\)"$/sha256:\1/p')" "$one" "the tag of a submission is its hash"
is "$(head_of /v1/results | sed -n 's/^Access-Control-Allow-Origin: //p')" '*' "pages of other sites may read results"
is "$(head_of /v1/results | sed -n 1p | cut -d' ' -f2)" 200 "HEAD"
tag=$(head_of /v1/results | sed -n 's/^ETag: //p')
bundle 8 "Apple M2" "Llama 2 7B" > "$work/8.json"
"$client" "$at" post /v1/submissions "$work/8.json" > /dev/null
is "$(get /v1/results "If-None-Match: $tag" | status_of)" 200 "a new submission changes the tag"

# ---- the description
get /v1/openapi.json | sed 's/^200 //' > "$work/openapi.json"
if command -v python3 > /dev/null; then
    get "/v1/results?limit=2" | sed 's/^200 //' > "$work/results.json"
    get /v1/chips | sed 's/^200 //' > "$work/chips.json"
    get "/v1/submissions/$one" | sed 's/^200 //' > "$work/submission.json"
    sed 's/^20[01] //' "$work/stored" > "$work/stored.json"
    get "/v1/results?limit=x" | sed 's/^400 //' > "$work/error.json"
    python3 - "$work" "$(basename "$client")" << 'END' > "$work/checked" 2>&1
import json, re, sys
work = sys.argv[1]
document = json.load(open(work + "/openapi.json"))
schemas = document["components"]["schemas"]
try:
    import openapi_spec_validator
    openapi_spec_validator.validate_spec(document)
    print("validated by openapi_spec_validator")
except ImportError:
    print("openapi_spec_validator is not installed: structure only")

def resolve(schema):
    while "$ref" in schema:
        schema = schemas[schema["$ref"].rsplit("/", 1)[1]]
    return schema

def refs(value):
    if isinstance(value, dict):
        if "$ref" in value:
            assert value["$ref"].rsplit("/", 1)[1] in schemas, value
        for item in value.values():
            refs(item)
    elif isinstance(value, list):
        for item in value:
            refs(item)

kinds = {"string": str, "integer": int, "number": (int, float), "object": dict, "array": list}
def check(value, schema, path, closed=True):
    schema = resolve(schema)
    if "allOf" in schema:
        known = set()
        for part in schema["allOf"]:
            check(value, part, path, False)
            known |= set(resolve(part)["properties"])
        assert set(value) <= known, (path, set(value) - known)
        return
    if value is None:
        assert schema.get("nullable"), path
        return
    assert isinstance(value, kinds[schema["type"]]) and not isinstance(value, bool), (path, value)
    if "enum" in schema:
        assert value in schema["enum"], (path, value)
    if "pattern" in schema:
        assert re.search(schema["pattern"], value), (path, value)
    if isinstance(value, list):
        for at, item in enumerate(value):
            check(item, schema["items"], f"{path}[{at}]")
    if isinstance(value, dict) and "properties" in schema:
        for name in schema.get("required", []):
            assert name in value, (path, name)
        assert not closed or set(value) <= set(schema["properties"]), (path, set(value) - set(schema["properties"]))
        for name, item in value.items():
            if name in schema["properties"]:
                check(item, schema["properties"][name], f"{path}.{name}")

refs(document)
for path, operations in document["paths"].items():
    for method, operation in operations.items():
        assert operation["responses"], (path, method)
        assert ("{id}" in path) == any(p["in"] == "path" for p in operation["parameters"]), path
for name, schema in (("results", "Results"), ("chips", "Chips"), ("submission", "Submission"), ("stored", "Stored"), ("error", "Error")):
    check(json.load(open(f"{work}/{name}.json")), schemas[schema], name)
open(work + "/paths", "w").write("".join(f"{m.upper()} {p}\n" for p, o in document["paths"].items() for m in o))
print("good")
END
    is "$(tail -n 1 "$work/checked")" good "the description is valid and real answers fit it"
    [ "$(tail -n 1 "$work/checked")" = good ] || sed 's/^/# /' "$work/checked"
    # Every path that is described exists, and with its method.
    while read -r method path; do
        path=$(echo "$path" | sed "s/{id}/sha256:0000000000000000000000000000000000000000000000000000000000000000/")
        answer=$("$client" "$at" method "$method" "$path" | head -n 1 | status_of)
        case $answer in 405 | 501) echo "$method $path $answer" >> "$work/missing" ;; esac
    done < "$work/paths"
    [ ! -e "$work/missing" ]
    ok $? "every path that is described is there"
else
    echo "ok $((number + 1)) - the description # SKIP no python3"
    number=$((number + 1))
fi
kill -TERM "$pid"
wait "$pid"
is $? 0 "it stops"
pid=
echo "1..$number"
