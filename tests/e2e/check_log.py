#!/usr/bin/env python3
"""Checks the log of a collector with nothing of this project: hashlib, urllib and openssl.

usage: check_log.py URL FOLDER [ID...]
       check_log.py --proofs FILE

Follows schema/bundle/FORMAT.md, "Checking a log". FOLDER keeps what was seen: the keys and every head; a later call
holds the collector to them. The trees are folded by the recursive definition of RFC 9162, section 2.1.1, not by the
loops of 2.1.3.2, which the collector uses. Prints what it checked; exit status 1 and a line when something differs.

FILE holds a log and proofs of it, a line each: "entry TEXT" (in hexadecimal) for all in their order, "head ROOT" of
them all, then "consistency SIZE ROOT [HASH...]" of what somebody kept and "inclusion INDEX [HASH...]".
"""
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request


def get(url, path):
    with urllib.request.urlopen(url + path, timeout=30) as answer:
        return answer.read()


def sha(data):
    return hashlib.sha256(data).digest()


def node(left, right):
    return sha(b"\x01" + left + right)


def split(size):
    part = 1
    while part * 2 < size:
        part *= 2
    return part


def root_of_inclusion(leaf, index, size, proof):
    if size == 1:
        assert not proof, "the proof is too long"
        return leaf
    assert proof, "the proof is too short"
    left = split(size)
    if index < left:
        return node(root_of_inclusion(leaf, index, left, proof[:-1]), proof[-1])
    return node(proof[-1], root_of_inclusion(leaf, index - left, size - left, proof[:-1]))


def roots_of_consistency(first, size, proof, whole, old):
    """(root of the first entries, root of all of them), as far as `proof` says."""
    if first == size:
        return (old, old) if whole else (proof[-1], proof[-1])
    left = split(size)
    if first <= left:
        a, b = roots_of_consistency(first, left, proof[:-1], whole, old)
        return a, node(b, proof[-1])
    a, b = roots_of_consistency(first - left, size - left, proof[:-1], False, old)
    return node(proof[-1], a), node(proof[-1], b)


def head_text(head):
    return f"crosschip-head-1\n{head['epoch']}\n{head['size']}\n{head['root']}\n{head['at']}\n".encode()


def entry_text(entry):
    return ("crosschip-entry-1\n%s\n%s\n%d\n%s\n%s\n" % (
        entry["kind"], entry["id"] or "-", entry["revision"], entry["at"], entry["detail"])).encode()


def signed(key_hex, text, signature_hex):
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("key", "text", "signature")]
        parts = (bytes.fromhex("302a300506032b6570032100" + key_hex), text, bytes.fromhex(signature_hex))
        for path, part in zip(paths, parts):
            with open(path, "wb") as file:
                file.write(part)
        done = subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", paths[0], "-rawin",
                               "-in", paths[1], "-sigfile", paths[2]], capture_output=True)
        return done.returncode == 0


def check_keys(url, folder):
    keys = json.loads(get(url, "/v1/key"))["keys"]
    known = {}
    for key in keys:
        assert sha(bytes.fromhex(key["public_key"])).hex()[:16] == key["key_id"], "a key has another name"
        if key["signed_by"] is not None:
            text = f"crosschip-key-1\n{key['public_key']}\n{key['created_at']}".encode()
            assert signed(known[key["signed_by"]], text, key["signature"]), "a key is not signed by the one before"
        known[key["key_id"]] = key["public_key"]
    pinned = os.path.join(folder, "pinned")
    if os.path.exists(pinned):
        with open(pinned) as file:
            pin = file.read()
        assert pin in known, "the key that was noted is gone"
        chain = [key["key_id"] for key in keys]
        for key in keys[chain.index(pin) + 1:]:
            assert key["signed_by"] is not None, "nobody vouches for a key"
    else:
        with open(pinned, "w") as file:
            file.write(keys[-1]["key_id"])
    return known


def check_growth(url, old, head):
    if old["epoch"] != head["epoch"]:
        return  # the first entry of the epoch names the head before
    assert old["size"] <= head["size"], "the log became shorter"
    answer = json.loads(get(url, f"/v1/log/consistency?first={old['size']}&size={head['size']}"))
    proof = [bytes.fromhex(item) for item in answer["hashes"]]
    if old["size"] == 0 or old["size"] == head["size"]:
        assert not proof and (old["size"] == 0 or old["root"] == head["root"]), "the log has another root"
        return
    a, b = roots_of_consistency(old["size"], head["size"], proof, True, bytes.fromhex(old["root"]))
    assert a.hex() == old["root"] and b.hex() == head["root"], f"the log does not continue its first {old['size']} entries"


