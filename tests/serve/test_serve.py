#!/usr/bin/python3
"""`entente serve` over real sockets: who may ask, what is answered, what is refused, and that it stops clean."""
import concurrent.futures
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from urllib.parse import quote

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import case, check, run, same  # noqa: E402

ENTENTE = os.environ["ENTENTE"]
with open(ENTENTE, "rb") as program:
    SANITIZED = b"__asan_init" in (code := program.read()) or b"__tsan_init" in code  # takes memory of its own
DEEP = 4_000_000  # draws that take long enough to be stopped


class Server:
    """One server on a folder with two scenarios, `small` and `other`."""

    def __init__(self, folder, *arguments):
        for name in ("small", "other"):
            if not os.path.exists(os.path.join(folder, name)):
                subprocess.run([ENTENTE, "new", os.path.join(folder, name)], check=True, stdout=subprocess.DEVNULL)
        self.process = subprocess.Popen([ENTENTE, "serve", folder, "--json", "--quiet", *arguments],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started = json.loads(self.process.stdout.readline())
        self.port = started["port"]
        self.url = started["url"]
        self.token = started["url"].split("token=")[1]
        self.count = started["scenarios"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        out, err = self.process.communicate(timeout=60)
        check("Sanitizer" not in err, err)
        return self.process.returncode, err

    def ask(self, method, path, body=None, token=True, headers=None, raw=False):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        all_headers = {"Authorization": f"Bearer {self.token}"} if token else {}
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            all_headers["Content-Type"] = "application/json"
        all_headers.update(headers or {})
        try:
            connection.request(method, path, body.encode() if isinstance(body, str) else body, all_headers)
            answer = connection.getresponse()
            data = answer.read()
        finally:
            connection.close()
        if raw:
            return answer, data
        return answer.status, json.loads(data)

    def scenario(self, name="small"):
        _, told = self.ask("GET", "/api/scenarios")
        return "/api/scenarios/" + next(s["id"] for s in told["scenarios"] if s["folder"].endswith("/" + name))

    def send(self, data, wait=5.0):
        """Bytes as they are; what comes back until the other side closes, or `wait` seconds of silence."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as s:
            got = b""
            try:
                s.sendall(data)
                while True:
                    more = s.recv(65536)
                    if not more:
                        break
                    got += more
            except (socket.timeout, ConnectionError):
                pass
            return got

    def events(self, path):
        """Server-sent events, one after another: (name, data)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers={"Authorization": f"Bearer {self.token}"})
        answer = connection.getresponse()
        same(answer.status, 200)
        same(answer.getheader("Content-Type"), "text/event-stream")
        try:
            name = None
            for line in answer:
                line = line.decode().rstrip("\n")
                if line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("data: "):
                    yield name, json.loads(line[6:])
        finally:
            connection.close()

    def wait(self, job):
        for name, told in self.events(f"/api/jobs/{job}/events"):
            if name == "end":
                return told
        raise AssertionError("the stream ended without saying so")

    def memory(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as f:
            return next(int(l.split()[1]) for l in f if l.startswith("VmRSS"))


# --- who may ask ------------------------------------------------------------------------------------------------

@case
def without_the_token_nothing_is_told(folder):
    with Server(folder) as s:
        for method, path in [("GET", "/"), ("GET", "/api/scenarios"), ("GET", "/api/models"), ("POST", "/api/compare"),
                             ("GET", "/nothing"), ("PUT", "/api/scenarios/x/files/a.csv")]:
            status, told = s.ask(method, path, token=False)
            same(status, 401, method, path)
            check("token" in told["error"], told)
        for wrong in ["0" * 64, s.token[:-1], s.token + "0", s.token.upper() if s.token.upper() != s.token else "x", ""]:
            same(s.ask("GET", "/api/scenarios", token=False, headers={"Authorization": f"Bearer {wrong}"})[0], 401, wrong)
        same(s.ask("GET", f"/api/scenarios?token={s.token}", token=False)[0], 401, "the address carries it for the page alone")


# promise: secret-cookie
@case
def the_opened_address_gives_the_page_and_a_cookie_that_scripts_cannot_read(folder):
    with Server(folder) as s:
        answer, page = s.ask("GET", f"/?token={s.token}", token=False, raw=True)
        same(answer.status, 200)
        check(page.startswith(b"<!doctype html>"), page[:40])
        cookie = answer.getheader("Set-Cookie")
        check("HttpOnly" in cookie and "SameSite=Strict" in cookie, cookie)
        policy = answer.getheader("Content-Security-Policy")
        check("default-src 'none'" in policy and "script-src 'sha256-" in policy and "unsafe" not in policy, policy)
        check("frame-ancestors 'none'" in policy, policy)
        pair = cookie.split(";")[0]
        same(s.ask("GET", "/api/scenarios", token=False, headers={"Cookie": pair})[0], 200)
        other = Server(os.path.join(folder, "."))
        try:
            check(other.token != s.token, "two servers have one token")
            same(other.ask("GET", "/api/scenarios", token=False, headers={"Cookie": pair})[0], 401)
        finally:
            other.stop()


@case
def the_browser_is_opened_with_a_ticket_that_is_good_once(folder):
    opener = os.path.join(folder, "bin", "xdg-open")
    os.mkdir(os.path.dirname(opener))
    with open(opener, "w", encoding="ascii") as f:
        f.write(f"#!/bin/sh\nprintf %s \"$1\" > {folder}/opened.part && mv {folder}/opened.part {folder}/opened\n")
    os.chmod(opener, 0o755)
    environment = dict(os.environ, PATH=os.path.dirname(opener) + ":" + os.environ["PATH"], DISPLAY=":99")
    process = subprocess.Popen([ENTENTE, "serve", folder, "--quiet"], stdout=subprocess.PIPE, text=True, env=environment)
    try:
        printed = process.stdout.readline().strip()
        until = time.monotonic() + 10
        while not os.path.exists(os.path.join(folder, "opened")) and time.monotonic() < until:
            time.sleep(0.02)
        with open(os.path.join(folder, "opened"), encoding="ascii") as f:
            opened = f.read()
        host, path = opened[7:].split("/", 1)
        check("token" not in opened and printed.split("token=")[1] not in opened, opened)

        def status():
            connection = http.client.HTTPConnection(host, timeout=10)
            connection.request("GET", "/" + path)
            return connection.getresponse().status
        same([status(), status()], [200, 401])
    finally:
        process.terminate()
        same(process.wait(20), 0)


# promise: server-refuses
@case
def another_host_or_origin_is_refused_even_with_the_token(folder):
    with Server(folder) as s:
        for host in ["evil.example", f"evil.example:{s.port}", "127.0.0.1", f"127.0.0.1:{s.port + 1}", f"127.0.0.1.evil.example:{s.port}",
                     f"localhost:{s.port}@evil.example", f"[::1]evil:{s.port}", f"[]:{s.port}", ""]:
            same(s.ask("GET", "/api/scenarios", headers={"Host": host})[0], 403, host)
        for host in [f"localhost:{s.port}", f"127.0.0.1:{s.port}", f"[::1]:{s.port}"]:
            same(s.ask("GET", "/api/scenarios", headers={"Host": host})[0], 200, host)
        for origin in ["http://evil.example", "null", f"https://127.0.0.1:{s.port}", f"http://127.0.0.1:{s.port + 1}",
                       f"http://127.0.0.1:{s.port}.evil.example", "file://"]:
            same(s.ask("GET", "/api/scenarios", headers={"Origin": origin})[0], 403, origin)
        same(s.ask("GET", "/api/scenarios", headers={"Origin": f"http://127.0.0.1:{s.port}"})[0], 200)
        for site in ["cross-site", "same-site"]:
            same(s.ask("GET", "/api/scenarios", headers={"Sec-Fetch-Site": site})[0], 403, site)
        got = s.send(b"GET /api/scenarios HTTP/1.1\r\nAuthorization: Bearer " + s.token.encode() + b"\r\n\r\n", 2)
        check(b" 400 " in got[:20] or b" 403 " in got[:20], got[:100])
        two = f"GET /api/scenarios HTTP/1.1\r\nHost: 127.0.0.1:{s.port}\r\nHost: evil\r\nAuthorization: Bearer {s.token}\r\nConnection: close\r\n\r\n"
        check(b" 403 " in s.send(two.encode(), 2)[:20] or b" 400 " in s.send(two.encode(), 2)[:20], "two hosts")


# promise: this-machine-alone
@case
def it_listens_on_this_machine_alone(folder):
    with Server(folder) as s:
        with open("/proc/net/tcp", encoding="ascii") as f:
            listening = [l.split()[1] for l in f if l.split()[3] == "0A" and l.split()[1].endswith(f":{s.port:04X}")]
        same(listening, [f"0100007F:{s.port:04X}"])


# --- paths ----------------------------------------------------------------------------------------------------------

# promise: inside-the-folder
@case
def no_path_leads_out_of_the_folder(folder):
    with open(os.path.join(folder, "secret.csv"), "w", encoding="ascii") as f:
        f.write("SECRET")
    with Server(folder) as s:
        base = s.scenario()
        os.symlink(os.path.join(folder, "secret.csv"), os.path.join(folder, "small", "link.csv"))
        os.symlink(folder, os.path.join(folder, "small", "up"))
        for path in ["../secret.csv", "..%2fsecret.csv", "%2e%2e/secret.csv", "x/../../secret.csv", "%2e%2e%2fsecret.csv", "/etc/passwd",
                     "%2fetc%2fpasswd", "link.csv", "up/secret.csv", "out/runs/x.csv", ".git/config", "a%00.csv", "..\\secret.csv", "a//b.csv",
                     "%c0%ae%c0%ae/secret.csv", "a" * 600 + ".csv", "x/" * 40 + "a.csv", "scenario.yaml/", ".", "", "passwd", "a%0a.csv"]:
            for method in ["GET", "PUT"]:
                answer, data = s.ask(method, f"{base}/files/{path}", body="x" if method == "PUT" else None,
                                     headers={"If-None-Match": "*"} if method == "PUT" else {}, raw=True)
                check(400 <= answer.status < 500, method, path, answer.status)
                check(b"SECRET" not in data and b"root:" not in data, path)
        with open(os.path.join(folder, "secret.csv"), encoding="ascii") as f:
            same(f.read(), "SECRET")
        status, told = s.ask("POST", f"{base}/check?file={quote('../secret.csv')}", body="x")
        same(status, 403)
        listed = [f["path"] for f in s.ask("GET", base)[1]["files"]]
        same(listed, ["actors.csv", "brief.md", "scenario.yaml", "trade.csv"], "links are not listed")
        status, told = s.ask("POST", f"{base}/runs", {"draws": 10})
        check("leads out" in s.wait(told["id"])["failure"]["error"], "a run reads no link that leads out")


@case
def a_run_is_not_read_through_a_link(folder):
    with Server(folder) as s:
        base = s.scenario()
        job = s.ask("POST", f"{base}/runs", {"draws": 10})[1]["id"]
        same(s.wait(job)["state"], "done")
        runs = os.path.join(folder, "small", "out", "runs")
        os.rename(os.path.join(runs, job, "report.html"), os.path.join(folder, "report.html"))
        os.symlink(os.path.join(folder, "report.html"), os.path.join(runs, job, "report.html"))
        same(s.ask("GET", f"{base}/runs/{job}/report.html")[0], 404)
        for name in ["../../../scenario.yaml", "..", "nothing.html"]:
            same(s.ask("GET", f"{base}/runs/{job}/{quote(name, safe='')}")[0], 404, name)
        same(s.ask("GET", f"{base}/runs/..%2f..%2f/run.json")[0], 404)


# --- files ----------------------------------------------------------------------------------------------------------

# promise: nothing-overwritten
@case
def a_file_is_written_only_over_what_was_read(folder):
    with Server(folder) as s:
        base = s.scenario()
        path = os.path.join(folder, "small", "actors.csv")
        os.chmod(path, 0o640)
        answer, text = s.ask("GET", f"{base}/files/actors.csv", raw=True)
        with open(path, "rb") as f:
            same(text, f.read())
        tag = answer.getheader("ETag")
        changed = text.decode().replace("Isle of Wend", "<script>alert(1)</script>, جزيرة".replace(",", ""))
        status, told = s.ask("PUT", f"{base}/files/actors.csv", body=changed, headers={"If-Match": tag})
        same(status, 200, told)
        with open(path, encoding="utf-8") as f:
            same(f.read(), changed)
        same(os.stat(path).st_mode & 0o777, 0o640, "the mode stays")
        same(s.ask("PUT", f"{base}/files/actors.csv", body="x", headers={"If-Match": tag})[0], 409, "a tag that is old")
        same(s.ask("PUT", f"{base}/files/actors.csv", body="x")[0], 428, "no tag")
        same(s.ask("PUT", f"{base}/files/actors.csv", body="x", headers={"If-Match": "*"})[0], 400)
        same(s.ask("PUT", f"{base}/files/actors.csv", body="x", headers={"If-None-Match": "*"})[0], 409, "it is there")
        with open(path, "a", encoding="utf-8") as f:  # another program
            f.write("new,New,no,1\n")
        status, refused = s.ask("PUT", f"{base}/files/actors.csv", body="x", headers={"If-Match": f'"{told["tag"]}"'})
        same(status, 409)
        check("another program" in refused["error"], refused)
        with open(path, encoding="utf-8") as f:
            check(f.read().endswith("new,New,no,1\n"), "the other program's line is still there")
        same(s.ask("PUT", f"{base}/files/more.csv", body="a,b\n", headers={"If-None-Match": "*"})[0], 200, "a new file")
        same(s.ask("PUT", f"{base}/files/gone.csv", body="x", headers={"If-Match": tag})[0], 409, "a file that is gone")
        same(sorted(os.listdir(os.path.join(folder, "small"))), ["actors.csv", "brief.md", "more.csv", "scenario.yaml", "trade.csv"])


@case
def one_of_many_writers_wins(folder):
    with Server(folder) as s:
        base = s.scenario()
        tag = s.ask("GET", f"{base}/files/brief.md", raw=True)[0].getheader("ETag")
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda i: s.ask("PUT", f"{base}/files/brief.md", body=f"by {i}\n" * 1000, headers={"If-Match": tag})[0], range(16)))
        same(sorted(answers), [200] + [409] * 15)
        with open(os.path.join(folder, "small", "brief.md"), encoding="ascii") as f:
            same(len(set(f.read().splitlines())), 1, "one writer's text, whole")


