#!/usr/bin/env python3
"""Compares cuc-mock with a reference server and with peers, and writes docs/performance.md.

    benches/side-by-side/run.py            needs wrk and nginx (Debian), npm, Java and curl; about twelve minutes
    benches/side-by-side/run.py --quick    fewer and shorter rounds; writes nothing

All servers run on this machine, on loopback, in turns: cuc-mock, the reference (reference.rs, the leanest axum server
that returns the same bytes and headers from memory), and the peers, each with the responses of cuc-mock. The figures of
a busy machine differ from run to run, but the ratios are stable.
"""

import contextlib
import datetime
import json
import os
import pathlib
import platform
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUILT = ROOT / "target" / "side-by-side"
PAGE = ROOT / "docs" / "performance.md"
QUICK = "--quick" in sys.argv
ROUNDS, SECONDS = (2, 1) if QUICK else (5, 3)
CONNECTIONS = 32
MANY = 20_000 if QUICK else 100_000
HEADERS = {"Authorization": "Basic YWRtaW46c2VjcmV0", "Accept": "application/xml"}
LIST = "/vmrest/externalservices"
FIRST = "00000000-5c4e-4b8a-9d3f-1a2b3c4d5e6f"
TENANT = "fe6541fb-b42c-44f2-8404-ded14cbf7438"
TICKS = os.sysconf("SC_CLK_TCK")


def service(number, name):
    tenant = TENANT if number < 3 else "069b8e41-8051-4eee-b653-1854f7e68cd8"
    return (
        f"<ExternalService><ObjectId>{number:08x}{FIRST[8:]}</ObjectId><TenantObjectId>{tenant}</TenantObjectId>"
        f"<AuthenticationMode>1</AuthenticationMode><DisplayName>{name}</DisplayName><IsEnabled>true</IsEnabled>"
        "<SecurityTransportType>1</SecurityTransportType><Server>10.65.156.190</Server>"
        f"<ServiceAlias>operator{number}</ServiceAlias><ServicePassword>secret</ServicePassword><ServerType>4</ServerType>"
        "<SupportsCalendarCapability>true</SupportsCalendarCapability>"
        "<SupportsTtsOfEmailCapability>true</SupportsTtsOfEmailCapability>"
        "<ValidateServerCertificate>false</ValidateServerCertificate><UseServiceCredentials>true</UseServiceCredentials>"
        "<SupportsMailboxSynchCapability>true</SupportsMailboxSynchCapability>"
        "<ExchDoAutodiscover>false</ExchDoAutodiscover><ExchServerType>1</ExchServerType>"
        "<MailboxSynchFaxAction>1</MailboxSynchFaxAction><MailboxSynchEmailAction>2</MailboxSynchEmailAction>"
        "</ExternalService>"
    )


def fixture(folder, services):
    """Writes services whose names are in another order than their numbers: an odd factor shuffles."""
    names = ((number, f"Exchange {number * 0x9E3779B1 % 2**32:08x}") for number in range(services))
    tenants = "".join(
        f"<Tenant><ObjectId>{tenant}</ObjectId><Alias>{alias}</Alias><SmtpDomain>{alias}.example</SmtpDomain></Tenant>"
        for tenant, alias in [(TENANT, "small"), ("069b8e41-8051-4eee-b653-1854f7e68cd8", "large")]
    )
    path = pathlib.Path(folder, f"{services}.xml")
    with path.open("w") as file:
        file.write(f"<UnityConnection><Tenants>{tenants}</Tenants><ExternalServices>")
        file.writelines(service(number, name) for number, name in names)
        file.write("</ExternalServices></UnityConnection>")
    return path


