#!/usr/bin/python3
"""Limits of `entente serve`, over real sockets: what is just within is answered, one more is refused by an answer that names the limit,
closed, or left out, as entente/limits.h says."""
import concurrent.futures
import http.client
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time

SOURCE = os.environ["ENTENTE_SOURCE"]
sys.path[:0] = [os.path.join(SOURCE, "tests"), os.path.join(SOURCE, "tools")]
from tap import case, check, run, same  # noqa: E402
import limits  # noqa: E402

ENTENTE = os.environ["ENTENTE"]
LIMIT = limits.values()


class Server:
    """One server on a folder with the scenario `small`."""

    def __init__(self, folder):
        self.small = os.path.join(folder, "small")
        if not os.path.exists(self.small):
            subprocess.run([ENTENTE, "new", self.small], check=True, stdout=subprocess.DEVNULL)
        self.process = subprocess.Popen([ENTENTE, "serve", folder, "--json", "--quiet"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True)
        started = json.loads(self.process.stdout.readline())
        self.port, self.token = started["port"], started["url"].split("token=")[1]

    def __enter__(self):
        _, told = self.ask("GET", "/api/scenarios")
        self.base = "/api/scenarios/" + next(s["id"] for s in told["scenarios"] if s["folder"].endswith("/small"))
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        _, err = self.process.communicate(timeout=60)
        check("Sanitizer" not in err, err)

    def ask(self, method, path, body=None, **headers):
        """(status, what the JSON says); status 0 where the connection was closed without an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        every = {"Authorization": f"Bearer {self.token}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        if body is not None and method == "POST" and "Content-Type" not in every:
            every["Content-Type"] = "application/json"
        try:
            connection.request(method, path, body.encode() if isinstance(body, str) else body, every)
            answer = connection.getresponse()
            data = answer.read()
            return answer.status, json.loads(data) if data.startswith(b"{") else {}
        except (ConnectionError, http.client.HTTPException):
            return 0, {}
        finally:
            connection.close()

    def head(self, method, path, more=""):
        return f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAuthorization: Bearer {self.token}\r\n{more}\r\n".encode()

    def ended(self, job):
        """Waits for a job's end; its state."""
        while (told := self.ask("GET", f"/api/jobs/{job}")[1])["state"] == "running":
            time.sleep(0.02)
        return told["state"]

    def files(self):
        return {f["path"] for f in self.ask("GET", self.base)[1]["files"]}


def says(told, *words):
    for word in words:
        check(str(word) in told.get("error", ""), told)


# --- requests ------------------------------------------------------------------------------------------------------

@case
def bytes_of_a_request_in_json(folder):
    most = LIMIT["ENT_SERVE_MAX_BODY"]
    with Server(folder) as s:
        status, told = s.ask("POST", f"{s.base}/runs", '{"draws": 10}'.ljust(most))
        same(status, 202, told)
        status, told = s.ask("POST", f"{s.base}/runs", '{"draws": 10}'.ljust(most + 1))
        same(status, 413, told)
        says(told, most, most + 1)


@case
def bytes_of_a_file_that_is_written(folder):
    most = LIMIT["ENT_SERVE_MAX_WRITTEN"]
    with Server(folder) as s:
        status, told = s.ask("PUT", f"{s.base}/files/a.md", b"x" * most, If_None_Match="*")
        same(status, 200, told)
        with socket.create_connection(("127.0.0.1", s.port), timeout=60) as c:  # refused before its body comes
            c.sendall(s.head("PUT", f"{s.base}/files/b.md", f"If-None-Match: *\r\nContent-Length: {most + 1}\r\n"))
            got = c.recv(4096).decode()
        check(" 413 " in got[:20] and f"{most + 1} bytes" in got and f"at most {most}" in got, got)
        same(os.path.getsize(os.path.join(s.small, "a.md")), most)
        check(not os.path.exists(os.path.join(s.small, "b.md")))


@case
def bytes_of_all_requests_under_way(folder):
    """Requests that have together just what is allowed are all answered. When more than that has come before any is ended, there is no
    room for one of them (or a few, which are refused before the first has given back its room), and the others are answered."""
    each, most = LIMIT["ENT_SERVE_MAX_WRITTEN"], LIMIT["ENT_SERVE_MAX_BODIES"]
    great = most // each

    def send_but_last(s, path, length):
        c = socket.create_connection(("127.0.0.1", s.port), timeout=100)
        try:
            c.sendall(s.head("POST" if "check" in path else "PUT", s.base + path,
                             f"If-None-Match: *\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n"))
            c.sendall(b"x" * (length - 1))
        except ConnectionError:
            pass  # there was no room for it
        return c

    def answers(c):
        try:
            c.sendall(b"x")
            return c.recv(4096)[9:12]
        except ConnectionError:
            return b""
        finally:
            c.close()

    small = great + 2
    for first, over in ((each - small, False), (each, True)):
        with Server(folder) as s, concurrent.futures.ThreadPoolExecutor(great + 1) as pool:
            asked = [("/check?file=brief.md", small)] + [(f"/files/{first}-{i}.md", each if i else first) for i in range(great)]
            sent = list(pool.map(lambda one: send_but_last(s, *one), asked))
            if over:
                check(select.select(sent, [], [], 50)[0], "none of them is closed")
            got = sorted(answers(c) for c in sent)
            closed = got.count(b"")
            check(0 < closed < great if over else closed == 0, got)
            same(got[closed:], [b"200"] * (great + 1 - closed))
            same(s.ask("GET", "/api/scenarios")[0], 200, "there is room again")


@case
def bytes_of_headers(folder):
    most = LIMIT["ENT_SERVE_MAX_HEADER"]
    with Server(folder) as s:
        same(s.ask("GET", "/api/models", X_Long="x" * (most // 2))[0], 200)
        check(s.ask("GET", "/api/models", X_Long="x" * (2 * most))[0] in (0, 431))


@case
def lists_and_objects_within_one_another(folder):
    most = LIMIT["ENT_SERVE_MAX_JSON_DEPTH"]
    with Server(folder) as s:
        def asked(depth):
            return s.ask("POST", f"{s.base}/runs", '{"draws": 10, "x": ' + "[" * (depth - 1) + "]" * (depth - 1) + "}")
        status, told = asked(most)
        same(status, 202, told)
        status, told = asked(most + 1)
        same(status, 400, told)
        says(told, most)


@case
def draws_settings_and_a_note(folder):
    with Server(folder) as s:
        def asked(body):
            return s.ask("POST", f"{s.base}/runs", json.dumps({"draws": 10, **body}))

        def many(n):
            return {"settings": {f"x{i}": "1" for i in range(n)}}
        for name, body in (("ENT_SERVE_MAX_SETTINGS", many), ("ENT_SERVE_MAX_NOTE", lambda n: {"note": "n" * n})):
            status, told = asked(body(LIMIT[name]))
            same(status, 202, name, told)
            s.ended(told["id"])
            status, told = asked(body(LIMIT[name] + 1))
            same(status, 400, name, told)
            says(told, LIMIT[name])
        most = LIMIT["ENT_MAX_DRAWS"]
        status, told = asked({"draws": most})
        same(status, 202, told)
        s.ask("POST", f"/api/jobs/{told['id']}/cancel")
        s.ended(told["id"])
        status, told = asked({"draws": most + 1})
        same(status, 400, told)
        says(told, most)


# --- connections and jobs --------------------------------------------------------------------------------------------

@case
def connections_at_a_time(folder):
    most = LIMIT["ENT_SERVE_MAX_CONNECTIONS"]
    with Server(folder) as s:
        held = []
        for _ in range(most):  # each has been answered once, and stays
            c = socket.create_connection(("127.0.0.1", s.port), timeout=60)
            c.sendall(s.head("GET", "/api/nothing"))
            check(c.recv(12).startswith(b"HTTP/1.1 404"))
            held.append(c)
        one_more = socket.create_connection(("127.0.0.1", s.port), timeout=1)
        try:
            one_more.sendall(s.head("GET", "/api/nothing"))
            got = one_more.recv(12)
        except (socket.timeout, ConnectionError):
            got = b""
        same(got, b"", "beside", most)
        one_more.close()
        for c in held:
            c.close()
        end = time.monotonic() + 40
        while (status := s.ask("GET", "/api/nothing")[0]) != 404 and time.monotonic() < end:
            time.sleep(0.1)
        same(status, 404, "when the others have gone")


@case
def seconds_for_the_headers(folder):
    """A byte now and then: closed when the time is up, and not before."""
    most = LIMIT["ENT_SERVE_HEADER_SECONDS"]
    with Server(folder) as s:
        with socket.create_connection(("127.0.0.1", s.port), timeout=0.5) as c:
            start, closed = time.monotonic(), False
            while not closed and time.monotonic() - start < 8 * most:
                try:
                    c.sendall(b"G")
                    closed = c.recv(1) == b""
                except socket.timeout:
                    pass
                except OSError:
                    closed = True
            check(closed and time.monotonic() - start > most - 1, closed, time.monotonic() - start)


@case
def checks_at_a_time(folder):
    """More than are made at a time, which wait, and all are answered."""
    with Server(folder) as s:
        with concurrent.futures.ThreadPoolExecutor(3 * LIMIT["ENT_SERVE_MAX_CHECKS"]) as pool:
            told = pool.map(lambda _: s.ask("POST", f"{s.base}/check?file=brief.md", "A text.", Content_Type="text/plain")[0], range(24))
            same(list(told), [200] * 24)


@case
def runs_at_a_time(folder):
    most = LIMIT["ENT_SERVE_MAX_RUNS"]
    with Server(folder) as s:
        started = [s.ask("POST", f"{s.base}/runs", json.dumps({"draws": LIMIT["ENT_MAX_DRAWS"]})) for _ in range(most + 1)]
        same([status for status, _ in started], [202] * most + [429])
        says(started[-1][1], most)
        for _, told in started[:most]:
            s.ask("POST", f"/api/jobs/{told['id']}/cancel")
            s.ended(told["id"])


@case
def jobs_that_can_be_asked_after(folder):
    most = LIMIT["ENT_SERVE_MAX_JOBS"]
    with Server(folder) as s:
        ids = []
        for _ in range(most + 1):
            status, told = s.ask("POST", f"{s.base}/runs", json.dumps({"draws": 10, "keep": False}))
            same(status, 202, told)
            ids.append(told["id"])
            s.ended(ids[-1])
            same(s.ask("GET", f"/api/jobs/{ids[0]}")[0], 200 if len(ids) <= most else 404, len(ids))
        same(s.ask("GET", f"/api/jobs/{ids[1]}")[0], 200)


# --- what is listed ---------------------------------------------------------------------------------------------------

def touch(*parts, text=""):
    os.makedirs(os.path.join(*parts[:-1]), exist_ok=True)
    with open(os.path.join(*parts), "w", encoding="ascii") as file:
        file.write(text)


@case
def scenarios_that_are_listed(folder):
    most = LIMIT["ENT_SERVE_MAX_SCENARIOS"]
    with Server(folder) as s:
        def listed():
            return len(s.ask("GET", "/api/scenarios")[1]["scenarios"])
        for i in range(most - 1):
            touch(folder, f"s{i}", "scenario.yaml")
        same(listed(), most)
        touch(folder, "one_more", "scenario.yaml")
        same(listed(), most)


@case
def entries_of_a_folder(folder):
    most = LIMIT["ENT_SERVE_MAX_ENTRIES"]
    for i in range(most - 1):  # small is the last
        touch(folder, f"x{i}")
    with Server(folder) as s:
        same(len(s.ask("GET", "/api/scenarios")[1]["scenarios"]), 1)


@case
def folders_within_one_another(folder):
    deep = [f"d{i}" for i in range(LIMIT["ENT_SERVE_SCENARIO_DEPTH"] + 1)]
    with Server(folder) as s:
        touch(folder, *deep[:-2], "within", "scenario.yaml")
        touch(folder, *deep, "scenario.yaml")
        found = sorted(os.path.basename(x["folder"]) for x in s.ask("GET", "/api/scenarios")[1]["scenarios"])
        same(found, ["small", "within"])


@case
def files_of_a_scenario(folder):
    most = LIMIT["ENT_SERVE_MAX_FILES"]
    with Server(folder) as s:
        for i in range(most - len(s.files())):
            touch(s.small, "many", f"{i}.csv")
        same(len(s.files()), most)
        touch(s.small, "many", "one_more.csv")
        same(len(s.files()), most)


@case
def names_and_bytes_of_a_path(folder):
    depth, most = LIMIT["ENT_SERVE_FILE_DEPTH"], LIMIT["ENT_SERVE_MAX_PATH"]
    with Server(folder) as s:
        within = "/".join(["d"] * (depth - 1) + ["a.csv"])
        long = "a" * 240 + "/" + "b" * 240 + "/"
        long += "c" * (most - len(long) - 4) + ".csv"
        for good, past in ((within, "d/" + within), (long, long.replace("c", "cc", 1))):
            for path in (good, past):
                touch(s.small, *path.split("/"), text="x")
            check(good in s.files() and past not in s.files(), good)
            same(s.ask("GET", f"{s.base}/files/{good}")[0], 200, good)
            status, told = s.ask("GET", f"{s.base}/files/{past}")
            check(status in (403, 404), status, told)
        says(s.ask("GET", f"{s.base}/files/d/{within}")[1], depth, most)


@case
def runs_that_are_listed_and_bytes_of_what_tells_of_one(folder):
    most, facts = LIMIT["ENT_SERVE_MAX_LISTED"], LIMIT["ENT_SERVE_MAX_FACTS"]
    with Server(folder) as s:
        def add(number, length=0):
            name = f"20260101-{number:06d}-00000000"
            touch(s.small, "out", "runs", name, "run.json", text=json.dumps({"id": name}).ljust(length))
            return name

        def listed():
            return [r["id"] for r in s.ask("GET", f"{s.base}/runs")[1]["runs"]]
        small, large = add(1, facts), add(2, facts + 1)
        same(listed(), [small])
        shutil.rmtree(os.path.join(s.small, "out", "runs", large))
        for i in range(2, most + 1):
            add(i)
        check(len(listed()) == most and small in listed())
        last = add(most + 1)
        check(len(listed()) == most and small not in listed() and listed()[0] == last)


run()