@case
def a_text_is_checked_as_it_is_typed_and_nothing_is_written(folder):
    with Server(folder) as s:
        base = s.scenario()
        path = os.path.join(folder, "small", "scenario.yaml")
        with open(path, encoding="utf-8") as f:
            text = f.read()
        status, told = s.ask("POST", f"{base}/check?file=scenario.yaml", body=text)
        same((status, told), (200, {"error": "", "findings": []}))
        line = [at.startswith("actors:") for at in text.split("\n")].index(True) + 1
        _, told = s.ask("POST", f"{base}/check?file=scenario.yaml", body=text.replace("actors:", "actrs:", 1))
        found = next(f for f in told["findings"] if "actrs" in f["message"])
        same((found["file"], found["line"], found["column"], found["severity"]), ("scenario.yaml", line, 1, "error"))
        check("/tmp" not in json.dumps(told) and "entente-check" not in json.dumps(told), told)
        _, told = s.ask("POST", f"{base}/check?file=trade.csv", body="actor,position\n<script>,x\n")
        check(any(f["file"] == "trade.csv" and f["line"] == 1 for f in told["findings"]), told)
        with open(path, encoding="utf-8") as f:
            same(f.read(), text)
        same([n for n in os.listdir(os.environ.get("TMPDIR", "/tmp")) if n.startswith("entente-check-")], [], "copies left")
        _, told = s.ask("POST", f"{base}/check")
        same(told["findings"], [])


