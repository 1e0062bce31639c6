#!/usr/bin/python3
"""A server among hostile clients, for SECONDS (10): ./do hostile [SECONDS], with AddressSanitizer.

Eight clients at once send requests that are slow, huge, malformed, smuggled, without or with a wrong token, for another
host, from another origin, with paths and links that lead out of the folder, and more connections than it takes. All the
while a friend with the token asks and is answered. Nothing from outside the folder may come back, memory stays bounded, and
at the end it stops clean."""
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import case, check, run, same  # noqa: E402

ENTENTE = os.environ["ENTENTE"]
SECONDS = float(os.environ.get("HOSTILE_SECONDS", 10))
SECRET = b"CANARY-7f3c-outside-of-the-folder"
CLIENTS, KINDS = 8, ("paths", "headers", "bodies", "smuggled", "noise", "slow", "many", "wrong", "pipelined", "runs")
with open(ENTENTE, "rb") as program:
    SANITIZED = b"__asan_init" in program.read()  # keeps freed memory for a while


class Stage:
    """The server, what is known of it, and what was seen."""

    def __init__(self, folder):
        self.folder = os.path.join(folder, "served")
        os.mkdir(self.folder)
        for name in ("small", "other"):
            subprocess.run([ENTENTE, "new", os.path.join(self.folder, name)], check=True, stdout=subprocess.DEVNULL)
        with open(os.path.join(folder, "secret.csv"), "wb") as f:
            f.write(SECRET)
        os.symlink("../../secret.csv", os.path.join(self.folder, "small", "link.csv"))
        os.symlink("../..", os.path.join(self.folder, "small", "up"))
        with open(os.path.join(folder, "errors"), "wb") as errors:
            self.errors = errors.name
            self.process = subprocess.Popen([ENTENTE, "serve", self.folder, "--json", "--quiet"], stdout=subprocess.PIPE, stderr=errors, text=True)
        told = json.loads(self.process.stdout.readline())
        self.port, self.token = told["port"], told["url"].split("token=")[1]
        listed = json.loads(self.ask(f"GET /api/scenarios HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAuthorization: Bearer {self.token}\r\nConnection: close\r\n\r\n".encode()).split(b"\r\n\r\n", 1)[1])
        self.id = next(s["id"] for s in listed["scenarios"] if s["folder"].endswith("small"))
        self.lock, self.over = threading.Lock(), threading.Event()
        self.sent, self.status, self.trouble = {k: 0 for k in KINDS}, {}, []

    def connect(self, wait=5):
        return socket.create_connection(("127.0.0.1", self.port), timeout=wait)

    def ask(self, data, wait=5):
        """Bytes as they are; what came back within `wait` seconds. A refused connection gives nothing."""
        got = b""
        try:
            with self.connect(wait) as s:
                s.sendall(data)
                s.shutdown(socket.SHUT_WR)
                while len(got) < 8 << 20:
                    more = s.recv(65536)
                    if not more:
                        break
                    got += more
        except OSError:
            pass
        return got

    def note(self, kind, got=b""):
        with self.lock:
            self.sent[kind] += 1
            if got[:5] == b"HTTP/":
                code = got[9:12].decode(errors="replace")
                self.status[code] = self.status.get(code, 0) + 1
            if SECRET in got:
                self.trouble.append(f"{kind}: what is outside came back")

    def head(self, method, path, token=True, host=None, more=""):
        return (f"{method} {path} HTTP/1.1\r\nHost: {host if host is not None else f'127.0.0.1:{self.port}'}\r\n" +
                (f"Authorization: Bearer {self.token}\r\n" if token else "") + more + "\r\n")