def check_entry(url, head, name):
    answer = json.loads(get(url, f"/v1/log/inclusion?id={name}&size={head['size']}"))
    assert answer["entry"]["id"] == name, "the proof is of another submission"
    leaf = sha(b"\x00" + entry_text(answer["entry"]))
    proof = [bytes.fromhex(item) for item in answer["hashes"]]
    root = root_of_inclusion(leaf, answer["index"], head["size"], proof)
    assert root.hex() == head["root"], f"{name} does not stand in the log"
    if answer["entry"]["kind"] in ("accepted", "released"):
        assert sha(get(url, f"/v1/submissions/{name}/bundle")).hex() == name[7:], f"{name} has other bytes"


def root_of(leaves):
    if len(leaves) == 1:
        return leaves[0]
    left = split(len(leaves))
    return node(root_of(leaves[:left]), root_of(leaves[left:]))


def check_feed(url, head, old_heads):
    """Every entry of the log is in the feed, and nothing else: the root tells. Entry 0 names the head before."""
    leaves, at = [], ""
    while len(leaves) < head["size"]:
        lines = get(url, "/v1/feed?limit=7" + at).decode().splitlines()
        assert lines, "the feed ends too early"
        for line in lines:
            entry = json.loads(line)
            assert entry["position"] == f"{head['epoch']}.{len(leaves)}", "the feed has a gap"
            if entry["kind"] == "epoch":
                before = [hashlib.sha256(head_text(old)).hexdigest() for old in old_heads if old["epoch"] < head["epoch"]]
                assert len(leaves) == 0 and (not before or entry["detail"] in before), "the epoch names another head"
            leaves.append(sha(b"\x00" + entry_text(entry)))
            at = "&after=" + entry["position"]
    if head["size"] > 0:
        assert root_of(leaves[:head["size"]]).hex() == head["root"], "the feed is not what was signed"


def check_proofs(path):
    leaves, root, count = [], None, 0
    with open(path) as file:
        lines = [line.split() for line in file]
    for what, *rest in lines:
        items = [bytes.fromhex(item) for item in rest[1 if what == "inclusion" else 2 if what == "consistency" else 0:]]
        if what == "entry":
            leaves.append(sha(b"\x00" + items[0]))
        elif what == "head":
            root = items[0]
            assert root_of(leaves) == root, "the root is not that of the entries"
        elif what == "inclusion":
            index = int(rest[0])
            folded = root_of_inclusion(leaves[index], index, len(leaves), items)
            assert folded == root, f"entry {index} is not proved"
        else:
            size, old = int(rest[0]), bytes.fromhex(rest[1])
            assert root_of(leaves[:size]) == old, f"the head of {size} entries is another"
            if size == len(leaves):
                assert not items, "a proof of nothing"
            else:
                a, b = roots_of_consistency(size, len(leaves), items, True, old)
                assert a == old and b == root, f"the log does not continue its first {size} entries"
        count += what in ("inclusion", "consistency")
    assert root is not None and count > 0, "there is nothing to check"


def main():
    url, folder, names = sys.argv[1], sys.argv[2], sys.argv[3:]
    os.makedirs(folder, exist_ok=True)
    known = check_keys(url, folder)
    head = json.loads(get(url, "/v1/log"))
    assert signed(known[head["key_id"]], head_text(head), head["signature"]), "the head is not signed"
    other = dict(head, size=head["size"] + 1)
    assert not signed(known[head["key_id"]], head_text(other), head["signature"]), "openssl verifies anything"
    heads = sorted(name for name in os.listdir(folder) if name.startswith("head"))
    old_heads = []
    for name in heads:
        with open(os.path.join(folder, name)) as file:
            old_heads.append(json.load(file))
        check_growth(url, old_heads[-1], head)
    check_feed(url, head, old_heads)
    with open(os.path.join(folder, f"head{len(heads):06}"), "w") as file:
        json.dump(head, file)
    for name in names:
        check_entry(url, head, name)
    print(f"good: {head['epoch']}.{head['size']}, {len(heads)} older heads, {len(names)} submissions")


try:
    if sys.argv[1] == "--proofs":
        check_proofs(sys.argv[2])
    else:
        main()
except (AssertionError, KeyError, IndexError, ValueError, urllib.error.HTTPError) as error:
    print(f"differs: {type(error).__name__} {error}")
    sys.exit(1)