@case
def a_change_by_another_program_is_told(folder):
    with Server(folder) as s:
        events = s.events(f"{s.scenario()}/events")
        name, first = next(events)
        same(name, "files")
        with open(os.path.join(folder, "small", "trade.csv"), "a", encoding="ascii") as f:
            f.write("\n")
        start = time.monotonic()
        name, then = next(events)
        same(name, "files")
        check(time.monotonic() - start < 5, "late")
        differ = [a["path"] for a, b in zip(first["files"], then["files"]) if a != b]
        same(differ, ["trade.csv"])
        events.close()


# --- runs -----------------------------------------------------------------------------------------------------------

@case
def a_run_is_the_command_s_run_and_is_kept(folder):
    with Server(folder) as s:
        base = s.scenario()
        status, told = s.ask("POST", f"{base}/runs", {"draws": 3000, "seed": "7", "settings": {"tolls_fall.threshold": "40"}, "csv": True, "note": "<b>a note</b>"})
        same(status, 202, told)
        end = s.wait(told["id"])
        same((end["state"], end["done"]), ("done", 3000), end)
        with open(os.path.join(folder, "small", "out", "runs", told["id"], "results.json"), "rb") as f:
            kept = f.read()
        answer, sent = s.ask("GET", f"{base}/runs/{told['id']}/results.json", raw=True)
        same(sent, kept)
        check("attachment" in answer.getheader("Content-Disposition"), answer.getheaders())
        command = subprocess.run([ENTENTE, "run", os.path.join(folder, "small"), "--draws", "3000", "--seed", "7", "--set", "tolls_fall.threshold=40",
                                  "--json", "--out", os.path.join(folder, "o")], capture_output=True, check=True)
        same(json.loads(sent), json.loads(command.stdout), "the same numbers as of the command")
        runs = s.ask("GET", f"{base}/runs")[1]["runs"]
        same([(r["id"], r["draws"], r["seed"], r["settings"], r["note"], r["interrupted"]) for r in runs],
             [(told["id"], 3000, "7", {"tolls_fall.threshold": "40"}, "<b>a note</b>", False)])
        answer, report = s.ask("GET", f"{base}/runs/{told['id']}/report.html", raw=True)
        check(b"entente-data" in report, report[:100])
        policy = answer.getheader("Content-Security-Policy")
        check("sandbox allow-scripts" in policy and "allow-same-origin" not in policy and "connect-src 'none'" in policy, policy)
        check(s.ask("GET", f"{base}/runs/{told['id']}/results.sqlite", raw=True)[1].startswith(b"SQLite format 3\0"), "sqlite")
        check(s.ask("GET", f"{base}/runs/{told['id']}/draws.csv", raw=True)[1].count(b"\n") == 3001, "draws")
        same(s.ask("DELETE", f"{base}/runs/{told['id']}")[0], 200)
        same(s.ask("GET", f"{base}/runs")[1]["runs"], [])
        same(os.listdir(os.path.join(folder, "small", "out", "runs")), [])


