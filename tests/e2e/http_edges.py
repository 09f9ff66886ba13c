#!/usr/bin/env python3
"""Heads that do not fit, and clients that close their side early: each request gets one answer, and the right one.

usage: http_edges.py HOST:PORT [tls]

Sizes are tried one after the other around the memory that libmicrohttpd has for a connection (20 KiB), where it has room
for the head and none for the answer. Prints what was wrong; exit status 1 then.
"""
import socket
import ssl
import sys
import threading

HOST, PORT = sys.argv[1].rsplit(":", 1)
TLS = sys.argv[2:] == ["tls"]
HEAD = b"Host: x\r\nConnection: close\r\n"
wrong = []


def ask(data, half=False):
    got = b""
    connection = socket.create_connection((HOST, int(PORT)))
    if TLS:
        context = ssl._create_unverified_context()
        connection = context.wrap_socket(connection)
    connection.settimeout(20)
    try:
        try:
            connection.sendall(data)
        except OSError:  # refused before all of it was sent: the answer is there all the same
            half = False
        if half:
            connection.shutdown(socket.SHUT_WR)
        while True:
            piece = connection.recv(65536)
            if not piece:
                break
            got += piece
    except OSError as error:
        got = got or str(error).encode()
    connection.close()
    return got


def want(statuses, what, data, half=False):
    answer = ask(data, half)
    if answer[9:12] not in statuses:
        wrong.append(f"{what}: {answer[:60]!r}")
        return
    head, _, body = answer.partition(b"\r\n\r\n")
    lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    if len(lengths) == 1 and int(lengths[0].split(b":")[1]) != len(body):
        wrong.append(f"{what}: a part of the answer only")


def get(path, headers=b""):
    return b"GET " + path + b" HTTP/1.1\r\n" + HEAD + headers + b"\r\n"


for count in (1, 300, 370, 400, 700, 1000):
    want([b"400"], f"{count} times & in a query", get(b"/v1/results?" + b"&" * count))
    want([b"400", b"414"], f"{count} parameters", get(b"/v1/results?" + b"a&" * count))
want([b"400"], "a parameter that is not known", get(b"/v1/results?limit=1&what=1"))
want([b"200"], "two parameters", get(b"/v1/results?limit=1&chip=none"))
for size in (1000, 12000):
    want([b"200"], f"a header of {size} bytes", get(b"/healthz", b"X-A: " + b"b" * size + b"\r\n"))
want([b"200"], "99 headers of 120 bytes", get(b"/healthz", b"".join(b"X-%02d: " % i + b"b" * 111 + b"\r\n" for i in range(97))))
for size in [12400, 16400, *range(19200, 20600, 50), 30000, 200000]:
    want([b"431"], f"a header of {size} bytes", get(b"/healthz", b"X-A: " + b"b" * size + b"\r\n"))
    want([b"414", b"431"], f"a path of {size} bytes", get(b"/" + b"a" * size))
    want([b"414", b"431"], f"a query of {size} times &", get(b"/v1/results?" + b"&" * size))
for count in [101, 200, *range(220, 400, 2), 1000]:
    want([b"431"], f"{count} headers", get(b"/healthz", b"".join(b"X-%d: b\r\n" % i for i in range(count))))
if not TLS:
    want([b"200"], "closed behind a question", get(b"/readyz"), half=True)
    want([b"200"], "closed behind a question that may be followed", b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", half=True)
    # Several at once: the answer of one is made while others come in.
    threads = [threading.Thread(target=lambda: [want([b"200"], "closed behind one of many questions", get(b"/readyz"),
                                                     half=True) for _ in range(100)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    want([b"422"], "closed behind a body", b"POST /v1/submissions HTTP/1.1\r\nContent-Type: application/json\r\n"
         b"Content-Length: 2\r\n" + HEAD + b"\r\n{}", half=True)
# Only a head without a gap lets the next request be read: a folded line, a bare line feed, a missing blank end the
# connection behind the answer, even where the sizes add up again.
for answers, name, head in (
    (2, "a plain head", b"Host: x\r\nX-A: b\r\n\r\n"),
    (1, "a missing blank", b"Host: x\r\nX-A:b\r\n\r\n"),
    (1, "a blank too many", b"Host: x\r\nX-A:  b\r\n\r\n"),
    (1, "a bare line feed", b"Host: x\nX-A: b\r\n\r\n"),
    (1, "a bare line feed at the end", b"Host: x\r\nX-A: b\r\n\n"),
    (1, "an empty folded line", b"Host: x\r\n \r\nX-A: b\r\n\r\n"),
    (1, "an empty folded line that the sizes hide", b"Host:\n \n\r\n"),
    (1, "an empty folded line at the end", b"Host: x\n \n\n"),
    (1, "a folded line that the sizes hide", b"Host:x\nX-A:b\n c\r\n\r\n"),
):
    got = ask(b"GET /healthz HTTP/1.1\r\n" + head + get(b"/readyz")).count(b"HTTP/1.1 200")
    if got != answers:
        wrong.append(f"{name}: {got} answers, wanted {answers}")
for line in wrong:
    print(line)
sys.exit(1 if wrong else 0)