def attack(stage, kind, dice):
    s, api = stage, f"/api/scenarios/{stage.id}"
    if kind == "paths":
        up = dice.choice(["../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", "....//", "..;/", "%c0%ae%c0%ae/", "up/", "./../", "/..//../", "%00/", "..%252f"])
        path = dice.choice([f"{api}/files/{up * dice.randrange(1, 6)}secret.csv", f"{api}/files/link.csv", f"{api}/files/{up}etc/passwd", f"/{up * 8}etc/passwd",
                            f"{api}/runs/{up}{up}/secret.csv", f"{api}/runs/../../up/secret.csv", f"/api/scenarios/{up}/files/secret.csv", f"{api}/files//etc/passwd",
                            f"{api}/files/" + "a/" * dice.randrange(1, 400), f"{api}/files/" + "%25" * 2000])
        got = s.ask(s.head(dice.choice(["GET", "PUT", "HEAD", "DELETE", "OPTIONS"]), path, more="Connection: close\r\n").encode(errors="replace"))
    elif kind == "headers":
        more = dice.choice(["X: " + "a" * dice.choice([100, 9000, 40000]) + "\r\n", "X: y\r\n" * dice.choice([10, 500, 3000]), "Host: evil.example\r\n", "X : y\r\n", " folded\r\n",
                            "Content-Length: -1\r\n", "Content-Length: 99999999999999999999\r\n", "Content-Length: 5\r\nContent-Length: 6\r\n", "Transfer-Encoding: gzip\r\n",
                            "Cookie: " + "entente_1=x; " * 300 + "\r\n", "Range: bytes=0-,-1,5-2\r\n", "If-None-Match: \"" + "x" * 3000 + "\"\r\n", "Expect: 100-continue\r\n", "Upgrade: websocket\r\n", "\x00: y\r\n"])
        got = s.ask(s.head("GET", "/api/scenarios", more=more).encode(errors="replace"))
    elif kind == "bodies":
        body = dice.choice([b"[" * 100000, b'{"draws":' + b"9" * 5000 + b"}", b'{"a":' * 3000, b"\xff\xfe" * 1000, b'{"settings":{"x":"' + b"y" * 100000 + b'"}}', b'{"folder":"../../x"}', b'{"folder":"\\u0000"}',
                            b'{"draws":-1}', b'{"draws":1e308}', b'"', b"", b"x" * 300000, b'{"seed":1e99,"settings":[]}', b'{"a":{"scenario":"..","run":"../.."},"b":{}}'])
        path = dice.choice([f"{api}/runs", "/api/compare", "/api/scenarios", f"{api}/check?file=scenario.yaml", f"{api}/check?file=../secret.csv", f"{api}/check?file=link.csv"])
        got = s.ask(s.head("POST", path, more=f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n").encode() + body)
    elif kind == "smuggled":
        inner = s.head("GET", f"{api}/files/link.csv", token=False)
        got = s.ask(dice.choice([s.head("POST", "/api/compare", more="Content-Length: 4\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n" + inner,
                                 s.head("POST", "/api/compare", more="Transfer-Encoding: chunked\r\n") + "FFFFFFFFFFFFFFFF\r\n" + inner,
                                 s.head("POST", "/api/compare", more="Transfer-Encoding: chunked, identity\r\nContent-Length: 0\r\n") + inner,
                                 s.head("GET", "/api/models", more="Content-Length: 10\r\n") + inner,
                                 s.head("GET", "/ HTTP/1.1\r\nHost: x\r\n\r\nGET /api/scenarios", token=False)]).encode())
    elif kind == "noise":
        got = s.ask(dice.randbytes(dice.choice([1, 20, 500, 30000])) if dice.random() < 0.5 else
                    bytes(c if dice.random() > 0.03 else dice.randrange(256) for c in s.head("GET", f"{api}/files/trade.csv", more="Connection: close\r\n").encode()))
    elif kind == "slow":
        got = b""
        try:
            with s.connect(1) as c:
                for piece in (s.head("POST", "/api/compare", more="Content-Length: 100000\r\n") + "x" * 50)[: dice.randrange(1, 300)]:
                    if s.over.wait(0.02):
                        break
                    c.sendall(piece.encode())
        except OSError:
            pass
    elif kind == "many":
        held, got = [], b""
        try:
            for _ in range(dice.choice([40, 200, 400])):
                held.append(s.connect(0.5))
            s.over.wait(0.3)
        except OSError:
            pass
        for c in held:
            c.close()
        with s.lock:
            s.sent["many"] += len(held)
    elif kind == "wrong":
        host = dice.choice([None, "evil.example", f"evil.example:{s.port}", "127.0.0.1", f"127.0.0.1.evil.example:{s.port}", f"[::1%25lo]:{s.port}", "", f"127.0.0.1:{s.port}@evil.example"])
        more = dice.choice(["", "Origin: http://evil.example\r\n", "Origin: null\r\n", f"Origin: http://127.0.0.1:{s.port}.evil.example\r\n", "Sec-Fetch-Site: cross-site\r\n",
                            "Authorization: Bearer " + s.token[:-1] + "0\r\n", "Authorization: Basic eDp5\r\n", f"Cookie: entente_{s.port}={'0' * 64}\r\n"])
        good = host is None and more == ""
        got = s.ask(s.head("GET", f"{api}/files/trade.csv", token=dice.random() < 0.5 and not good, host=host, more=more + "Connection: close\r\n").encode())
        if b"position" in got and (host not in (None,) or "Origin" in more or "cross-site" in more):
            with s.lock:
                s.trouble.append(f"wrong: answered for host {host!r} with {more!r}")
    elif kind == "pipelined":
        got = s.ask((s.head("GET", "/api/scenarios") * dice.randrange(2, 40)).encode())
    else:
        body = json.dumps({"draws": dice.choice([64, 5000, 10**7]), "keep": False, "settings": {dice.choice(["sincerity", "volume_per_point", "nothing"]): dice.choice(["0.5", "0 to 1", "x", "nan"])}}).encode()
        got = s.ask(s.head("POST", f"{api}/runs", more=f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n").encode() + body)
        if b'"id":"' in got:
            job = got.split(b'"id":"')[1].split(b'"')[0].decode()
            s.ask(s.head("POST", f"/api/jobs/{job}/cancel", more="Content-Length: 0\r\nContent-Type: application/json\r\n").encode())
    s.note(kind, got)


def client(stage, number):
    dice = random.Random(number)
    while not stage.over.is_set():
        attack(stage, dice.choices(KINDS, [1 if k in ("many", "slow") else 8 for k in KINDS])[0], dice)


def memory(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmRSS"))


@case
def among_hostile_clients_it_goes_on(folder):
    stage = Stage(folder)
    clients = [threading.Thread(target=client, args=(stage, n)) for n in range(CLIENTS)]
    for c in clients:
        c.start()
    begun, answered, asked, longest, most = time.monotonic(), 0, 0, 0.0, 0
    while time.monotonic() - begun < SECONDS and stage.process.poll() is None:
        asked += 1
        at = time.monotonic()
        got = stage.ask(stage.head("GET", "/api/models", more="Connection: close\r\n").encode(), wait=30)
        if got.startswith(b"HTTP/1.1 200"):
            answered += 1
            longest = max(longest, time.monotonic() - at)
        most = max(most, memory(stage.process))
        time.sleep(0.1)
    stage.over.set()
    for c in clients:
        c.join()
    check(stage.process.poll() is None, "it ended by itself", stage.process.returncode, open(stage.errors, encoding="utf-8", errors="replace").read()[-3000:])
    check(not stage.trouble, stage.trouble[:5])
    check(answered > 0, f"its friend asked {asked} times and was never answered")
    check(all(stage.sent.values()) or SECONDS < 5, stage.sent)
    check(most < (2 << 20 if SANITIZED else 700 << 10), f"it took {most} kB")
    # When they are gone, all is as before.
    for _ in range(100):
        got = stage.ask(stage.head("GET", "/api/scenarios", more="Connection: close\r\n").encode())
        if got.startswith(b"HTTP/1.1 200"):
            break
        time.sleep(0.2)
    check(got.startswith(b"HTTP/1.1 200"), "it does not answer any more", got[:200])
    stage.process.send_signal(signal.SIGTERM)
    same(stage.process.wait(timeout=60), 0)
    with open(stage.errors, encoding="utf-8", errors="replace") as f:
        errors = f.read()
    check("Sanitizer" not in errors and "runtime error" not in errors, errors[-3000:])
    with open(os.path.join(folder, "secret.csv"), "rb") as f:
        same(f.read(), SECRET)
    same(sorted(os.listdir(folder)), ["errors", "secret.csv", "served"], "something was written outside")
    tell(stage, answered, asked, longest, most)


def tell(stage, answered, asked, longest, most):
    path = os.environ.get("HOSTILE_TOLD")
    if not path:
        return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    told = {"what": "entente serve among eight hostile clients", "seconds": round(SECONDS), "inputs": sum(stage.sent.values()), "by_kind": stage.sent,
            "statuses": dict(sorted(stage.status.items())), "friend_asked": asked, "friend_answered": answered, "longest_answer_seconds": round(longest, 2),
            "most_memory_kb": most, "sanitizer": SANITIZED, "found": 0}
    with open(path, "w", encoding="utf-8") as f:
        json.dump(told, f, indent=1)
        f.write("\n")


run()