@case
def a_look_is_the_same_run_and_leaves_nothing(folder):
    with Server(folder) as s:
        base = s.scenario()
        kept = s.ask("POST", f"{base}/runs", {"draws": 1000})[1]["id"]
        s.wait(kept)
        look = s.ask("POST", f"{base}/runs", {"draws": 1000, "keep": False})[1]["id"]
        same(s.wait(look)["state"], "done")
        same(s.ask("GET", f"/api/jobs/{look}/result")[1], s.ask("GET", f"{base}/runs/{kept}/results.json")[1])
        same(os.listdir(os.path.join(folder, "small", "out", "runs")), [kept])
        same(s.ask("GET", f"/api/jobs/{kept}/result")[0], 404, "a kept run's result is its file")


@case
def a_run_of_a_wrong_scenario_says_what_is_wrong(folder):
    with Server(folder) as s:
        base = s.scenario()
        with open(os.path.join(folder, "small", "trade.csv"), "a", encoding="ascii") as f:
            f.write("nobody,1,1,1\n")
        end = s.wait(s.ask("POST", f"{base}/runs", {})[1]["id"])
        same(end["state"], "failed")
        check(end["failure"]["findings"][0]["file"] == "trade.csv", end)
        end = s.wait(s.ask("POST", f"{s.scenario('other')}/runs", {"settings": {"nothing": "1"}})[1]["id"])
        same(end["state"], "failed", end)
        check("nothing" in end["failure"]["error"], end)