class Running:
    """A server as a process."""

    def __init__(self, name, command, ready=r"listening on (?:http://)?([0-9.]+:\d+)", cwd=None):
        self.name = name
        self.began = time.perf_counter()
        pipe = subprocess.PIPE
        self.process = subprocess.Popen([str(part) for part in command], stdout=pipe, stderr=subprocess.DEVNULL, text=True, cwd=cwd)
        if isinstance(ready, int):
            self.address = f"127.0.0.1:{ready}"
            self.wait_for_port()
        else:
            for line in self.process.stdout:
                if found := re.search(ready, line):
                    self.address = found[1]
                    break
            else:
                sys.exit(f"{name} did not start")

    def wait_for_port(self):
        host, port = self.address.split(":")
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection((host, int(port))):
                return
            time.sleep(0.05)
        sys.exit(f"{self.name} did not start")

    def status(self, name):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{name}:\s+(\d+) kB", text)[1]) * 1024

    def cpu(self):
        """CPU time of the process and its descendants, in seconds."""
        spent = 0
        for pid in [self.process.pid, *children(self.process.pid)]:
            with contextlib.suppress(FileNotFoundError):
                fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
                spent += int(fields[11]) + int(fields[12])
        return spent / TICKS

    def get(self, path):
        request = urllib.request.Request(f"http://{self.address}{path}", headers=HEADERS)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()

    def stop(self):
        for pid in children(self.process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        self.process.terminate()
        self.process.wait()


def children(pid):
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout
    return [int(child) for child in found.split()]


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def raw(address, method, path, body=""):
    """Sends one request; returns the response as received."""
    host, port = address.split(":")
    head = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
    if body:
        head += f"Content-Type: application/xml\r\nContent-Length: {len(body)}\r\n"
    with socket.create_connection((host, int(port))) as client:
        client.sendall(f"{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{head}\r\n{body}".encode())
        answer = b"".join(iter(lambda: client.recv(65536), b"")).decode()
    head, body = answer.split("\r\n\r\n", 1)
    status, *lines = head.split("\r\n")
    headers = [tuple(line.split(": ", 1)) if ": " in line else (line.rstrip(":"), "") for line in lines]
    return {
        "status": int(status.split()[1]),
        "headers": [(name, value.strip()) for name, value in headers if name != "Connection"],
        "body": body,
    }


POSTED = (
    "<ExternalService><DisplayName>{name}</DisplayName><ServiceAlias>admin</ServiceAlias>"
    "<ServicePassword>ecsbulab</ServicePassword><ServerType>4</ServerType><Server>10.65.156.190</Server>"
    "<AuthenticationMode>1</AuthenticationMode><ExchServerType>1</ExchServerType>"
    "<SecurityTransportType>1</SecurityTransportType></ExternalService>"
)


def lua(folder, address, method):
    """The script of wrk. Each POST and PUT has another name, and each DELETE another id. The rest is built once,
    so that the measurement does not include wrk."""
    salt, number = uuid.uuid4().hex[:8], "%08x"
    name = f"{salt} {number}"
    path = {"POST": LIST, "PUT": f"{LIST}/{FIRST}", "DELETE": f"{LIST}/{number}{FIRST[8:]}"}[method]
    head = "".join(f"{header}: {value}\r\n" for header, value in HEADERS.items())
    body = ""
    if method != "DELETE":
        body = POSTED.replace("{name}", name)
        length = len(body) - len(number) + 8
        head += f"Content-Type: application/xml\r\nContent-Length: {length}\r\n"
    request = f"{method} {path} HTTP/1.1\r\nHost: {address}\r\n{head}\r\n{body}"
    before, after = (json.dumps(part) for part in request.split(number))
    script = pathlib.Path(folder, f"{method}-{salt}.lua")
    script.write_text(
        f"local n, before, after = 2, {before}, {after}\n"
        f"function request()\n  n = n + 1\n  return before .. string.format('{number}', n) .. after\nend\n"
    )
    return script


def load(running, path=LIST, scheme="http", method="GET", folder=None, seconds=SECONDS):
    """Requests per second, CPU seconds per request, and the number of requests."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", f"{scheme}://{running.address}{path}"]
    for name, value in HEADERS.items():
        command += ["-H", f"{name}: {value}"]
    if method != "GET":
        command += ["-s", str(lua(folder, running.address, method))]
    before = running.cpu()
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    spent = running.cpu() - before
    if "Non-2xx" in output or "Socket errors" in output:
        print(f"  {running.name} {method} {path}: {output}", file=sys.stderr)
    count = int(re.search(r"(\d+) requests in", output)[1])
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1]), spent / max(count, 1), count


def in_turns(runs, rounds=ROUNDS):
    """The medians of each, measured in turns; the first round warms up."""
    found = {name: [] for name in runs}
    for round_ in range(rounds + 1):
        for name, run in runs.items():
            measured = run()
            if round_:
                found[name].append(measured)
    return {name: tuple(map(statistics.median, zip(*each))) for name, each in found.items()}


@contextlib.contextmanager
def stopped(*servers):
    try:
        yield
    finally:
        for server in servers:
            server.stop()


def cuc_mock(*options, binary=None):
    binary = binary or ROOT / "target" / "release" / "cuc-mock"
    return Running("cuc-mock", [binary, "--listen", "127.0.0.1:0", "--seed", "1", "--log", "off", *options])


def nginx(folder, captured):
    root = pathlib.Path(folder, "nginx")
    (root / "vmrest").mkdir(parents=True)
    (root / "vmrest" / "externalservices").write_text(captured["list"]["body"])
    port = free_port()
    own = ("Content-Type", "Content-Length", "Date", "Server")
    added = "".join(f'add_header {n} "{v}";' for n, v in captured["list"]["headers"] if n not in own)
    (root / "nginx.conf").write_text(
        f"user root; worker_processes 2; pid {root}/pid; error_log /dev/null; daemon off; events {{ }}"
        f"http {{ access_log off; sendfile on; open_file_cache max=10; keepalive_requests 100000000; client_body_temp_path {root};"
        f"proxy_temp_path {root}; fastcgi_temp_path {root}; uwsgi_temp_path {root}; scgi_temp_path {root};"
        f"server {{ listen 127.0.0.1:{port}; root {root}; default_type application/xml; {added} }} }}"
    )
    return Running("nginx", ["nginx", "-c", root / "nginx.conf", "-p", root], ready=port)


def npm(package):
    folder = ROOT / "target" / "peers"
    if not (folder / "node_modules" / package).exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--silent", "--no-audit", package], check=True, cwd=folder, stdout=subprocess.DEVNULL)
    return folder / "node_modules" / package


def version(package):
    return json.loads((npm(package) / "package.json").read_text())["version"]


def wiremock_java(folder, captured):
    root = pathlib.Path(folder, "wiremock")
    (root / "mappings").mkdir(parents=True)
    for name, method, url in [
        ("list", "GET", {"url": LIST}),
        ("object", "GET", {"urlPattern": f"{LIST}/.+"}),
        ("post", "POST", {"url": LIST}),
        ("put", "PUT", {"urlPattern": f"{LIST}/.+"}),
        ("delete", "DELETE", {"urlPattern": f"{LIST}/.+"}),
    ]:
        answer = captured[name]
        headers = {n: v for n, v in answer["headers"] if n not in ("Content-Length", "Date", "Set-Cookie")}
        response = {"status": answer["status"], "headers": headers, "body": answer["body"]}
        mapping = {"request": {"method": method, **url}, "response": response}
        (root / "mappings" / f"{name}.json").write_text(json.dumps(mapping))
    jar = next(npm("wiremock").rglob("*.jar"))
    port = free_port()
    command = ["java", "-jar", jar, "--port", port, "--bind-address", "127.0.0.1", "--root-dir", root]
    return Running("WireMock", [*command, "--max-request-journal-entries", "1000"], ready=port)


def mountebank(folder, captured):
    def stub(name, predicate):
        answer = captured[name]
        headers = {n: v for n, v in answer["headers"] if n not in ("Content-Length", "Date", "Set-Cookie")}
        response = {"is": {"statusCode": answer["status"], "headers": headers, "body": answer["body"]}}
        return {"predicates": [predicate], "responses": [response]}

    port, admin = free_port(), free_port()
    equals = lambda method: {"equals": {"method": method, "path": LIST}}
    starts = lambda method: {"startsWith": {"method": method, "path": f"{LIST}/"}}
    stubs = [stub("list", equals("GET")), stub("post", equals("POST")), stub("object", starts("GET"))]
    stubs += [stub("put", starts("PUT")), stub("delete", starts("DELETE"))]
    config = pathlib.Path(folder, "mountebank.json")
    config.write_text(json.dumps({"imposters": [{"port": port, "protocol": "http", "host": "127.0.0.1", "stubs": stubs}]}))
    main = npm("@mbtest/mountebank") / "bin" / "mb"
    command = ["node", main, "start", "--configfile", config, "--port", admin, "--host", "127.0.0.1", "--nologfile"]
    return Running("mountebank", [*command, "--loglevel", "error"], ready=port, cwd=folder)


def beside_peers(folder, captured, path):
    rows = []
    answers = pathlib.Path(folder, "captured.json")
    answers.write_text(json.dumps(captured))
    servers = [cuc_mock("--fixtures", path), Running("reference", [BUILT / "release" / "reference", answers])]
    servers += [Running(peer, [BUILT / "release" / "peer", peer, answers]) for peer in ("httpmock", "wiremock", "mockito")]
    servers += [nginx(folder, captured), wiremock_java(folder, captured), mountebank(folder, captured)]
    with stopped(*servers):
        before = {server.name: resident(server) for server in servers}
        found = in_turns({server.name: lambda server=server: load(server) for server in servers})
        after = {server.name: resident(server) for server in servers}
    for name, (rate, cpu, _) in found.items():
        reference = found["reference"]
        rows.append((name, rate, rate / reference[0], cpu * 1e6, cpu / reference[1], before[name], after[name]))
    return rows


def resident(server):
    """Resident memory of the process and its descendants, in bytes."""
    total = 0
    for pid in [server.process.pid, *children(server.process.pid)]:
        with contextlib.suppress(FileNotFoundError):
            text = pathlib.Path(f"/proc/{pid}/status").read_text()
            total += int(re.search(r"VmRSS:\s+(\d+)", text)[1]) * 1024
    return total


def writes(folder, captured):
    """Each write beside the reference's GET, and beside the same write of the reference, which does nothing."""
    answers = pathlib.Path(folder, "captured.json")
    many = fixture(folder, 100_000 if QUICK else 500_000)
    rows = {}
    reference = Running("reference", [BUILT / "release" / "reference", answers])
    with stopped(reference):
        for method in ("POST", "PUT", "DELETE"):
            ours = cuc_mock("--fixtures", many if method == "DELETE" else fixture(folder, 3))
            runs = {
                "reference": lambda: load(reference),
                "reference's own": lambda: load(reference, method=method, folder=folder),
                "ours": lambda: load(ours, method=method, folder=folder),
            }
            with stopped(ours):
                # Of the services that are deleted none is there twice: one run, without a warm-up.
                found = in_turns(runs) if method != "DELETE" else {name: run() for name, run in runs.items()}
            reference_get = found["reference"]
            rows[method] = [(*found[name][:2], found[name][0] / reference_get[0]) for name in ("ours", "reference's own")]
    return rows


def https(folder, path):
    answers = pathlib.Path(folder, "captured.json")
    ours, reference = cuc_mock("--fixtures", path), Running("reference", [BUILT / "release" / "reference", answers, "tls"])
    with stopped(ours, reference):
        found = in_turns({s.name: lambda s=s: load(s, scheme="https") for s in (ours, reference)})
    return found["cuc-mock"][0], found["cuc-mock"][0] / found["reference"][0], found["cuc-mock"][1] / found["reference"][1]


def growth(folder):
    """The cost of a server with many records, beside one with three."""
    many = cuc_mock("--fixtures", fixture(folder, MANY))
    with stopped(many):
        at_start = many.status("VmRSS")
        whole = f"{LIST}?rowsPerPage={MANY}"
        xml = len(many.get(whole))
        lists = {
            "list of 3": f"{LIST}?rowsPerPage=3",
            "is, 3 of many": f"{LIST}?query=(TenantObjectId%20is%20{TENANT})",
            "list of 20": f"{LIST}?rowsPerPage=20",
            "page 500 of 20, sorted": f"{LIST}?rowsPerPage=20&pageNumber=500&sort=(DisplayName%20asc)",
        }
        found = in_turns({name: lambda path=path: load(many, path) for name, path in lists.items()}, max(2, ROUNDS - 2))
        # The largest it has been is from the fixture: count from here.
        pathlib.Path(f"/proc/{many.process.pid}/clear_refs").write_text("5")
        before, spent = many.status("VmRSS"), many.cpu()
        times = 3 if QUICK else 10
        for _ in range(times):
            subprocess.run(
                ["curl", "-s", "-o", "/dev/null", "-H", "Authorization: Basic YTpi", f"http://{many.address}{whole}"], check=True
            )
        speed = xml * times / max(many.cpu() - spent, 1 / TICKS)
        extra = many.status("VmHWM") - before
        snapshots = {}
        small = cuc_mock("--fixtures", fixture(folder, 10))
        with stopped(small):
            for name, server in (("many", many), ("10", small)):
                snapshots[name] = snapshot(server)
    return found, xml, at_start, speed, extra, snapshots


def snapshot(server):
    """CPU microseconds for taking and restoring a snapshot over HTTP."""
    request = lambda method, path: raw(server.address, method, f"/__mock{path}", "")
    times, spent = 2_000, server.cpu()
    for _ in range(times):
        request("PUT", "/snapshots/one")
        request("POST", "/snapshots/one/restore")
    return (server.cpu() - spent) / times * 1e6


@contextlib.contextmanager
def waiters(server, count):
    """Verifications and long polls that wait for requests that do not arrive, half of each."""
    host, port = server.address.split(":")
    with contextlib.ExitStack() as stack:
        for number in range(count):
            client = stack.enter_context(socket.create_connection((host, int(port))))
            if number % 2:
                request = f"GET /__mock/requests?wait=60&path=users/{number} HTTP/1.1\r\nHost: localhost\r\n\r\n"
            else:
                body = f'{{"requests":{{"method":"POST","path":"users/{number}"}},"within_ms":60000}}'
                head = f"Host: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
                request = f"POST /__mock/requests/verify HTTP/1.1\r\n{head}\r\n\r\n{body}"
            client.sendall(request.encode())
        yield


def waiting():
    """The rate and the CPU time of a GET with this number of waiters, relative to those without."""

    def measure(server, count):
        with waiters(server, count):
            return load(server)

    server = cuc_mock()
    with stopped(server):
        found = in_turns({count: lambda count=count: measure(server, count) for count in (0, 1, 100, 1000)})
    rate, cpu, _ = found.pop(0)
    return {count: (found_rate / rate, found_cpu / cpu) for count, (found_rate, found_cpu, _) in found.items()}


def starts(folder, captured):
    """The time from the start of a process to its first response, in milliseconds."""
    answers = pathlib.Path(folder, "captured.json")
    runs = {
        "cuc-mock": lambda: cuc_mock(),
        "reference": lambda: Running("reference", [BUILT / "release" / "reference", answers]),
    }
    took = {name: [] for name in runs}
    for _ in range(5 if QUICK else 41):
        for name, run in runs.items():
            server = run()
            raw(server.address, "GET", LIST)
            took[name].append((time.perf_counter() - server.began) * 1000)
            server.stop()
    for name, start in (("WireMock", wiremock_java), ("mountebank", mountebank)):
        with tempfile.TemporaryDirectory() as inner:
            server = start(inner, captured)
            raw(server.address, "GET", LIST)
            took[name] = [(time.perf_counter() - server.began) * 1000]
            server.stop()
    return {name: statistics.median(times) for name, times in took.items()}


def static_binary():
    """The binary of the image."""
    target = subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=True).stdout
    target = re.search(r"host: (.+)", target)[1]
    flags = {**os.environ, "RUSTFLAGS": "-C target-feature=+crt-static"}
    command = ["cargo", "build", "--quiet", "--locked", "--profile", "small", "--target", target, "--target-dir", BUILT / "static"]
    subprocess.run(command, check=True, cwd=ROOT, env=flags)
    return BUILT / "static" / target / "small" / "cuc-mock"


