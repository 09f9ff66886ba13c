#!/bin/sh
# publish --git: a commit on a branch and nothing else; a message that says what is new; refusals. Prints TAP.
set -u
BIN=${BIN:-build/release/bin}
number=0
check() { # check TEXT COMMAND…
    number=$((number + 1))
    text=$1
    shift
    if "$@"; then echo "ok $number - $text"; else echo "not ok $number - $text"; fi
}
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-git.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
if ! command -v git > /dev/null; then
    echo "ok 1 - # SKIP no git here"
    echo "1..1"
    exit 0
fi
# Nobody's settings but those of this test.
export CROSSCHIP_CONFIG="$PWD/tests/data/samples/crosschip.conf" HOME="$work" GIT_CONFIG_NOSYSTEM=1 XDG_CONFIG_HOME="$work/config"
export TMPDIR="$work/tmp"
mkdir "$TMPDIR"
unset GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL EMAIL
samples=tests/data/samples/anemll-bench
repo=$work/repo
in_repo() { git -C "$repo" "$@"; }
publish() { "$BIN/crosschip-analyze" publish "$@" > "$work/out" 2> "$work/err"; }
old() { publish --git "$repo" "$@" $samples/m1-max.json $samples/m2.json; }
new() { publish --git "$repo" "$@" $samples/m1-max.json $samples/m4-pro.json; }
refused() { # refused CODE WORDS COMMAND…
    code=$1 words=$2
    shift 2
    "$@"
    got=$?
    if [ "$got" -eq "$code" ] && grep -q "$words" "$work/err" && grep -q "^hint: " "$work/err"; then return 0; fi
    sed "s/^/# /" "$work/err"
    return 1
}
clean() { test -z "$(in_repo status --porcelain)"; }
subject() { in_repo log -1 --format=%s "$@"; }

mkdir "$repo"
check "a folder that is no repository" refused 65 'no git repository' old reports
git init -q -b main "$repo"
check "nobody to commit as" refused 65 'who commits' old reports
in_repo config user.name Test
in_repo config user.email test@example.invalid
echo mine > "$repo/mine.txt"
in_repo add mine.txt
in_repo commit -qm Begin
echo draft > "$repo/draft.txt"
first=$(in_repo rev-parse HEAD)

# ---- another branch: what is checked out stays as it is
find "$repo" -path "$repo/.git" -prune -o -type f -print | sort | xargs sha256sum > "$work/before"
check "a branch that does not exist yet" old --branch published reports
check "begins at what is checked out" test "$(in_repo rev-parse published~1)" = "$first"
check "holds the publication" in_repo cat-file -e published:reports/site/index.html
check "and what was there" test "$(in_repo show published:mine.txt)" = mine
check "says what it is" test "$(subject published)" = "Publish the results of 2 submissions"
find "$repo" -path "$repo/.git" -prune -o -type f -print | sort | xargs sha256sum > "$work/after"
check "no file of the work tree changed" cmp -s "$work/before" "$work/after"
check "the branch that is checked out is where it was" test "$(in_repo rev-parse main)" = "$first"
second=$(in_repo rev-parse published)
check "the same again" old --branch published reports
check "makes no commit" test "$(in_repo rev-parse published)" = "$second"
check "and says so" grep -q 'holds this publication already' "$work/err"
check "a dry run lists" new --branch published --dry-run reports
check "and makes no commit" test "$(in_repo rev-parse published)" = "$second" -a "$(grep -c '^write ' "$work/out")" -gt 5
check "the next publication" new --branch published reports
check "says how many figures are new" test "$(subject published)" = "Publish results: 2 new, 0 changed, 2 gone"
check "and of which chips" sh -c "git -C '$repo' log -1 --format=%b published | grep -q '^New: M4 Pro 2'"
check "touches nothing outside its folder" sh -c "! git -C '$repo' diff --name-only '$second' published | grep -qv '^reports/'"
check "RESULTS.md tells the changes" sh -c "git -C '$repo' show published:reports/RESULTS.md | grep -q '^| M4 Pro .*126'"

# ---- the branch that is checked out: its work tree follows
check "the branch that is checked out" old reports
check "its work tree follows" test -e "$repo/reports/RESULTS.md"
check "and is clean" test "$(in_repo status --porcelain)" = "?? draft.txt"
echo changed > "$repo/mine.txt"
third=$(in_repo rev-parse main)
check "changes that are not committed" refused 73 'not committed' new reports
check "stay" test "$(cat "$repo/mine.txt")" = changed -a "$(in_repo rev-parse main)" = "$third"
in_repo checkout -q -- mine.txt
in_repo rm -rq reports
in_repo commit -qm 'Take it away'
third=$(in_repo rev-parse main)
mkdir -p "$repo/reports"
echo precious > "$repo/reports/RESULTS.md"
new reports
check "a file in the way that git does not know" test $? -eq 73 -a "$(cat "$repo/reports/RESULTS.md")" = precious -a "$(in_repo rev-parse main)" = "$third"
rm -r "$repo/reports"
in_repo worktree add -q "$work/other" published
check "a branch checked out elsewhere follows there" sh -c "'$BIN/crosschip-analyze' publish -q --git '$repo' --branch published reports $samples/m2.json && git -C '$work/other' diff --quiet HEAD && ! ls '$work/other/reports/site' | grep -q m4-pro"

# ---- a bare repository, an empty one, the top folder, an ignored folder
git init -q --bare -b main "$work/bare.git"
git -C "$work/bare.git" config user.name Test
git -C "$work/bare.git" config user.email test@example.invalid
check "an empty bare repository, into its top" publish --git "$work/bare.git" . $samples/m2.json
check "has one commit" test "$(git -C "$work/bare.git" rev-list --count main)" -eq 1
check "with the page at the top" git -C "$work/bare.git" cat-file -e main:RESULTS.md
git init -q -b main "$work/fresh"
git -C "$work/fresh" config user.name Test
git -C "$work/fresh" config user.email test@example.invalid
check "a repository without a commit" publish --git "$work/fresh" reports $samples/m2.json
check "is clean afterwards" sh -c "test -e '$work/fresh/reports/RESULTS.md' && test -z \"\$(git -C '$work/fresh' status --porcelain)\""
echo 'charts/' > "$work/fresh/.gitignore"
git -C "$work/fresh" add .gitignore
git -C "$work/fresh" commit -qm Ignore
check "what the repository ignores is published all the same" publish --git "$work/fresh" reports $samples/m4-pro.json
check "with its charts" sh -c "git -C '$work/fresh' ls-files reports/charts | grep -q png"

# ---- refusals
check "a folder outside" refused 64 'folder of the repository' publish --git "$repo" ../elsewhere $samples/m2.json
check "git's own folder" refused 64 'folder of the repository' publish --git "$repo" .git/x $samples/m2.json
publish --git "$repo" --branch 'a..b' reports $samples/m2.json
check "no name of a branch" test $? -eq 64
check "a branch without a repository" refused 64 'needs --git' publish --branch x "$work/plain" $samples/m2.json
in_repo checkout -q --detach
check "no branch is checked out" refused 65 'no branch' old reports
mkdir "$work/empty-path"
ln -s "$(command -v env)" "$work/empty-path/env"
check "no git at all" refused 69 'no git here' env PATH="$work/empty-path" "$BIN/crosschip-analyze" publish --git "$repo" reports $samples/m2.json 2> "$work/err"
check "nothing temporary is left" test -z "$(ls -A "$TMPDIR")"
echo "1..$number"
