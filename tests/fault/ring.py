#!/usr/bin/env python3
"""Three collectors that pull from one another in a ring, killed at random, while bundles are sent, repeated, corrected
and withdrawn at any of them: when all is healed they hold the same, byte for byte, and everything that was
acknowledged; nothing that was withdrawn counts anywhere. Prints TAP.

usage: ring.py BIN FOLDER SECONDS SEED
"""
import hashlib
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import time

bin_folder, folder, seconds, seed = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
collector = os.path.join(bin_folder, "crosschip-collector")
choose = random.Random(seed)
BUNDLES_MOST = 400
log = open(os.path.join(folder, "log"), "ab")
tests = 0


def ok(good, name):
    global tests
    tests += 1
    print(f"{'ok' if good else 'not ok'} {tests} - {name}", flush=True)


class Collector:
    def __init__(self, name):
        self.name, self.data, self.port, self.process, self.kills = name, os.path.join(folder, name), 0, None, 0

    def start(self):
        for _ in range(50):
            self.process = subprocess.Popen([collector, "serve", "--listen", f"127.0.0.1:{self.port}", "--data", self.data],
                                            stdout=subprocess.PIPE, stderr=log)
            line = self.process.stdout.readline().decode()
            if line.startswith("listening on "):
                self.port = int(line.strip().rsplit(":", 1)[1])
                return
            self.process.wait()
            time.sleep(0.2)
        raise SystemExit(f"{self.name} does not start")

    def kill(self, sign=signal.SIGKILL):
        self.process.send_signal(sign)
        self.process.wait()
        self.process.stdout.close()
        self.process = None

    def ask(self, method, path, body=None, headers=None):
        """The status; 0 when no answer came."""
        if self.process is None:
            return 0
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            self.body = answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def verb(self, *arguments):
        return [collector, *arguments, "--data", self.data]


class Bundle:
    def __init__(self, number, replaces=None):
        self.secret = hashlib.sha256(f"{seed} {number}".encode()).digest()
        document = {"crosschip": "1.0", "consent": {"licence": "CC0-1.0", "text": "I may share these results."},
                    "withdraw": hashlib.sha256(self.secret).hexdigest(),
                    "format": {"name": "manual", "reader": 1}, "device": {"chip": "Apple M2"},
                    "runs": [{"workload": {"model": "Llama 2 7B", "task": "tg128"}, "metrics": [
                        {"name": "generation_throughput", "unit": "tok/s", "direction": "higher",
                         "mean": 10 + number / 1000}]}]}
        if replaces:
            document["replaces"] = replaces.id
        self.replaces = replaces
        self.bytes = json.dumps(document).encode()
        self.id = "sha256:" + hashlib.sha256(self.bytes).hexdigest()
        self.acknowledged = self.withdrawn = False

    def send(self, where):
        headers = {"Content-Type": "application/json"}
        if self.replaces:
            headers["X-Withdraw-Secret"] = self.replaces.secret.hex()
        status = where.ask("POST", "/v1/submissions", self.bytes, headers)
        if status in (200, 201):
            self.acknowledged = True
            if self.replaces:
                self.replaces.withdrawn = True
        return status

    def withdraw(self, where):
        if where.ask("DELETE", f"/v1/submissions/{self.id}", None, {"X-Withdraw-Secret": self.secret.hex()}) == 200:
            self.withdrawn = True


ring = [Collector(name) for name in "abc"]
bundles, pulls = [], []


def pull(index, step):
    """The command by which one takes over what a neighbour has."""
    return ring[index].verb("pull", f"http://127.0.0.1:{ring[(index + step) % 3].port}", "--json")


def begin_pull():
    command = pull(choose.randrange(3), choose.choice((1, 2)))
    pulls.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log))


def reap(wait=False):
    for pull in list(pulls):
        if wait:
            pull.wait()
        if pull.poll() is not None:
            pulls.remove(pull)


def act():
    where = choose.choice(ring)
    what = choose.random()
    if what < 0.45 and len(bundles) < BUNDLES_MOST:
        older = choose.choice(bundles) if bundles and choose.random() < 0.2 else None
        bundles.append(Bundle(len(bundles), older))
        bundles[-1].send(where)
    elif what < 0.65 and bundles:
        choose.choice(bundles).send(where)
    elif what < 0.75 and bundles:
        choose.choice(bundles).withdraw(where)
    elif what < 0.92 and len(pulls) < 2:
        begin_pull()
    elif what < 0.95 and pulls:
        choose.choice(pulls).kill()
    elif what < 0.97 and where.process:
        where.kill()
        where.kills += 1
    for one in ring:
        if one.process is None and choose.random() < 0.3:
            one.start()
    reap()


def sizes():
    for one in ring:
        one.ask("GET", "/v1/log")
        yield json.loads(one.body)["size"]


def wait_for_seal():
    """Until everything that happened stands in the logs."""
    before = []
    while before != (now := list(sizes())):
        before = now
        time.sleep(1.2)


def heal():
    """Pulls until nothing more comes."""
    reap(True)
    for one in ring:
        if one.process is None:
            one.start()
    for _ in range(12):
        wait_for_seal()
        news = 0
        for index in range(3):
            for step in (1, 2):
                done = subprocess.run(pull(index, step), capture_output=True, check=False)
                if done.returncode != 0:
                    log.write(done.stderr)
                    return False
                figures = json.loads(done.stdout)
                news += figures["entries"] + figures["withdrawn"]
        if news == 0:
            return True
    return False


def stored(where):
    """id: bytes of what is accepted there; and all that is gone."""
    lines = subprocess.run(where.verb("export"), capture_output=True, check=True).stdout.splitlines()
    rows = [json.loads(line) for line in lines]
    return ({row["id"]: row.get("bundle") for row in rows if row["state"] == "accepted"},
            {row["id"] for row in rows if row["state"] != "accepted"})


for one in ring:
    one.start()
end = time.monotonic() + seconds
actions = 0
while time.monotonic() < end:
    act()
    actions += 1
ok(heal(), "the ring comes to rest")
kept = [stored(one) for one in ring]
acknowledged = [bundle for bundle in bundles if bundle.acknowledged]
gone = {bundle.id for bundle in bundles if bundle.withdrawn}
ok(len(acknowledged) > 0 and all(kept[0][0] == other[0] for other in kept), "all three hold the same, byte for byte")
ok(all(kept[0][0].get(bundle.id) is not None or bundle.id in gone or any(bundle.id in other[1] for other in kept)
       for bundle in acknowledged), "everything that was acknowledged")
ok(all(not gone & set(accepted) for accepted, _ in kept), "nothing that was withdrawn or corrected counts anywhere")
ok(all(subprocess.run(one.verb("verify"), stdout=log, stderr=log, check=False).returncode == 0 for one in ring),
   "verify finds nothing at any of them")
for one in ring:
    one.kill(signal.SIGTERM)
print(f"# seed {seed}: {actions} actions, {len(bundles)} bundles, {len(acknowledged)} acknowledged, {len(gone)} withdrawn "
      f"or corrected, {sum(one.kills for one in ring)} collectors killed, {len(kept[0][0])} kept")
print(f"1..{tests}")
