#!/usr/bin/env python3
"""Runs a program whose standard input and standard error are a terminal, and answers its questions.

terminal.py SCREEN ANSWER… -- COMMAND…   each ANSWER goes out when a question (": " at the end) stands there; what the
terminal showed goes into the file SCREEN, standard output stays where it is. Exits as the program does.
"""
import os
import pty
import select
import sys
import time

screen, rest = sys.argv[1], sys.argv[2:]
cut = rest.index("--")
answers, command = rest[:cut], rest[cut + 1:]
master, slave = pty.openpty()
child = os.fork()
if child == 0:
    os.setsid()
    os.close(master)
    os.dup2(slave, 0)
    os.dup2(slave, 2)
    os.close(slave)
    os.execvp(command[0], command)
os.close(slave)
shown = b""
until = time.monotonic() + 60
seen = 0
while time.monotonic() < until:
    ready, _, _ = select.select([master], [], [], 1)
    if not ready:
        continue
    try:
        piece = os.read(master, 4096)
    except OSError:
        break
    if not piece:
        break
    shown += piece
    if shown[seen:].endswith(b": ") and answers:
        seen = len(shown)
        os.write(master, answers.pop(0).encode() + b"\n")
with open(screen, "wb") as file:
    file.write(shown)
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status) if not answers else 99)