@case
def a_cancelled_run_keeps_what_is_finished_and_progress_is_told(folder):
    with Server(folder) as s:
        base = s.scenario()
        job = s.ask("POST", f"{base}/runs", {"draws": DEEP})[1]["id"]
        seen = []
        for name, told in s.events(f"/api/jobs/{job}/events"):
            seen.append((name, told["done"]))
            if name == "progress" and told["done"] > 0:
                same(s.ask("POST", f"/api/jobs/{job}/cancel")[0], 200)
        same(seen[-1][0], "end")
        check(len(seen) >= 2 and seen == sorted(seen, key=lambda e: e[1]), seen)
        same(s.ask("GET", f"/api/jobs/{job}")[1]["state"], "stopped")
        kept = s.ask("GET", f"{base}/runs")[1]["runs"][0]
        check(kept["interrupted"] and 0 < kept["draws"] < kept["draws_asked"] == DEEP, kept)


@case
def too_many_runs_at_once_are_refused(folder):
    with Server(folder) as s:
        base = s.scenario()
        started = [s.ask("POST", f"{base}/runs", {"draws": DEEP}) for _ in range(4)]
        same([status for status, _ in started], [202, 202, 429, 429])
        for _, told in started[:2]:
            s.ask("POST", f"/api/jobs/{told['id']}/cancel")
            same(s.wait(told["id"])["state"], "stopped")
        same(s.ask("POST", f"{base}/runs", {"draws": 10})[0], 202, "then there is room again")