def memory():
    binary = static_binary()
    server = cuc_mock(binary=binary)
    with stopped(server):
        server.get(LIST)
        after_one = server.status("VmRSS")
        count = 0
        while count < (50_000 if QUICK else 1_000_000):
            count += load(server, seconds=3)[2]
        return binary.stat().st_size, after_one, server.status("VmRSS"), count


def benchmarks():
    """The cost of each step inside a process, and its growth, as the benchmarks print it."""
    environment = {**os.environ, "MAX_RECORDS": "1000" if QUICK else "1000000", "DIVAN_MAX_TIME": "0.2" if QUICK else "2"}
    command = ["cargo", "bench", "--quiet", "--locked", "--bench", "engine"]
    output = subprocess.run(command, check=True, cwd=ROOT / "benches", env=environment, capture_output=True, text=True).stdout
    return "\n".join(line.rstrip() for line in output.strip().splitlines())


def crates(*options):
    command = ["cargo", "tree", "--edges", "normal", "--prefix", "none", "--locked", *options]
    output = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    return len({line.removesuffix(" (*)").strip() for line in output.splitlines() if line.strip()})


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows])


def mb(size):
    return f"{size / 1e6:.1f} MB"


def main():
    for tool in ("wrk", "nginx", "java", "npm", "curl"):
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is missing: apt-get install wrk nginx-light default-jre-headless npm curl")
    subprocess.run(["cargo", "build", "--quiet", "--locked", "--release"], check=True, cwd=ROOT)
    build = ["cargo", "build", "--quiet", "--locked", "--release", "--target-dir", BUILT]
    subprocess.run(build, check=True, cwd=HERE)
    with tempfile.TemporaryDirectory() as folder:
        three = fixture(folder, 3)
        ours = cuc_mock("--fixtures", three)
        with stopped(ours):
            captured = {
                "list": raw(ours.address, "GET", LIST),
                "object": raw(ours.address, "GET", f"{LIST}/{FIRST}"),
                "post": raw(ours.address, "POST", LIST, POSTED.replace("{name}", "Posted")),
                "put": raw(ours.address, "PUT", f"{LIST}/{FIRST}", POSTED.replace("{name}", "Put")),
                "delete": raw(ours.address, "DELETE", f"{LIST}/00000002{FIRST[8:]}"),
            }
        peers = beside_peers(folder, captured, three)
        encrypted = https(folder, three)
        written = writes(folder, captured)
        found, xml, at_start, speed, extra, snapshots = growth(folder)
        processes = starts(folder, captured)
    inside = subprocess.run([BUILT / "release" / "start"], check=True, capture_output=True, text=True).stdout
    inside = {line.split()[0]: float(line.split()[1]) for line in inside.splitlines()}
    waited = waiting()
    size, after_one, after_many, count = memory()
    steps = benchmarks()
    rates = {row[0]: row for row in peers}
    ours, reference = rates["cuc-mock"], rates["reference"]
    micro = lambda name: found[name][1] * 1e6
    bars = [
        ("GET list of 3, 32 connections", f"{ours[2]:.2f} times the reference's rate, {ours[4]:.2f} times its CPU", "at least 0.90, at most 1.15"),
        ("the same over HTTPS", f"{encrypted[1]:.2f} times the reference's rate, {encrypted[2]:.2f} times its CPU", "at least 0.90"),
        *[
            (
                method,
                f"{ours_[2]:.2f} times the reference's GET ({ours_[0]:,.0f}/s, {ours_[1] * 1e6:.1f} µs of CPU);"
                f" the reference's own {method}, which does nothing, {own[2]:.2f}",
                "at least 0.70",
            )
            for method, (ours_, own) in written.items()
        ],
        *[(f"the same list as {peer}", f"{ours[1] / rates[peer][1]:.2f} times its rate", "at least 0.85" if peer == "nginx" else "more than 1") for peer in rates if peer not in ("cuc-mock", "reference")],
        (f"`is` query for 3 of {MANY:,}", f"{micro('is, 3 of many') / micro('list of 3'):.2f} times the list of 3, in CPU", "at most 1.3"),
        (f"page 500 of {MANY:,} by 20, sorted by an indexed column", f"{micro('page 500 of 20, sorted') / micro('list of 20'):.2f} times the list of 20, in CPU", "less than 5"),
        (f"list of {MANY:,}", f"{speed / 1e9:.2f} GB of body per second of one core, {mb(extra)} of additional memory", "at least 1 GB/s, less than 8 MB"),
        (
            f"snapshot and restore, {MANY:,} records",
            f"{snapshots['many']:.0f} µs of CPU for both over HTTP, {snapshots['10']:.0f} µs with 10; see below for the cost in a process",
            "the same, under 5 µs",
        ),
        *[
            (f"the same list with {count:,} waiting", f"{rate:.2f} times the rate without, {cpu:.2f} times the CPU", "at least 0.90" if count <= 100 else "")
            for count, (rate, cpu) in waited.items()
        ],
        ("process start to first response", f"{processes['cuc-mock']:.1f} ms, {processes['cuc-mock'] / processes['reference']:.2f} times the reference's", "at most 2"),
        ("in-process start to first response", f"{inside['cuc-mock']:.0f} µs, {inside['cuc-mock'] / inside['reference']:.2f} times the reference's", "at most 2"),
        ("resident after one GET, static binary", mb(after_one), "at most 5 MB"),
        (f"resident after {count:,} requests", mb(after_many), "and the journal's 8.4 MB"),
        (f"{MANY:,} records in memory", f"{at_start / xml:.2f} times their XML ({mb(at_start)} for {mb(xml)})", "at most 3"),
        ("crates in the library build", crates("--no-default-features"), "at most 65"),
    ]
    cpu = re.search(r"model name\s*:\s*(.+)", pathlib.Path("/proc/cpuinfo").read_text())[1]
    rustc = subprocess.run(["rustc", "--version"], capture_output=True, text=True).stdout.split()[1]
    lock = (HERE / "Cargo.lock").read_text()
    of = lambda crate: re.search(rf'name = "{crate}"\nversion = "([^"]+)"', lock)[1]
    versions = [f"Rust {rustc}", *[f"{crate} {of(crate)}" for crate in ("axum", "hyper", "httpmock", "wiremock", "mockito")]]
    versions += [f"WireMock {version('wiremock')}", f"mountebank {version('@mbtest/mountebank')}"]
    versions.append(subprocess.run(["nginx", "-v"], capture_output=True, text=True).stderr.split("/")[1].strip())
    lines = [
        f"Measured on {datetime.date.today()}: {cpu}, {os.cpu_count()} shared cores, Linux {platform.release()}; {', '.join(versions[:-1])},"
        f" nginx {versions[-1]}. wrk, one thread, {CONNECTIONS} connections, {ROUNDS} rounds of {SECONDS} s in turns; medians.",
        "",
        table(("subject", "measured", "goal"), bars),
        "",
        "The same list of three services from each server:",
        "",
        table(
            ("server", "requests/s", "of the reference's", "CPU per request", "of the reference's", "resident before", "after"),
            [(n, f"{r:,.0f}", f"{rr:.2f}", f"{c:.1f} µs", f"{cr:.2f}", mb(b), mb(a)) for n, r, rr, c, cr, b, a in peers],
        ),
        "",
        "From the start of a process to its first response: "
        + ", ".join(f"{name} {took:.1f} ms" for name, took in processes.items())
        + ". Inside a process: "
        + ", ".join(f"{name} {took:.0f} µs" for name, took in inside.items())
        + ".",
        "",
        "<details>",
        "<summary>The cost of each step inside a process, and its growth with the number of services</summary>",
        "",
        "`cargo bench` in `benches/` prints this:",
        "",
        "```text",
        steps,
        "```",
        "",
        "</details>",
        "",
        f"The binary contains {crates()} crates and has {(ROOT / 'target/release/cuc-mock').stat().st_size:,} bytes; the static binary of the image has {size:,}.",
    ]
    measured = "\n".join(lines)
    print(measured)
    if not QUICK:
        write(measured)


def write(measured):
    """Replaces the measurements in the page."""
    begin, end = "<!-- measured -->\n", "<!-- end of the measurements -->"
    before, rest = PAGE.read_text().split(begin)
    PAGE.write_text(before + begin + measured + "\n" + end + rest.split(end)[1])


if __name__ == "__main__":
    main()
