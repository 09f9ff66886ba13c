#!/usr/bin/env python3
"""A collector that lies: answers for another one and changes what it says.

usage: hostile_peer.py URL TRICK [FILE]

Prints `listening on http://127.0.0.1:PORT` and answers until its standard input ends. Tricks: none; omit (an entry of
the feed is left out), change (an entry names another time), swap (two entries change places), bytes (bundles have one
byte more), shorten (the feed ends early), state (the feed says that everything is accepted), old (the log is the head
in FILE, from the second time on), other (the head has another root), secret (withdrawals carry another secret), flood
(withdrawals of submissions that there are not, without end), far (such as were told too often), back (the same one again and again).
"""
import http.server
import json
import os
import sys
import threading
import urllib.error
import urllib.request

url, trick = sys.argv[1], sys.argv[2]


def change_feed(lines):
    entries = [json.loads(line) for line in lines]
    if trick == "omit" and len(entries) > 2:
        del entries[1]
        for entry in entries[1:]:
            epoch, index = entry["position"].split(".")
            entry["position"] = f"{epoch}.{int(index) - 1}"
    if trick == "change" and entries:
        entries[0]["at"] = "2001-01-01T00:00:00Z"
    if trick == "swap" and len(entries) > 1:
        entries[0], entries[1] = entries[1], entries[0]
        entries[0]["position"], entries[1]["position"] = entries[1]["position"], entries[0]["position"]
    if trick == "shorten":
        entries = entries[:-1]
    for entry in entries:
        if trick == "state" and entry["state"] is not None:
            entry["state"] = "accepted"
        if trick == "secret" and "secret" in entry:
            entry["secret"] = "00" * 32
    return [json.dumps(entry) for entry in entries]


heads = 0


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def do_GET(self):
        try:
            with urllib.request.urlopen(url + self.path, timeout=20) as answer:
                status, body = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, body = error.code, error.read()
        if status == 200 and self.path.startswith("/v1/feed"):
            body = "".join(line + "\n" for line in change_feed(body.decode().splitlines())).encode()
        if self.path.endswith("/bundle") and trick == "bytes":
            body += b" "
        if self.path == "/v1/log" and trick == "old":
            global heads
            heads += 1
            if heads > 1:
                with open(sys.argv[3], "rb") as file:
                    body = file.read()
        if self.path == "/v1/log" and trick == "other":
            body = json.dumps(dict(json.loads(body), root="00" * 32)).encode()
        if self.path.startswith("/v1/withdrawals") and trick in ("flood", "far", "back"):
            after = int(self.path.rsplit("after=", 1)[1])
            lines = [{"number": after + i + 1 if trick != "back" else 1, "id": "sha256:" + os.urandom(32).hex(),
                      "secret": os.urandom(32).hex(), "hops": 16 if trick == "far" else 1} for i in range(500)]
            status, body = 200, "".join(json.dumps(line) + "\n" for line in lines).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
sys.stdin.read()