@case
def two_runs_and_two_settings_are_compared(folder):
    with Server(folder) as s:
        base = s.scenario()
        name = base.rsplit("/", 1)[1]
        one = s.ask("POST", f"{base}/runs", {"draws": 2000})[1]["id"]
        s.wait(one)
        path = os.path.join(folder, "small", "trade.csv")
        with open(path, encoding="utf-8") as f:
            text = f.read()
        answer, got = s.ask("GET", f"{base}/files/trade.csv", raw=True)
        lines = text.split("\n")
        cells = lines[1].split(",")
        cells[1] = "90"
        lines[1] = ",".join(cells)
        same(s.ask("PUT", f"{base}/files/trade.csv", body="\n".join(lines), headers={"If-Match": answer.getheader("ETag")})[0], 200)
        two = s.ask("POST", f"{base}/runs", {"draws": 2000})[1]["id"]
        s.wait(two)
        job = s.ask("POST", "/api/compare", {"a": {"scenario": name, "run": one}, "b": {"scenario": name, "run": two}, "draws": 2000})[1]["id"]
        same(s.wait(job)["state"], "done")
        _, told = s.ask("GET", f"/api/jobs/{job}/result")
        differ = {k: v["difference"] for k, v in told["quantities"].items() if v["difference"]}
        check(differ, "an edited position moves something")
        job = s.ask("POST", "/api/compare", {"a": {"scenario": name}, "b": {"scenario": name}, "draws": 500})[1]["id"]
        s.wait(job)
        _, told = s.ask("GET", f"/api/jobs/{job}/result")
        same({v["difference"] for v in told["claims"].values()} | {v["difference"] for v in told["quantities"].values()} - {None}, {0})
        for bad in [{}, {"a": {"scenario": name}}, {"a": {"scenario": "x"}, "b": {"scenario": name}},
                    {"a": {"scenario": name, "run": "../x"}, "b": {"scenario": name}}, {"a": {"scenario": name, "run": 3}, "b": {"scenario": name}}]:
            check(s.ask("POST", "/api/compare", bad)[0] in (400, 404), bad)
        with open(os.path.join(folder, "small", "out", "runs", one, "plan.entente"), "r+b") as f:
            f.seek(200)
            f.write(b"\xff" * 64)
        job = s.ask("POST", "/api/compare", {"a": {"scenario": name, "run": one}, "b": {"scenario": name}, "draws": 500})[1]["id"]
        same(s.wait(job)["state"], "failed", "a damaged plan is refused")


# promise: runs-kept-on-stop
@case
def a_stop_saves_what_runs_have(folder):
    s = Server(folder)
    base = s.scenario()
    job = s.ask("POST", f"{base}/runs", {"draws": DEEP})[1]["id"]
    watching = threading.Thread(target=lambda: list(s.events(f"/api/jobs/{job}/events")))
    watching.start()
    while s.ask("GET", f"/api/jobs/{job}")[1]["done"] == 0:
        time.sleep(0.02)
    start = time.monotonic()
    code, _ = s.stop(signal.SIGTERM)
    same(code, 0)
    check(time.monotonic() - start < 20, "slow to stop")
    watching.join(10)
    check(not watching.is_alive(), "a stream that never ends")
    with open(os.path.join(folder, "small", "out", "runs", job, "run.json"), encoding="utf-8") as f:
        kept = json.load(f)
    check(kept["interrupted"] and kept["draws"] > 0, kept)
    s = Server(folder)
    same([r["id"] for r in s.ask("GET", s.scenario() + "/runs")[1]["runs"]], [job], "the history after a restart")
    same(s.stop(signal.SIGINT)[0], 0)


# --- careless and hostile clients ----------------------------------------------------------------------------------------

@case
def what_is_no_request_is_refused_and_the_server_goes_on(folder):
    with Server(folder) as s:
        head = f"Host: 127.0.0.1:{s.port}\r\nAuthorization: Bearer {s.token}\r\n".encode()
        for junk in [b"\x00" * 1000, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\r\n" * 500, b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                     b"GET /" + b"a" * 60000 + b" HTTP/1.1\r\n" + head + b"\r\n", b"GET / HTTP/1.1\r\nX: " + b"y" * 60000 + b"\r\n\r\n",
                     b"GET / HTTP/1.1\r\n" + b"".join(b"X%d: y\r\n" % i for i in range(5000)) + b"\r\n",
                     b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(300), os.urandom(4000),
                     b"POST /api/compare HTTP/1.1\r\n" + head + b"Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nZZZ\r\n",
                     b"POST /api/compare HTTP/1.1\r\n" + head + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n"]:
            got = s.send(junk, 1)
            check(b" 200 " not in got[:20], junk[:40], got[:60])
        for method in ["DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW", "POST"]:
            answer, _ = s.ask(method, "/api/models", raw=True)
            check(answer.status in (400, 405), method, answer.status)
        for path in ["/api", "/api/", "/nothing", "/api/scenarios/nobody", "/api/jobs/x", "/api/jobs/", "//", "/api/scenarios/%ff%fe", "/api/jobs/0/0/0/0/0/0/0"]:
            check(s.ask("GET", path, raw=True)[0].status in (400, 404), path)
        same(s.ask("GET", "/api/scenarios")[0], 200, "and it goes on")


@case
def bodies_that_are_no_json_are_refused(folder):
    with Server(folder) as s:
        base = s.scenario()
        kind = {"Content-Type": "application/json"}
        for body in ["", "{", "[]", "3", "nul", "{\"a\":}", "{\"a\" 1}", "{\"draws\":1}x", "[" * 100000, "{\"a\":\"\\ud800\"}", "{\"a\":\"\\u0000\"}",
                     "{\"a\":\"\x01\"}", "{\"draws\":\"x\"}", "{\"draws\":-1}", "{\"draws\":1.5}", "{\"draws\":1e99}", "{\"seed\":18446744073709551616}",
                     "{\"settings\":3}", "{\"settings\":{\"a\":[]}}", "{\"settings\":{\"\":\"1\"}}", "{\"settings\":" + json.dumps({str(i): "1" for i in range(300)}) + "}"]:
            status, told = s.ask("POST", f"{base}/runs", body=body, headers=kind)
            same(status, 400, body[:60], told)
        same(s.ask("POST", f"{base}/runs", body="{}")[0], 415, "a form of another site cannot send JSON")
        same(s.ask("POST", f"{base}/runs", body="{}", headers={"Content-Type": "text/plain"})[0], 415)


@case
def huge_bodies_are_refused_before_they_are_sent(folder):
    with Server(folder) as s:
        base = s.scenario()
        before = s.memory()
        head = f"Host: 127.0.0.1:{s.port}\r\nAuthorization: Bearer {s.token}\r\n"
        got = s.send(f"PUT {base}/files/a.csv HTTP/1.1\r\n{head}If-None-Match: *\r\nContent-Length: 99000000000\r\n\r\n".encode(), 3)
        check(b" 413 " in got[:20], got[:60])
        got = s.send(f"POST {base}/runs HTTP/1.1\r\n{head}Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n".encode(), 3)
        check(b" 413 " in got[:20], got[:60])
        chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
        got = s.send(f"PUT {base}/files/a.csv HTTP/1.1\r\n{head}If-None-Match: *\r\nTransfer-Encoding: chunked\r\n\r\n".encode() + chunk * 40, 5)
        check(b" 200 " not in got[:20], got[:60])
        check(not os.path.exists(os.path.join(folder, "small", "a.csv")), "it was written")
        got = s.send(f"GET /api/scenarios HTTP/1.1\r\n{head}Content-Length: 10\r\n\r\n0123456789".encode(), 3)
        check(b" 413 " in got[:20], got[:60])
        if not SANITIZED:
            check(s.memory() < before + 60_000, before, s.memory())


@case
def a_client_that_drips_does_not_keep_others_out(folder):
    with Server(folder) as s:
        slow = [socket.create_connection(("127.0.0.1", s.port)) for _ in range(100)]
        for c in slow:
            c.sendall(b"GET / HT")
        same(s.ask("GET", "/api/scenarios")[0], 200, "beside a hundred that drip")
        start = time.monotonic()
        closed = 0
        for c in slow[:3]:
            c.settimeout(1)
        while closed < 3 and time.monotonic() - start < 40:
            closed = 0
            for c in slow[:3]:
                try:
                    c.sendall(b"T")  # never idle, and never done
                    c.recv(1)
                    closed += 1
                except socket.timeout:
                    pass
                except OSError:
                    closed += 1
        same(closed, 3, "closed after", round(time.monotonic() - start))
        for c in slow:
            c.close()


@case
def many_clients_at_once_and_memory_stays(folder):
    with Server(folder) as s:
        base = s.scenario()
        with open(os.path.join(folder, "small", "scenario.yaml"), encoding="utf-8") as f:
            text = f.read()
        job = s.ask("POST", f"{base}/runs", {"draws": 1000})[1]["id"]
        s.wait(job)
        def client(_):
            end = time.monotonic() + float(os.environ.get("SECONDS", "2"))
            count = 0
            while time.monotonic() < end:
                for method, path, body in [("GET", "/api/scenarios", None), ("GET", base, None), ("GET", f"{base}/files/scenario.yaml", None),
                                           ("POST", f"{base}/check?file=scenario.yaml", text), ("GET", f"{base}/runs", None), ("GET", f"{base}/runs/{job}/report.html", None)]:
                    answer, data = s.ask(method, path, body=body, raw=True)
                    if answer.status != 200 or not data:
                        raise AssertionError(f"{method} {path}: {answer.status} {data[:100]}")
                    count += 1
            return count

        def all_clients():
            with concurrent.futures.ThreadPoolExecutor(50) as pool:
                return sum(pool.map(client, range(50)))

        first = all_clients()
        one = s.memory()
        second = all_clients()
        two = s.memory()
        print(f"# {first + second} requests by 50 clients, {one} kB then {two} kB", flush=True)
        check(first > 100 and second > 100, first, second)
        if not SANITIZED:
            check(two < one * 1.15 + 4000, one, two)


@case
def the_table_of_models_has_what_a_form_needs(folder):
    with Server(folder) as s:
        _, told = s.ask("GET", "/api/models")
        command = json.loads(subprocess.run([ENTENTE, "models", "--json"], capture_output=True, check=True).stdout)
        command = command["models"] if isinstance(command, dict) else command
        names = sorted(command) if isinstance(command, dict) else sorted(m["name"] for m in command)
        same(sorted(m["name"] for m in told["models"]), names)
        consent = next(m for m in told["models"] if m["name"] == "consent")
        check(all(p["meaning"] and p["name"] for p in consent["inputs"]), consent["inputs"])


@case
def a_new_scenario_is_made_in_the_folder(folder):
    with Server(folder) as s:
        status, told = s.ask("POST", "/api/scenarios", {"folder": "mine"})
        same(status, 201, told)
        check(os.path.exists(os.path.join(folder, "mine", "scenario.yaml")), "it is there")
        same(s.ask("GET", f"/api/scenarios/{told['id']}")[0], 200)
        same(s.ask("POST", "/api/scenarios", {"folder": "mine"})[0], 409)
        for name in ["../x", "a/b", "", ".x", "A", "x" * 101, "out", 3]:
            same(s.ask("POST", "/api/scenarios", {"folder": name})[0], 400, name)


@case
def how_it_is_started(folder):
    def said(*arguments):
        r = subprocess.run([ENTENTE, "serve", *arguments], capture_output=True, text=True, timeout=20)
        return r.returncode, r.stdout + r.stderr
    code, text = said("--help")
    check(code == 0 and "example" in text and "--port" in text, text)
    same(said("nothing-there")[0], 3)
    same(said("--port", "99999")[0], 2)
    same(said("--host", "no such host")[0], 3)
    with Server(folder) as s:
        code, text = said(folder, "--port", str(s.port))
        check(code == 3 and "in use" in text, code, text)
        check(s.count == 2, s.count)


run()
