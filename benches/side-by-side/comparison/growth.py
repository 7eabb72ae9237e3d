"""The cost of many records."""

import contextlib
import http.client
import pathlib
import resource
import statistics
import subprocess
import time

from .loads import load
from .processes import TICKS, stopped
from .rounds import BUILT, MANY, MILLION, QUICK, ROUNDS, in_turns
from .servers import cuc_mock
from .services import FIRST, HEADERS, LIST, TENANT, fixture, response, small_service


def body(server, path):
    return response(server.address, "GET", path)["body"]


def whole_list(server, services):
    """The length of the complete list in bytes."""
    command = ["curl", "-s", "-H", "Authorization: Basic YTpi", "-o", "/dev/null", "-w", "%{size_download}"]
    path = f"{LIST}?rowsPerPage={services}"
    return int(subprocess.run([*command, f"http://{server.address}{path}"], check=True, capture_output=True, text=True).stdout)


def of_many(folder):
    """The cost of a server with many records, beside one with three."""
    many = cuc_mock("--fixtures", fixture(folder, MANY))
    with stopped(many):
        at_start = many.status("VmRSS")
        xml = whole_list(many, MANY)
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
            whole_list(many, MANY)
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
    request = lambda method, path: response(server.address, method, f"/__mock{path}", "")
    times, spent = 2_000, server.cpu()
    for _ in range(times):
        request("PUT", "/snapshots/one")
        request("POST", "/snapshots/one/restore")
    return (server.cpu() - spent) / times * 1e6


def of_small_services(folder):
    """The memory of small services, the bytes of their XML in the fixture, and the bytes of their list."""
    empty = cuc_mock("--fixtures", fixture(folder, 0, small_service))
    with stopped(empty):
        empty_size = empty.status("VmRSS")
    path = fixture(folder, MANY, small_service)
    server = cuc_mock("--fixtures", path)
    with stopped(server):
        return server.status("VmRSS") - empty_size, path.stat().st_size, whole_list(server, MANY)


def delays(client, seconds, meanwhile=None):
    """The largest latency of a GET of one object in milliseconds, for this time or while a process runs."""
    largest, end = 0, time.perf_counter() + seconds
    while (meanwhile.poll() is None) if meanwhile else (time.perf_counter() < end):
        began = time.perf_counter()
        client.request("GET", f"{LIST}/{FIRST}", headers=HEADERS)
        client.getresponse().read()
        largest = max(largest, (time.perf_counter() - began) * 1000)
    return largest


def plain_pass(path):
    """CPU seconds of a plain pass of quick-xml over a file."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([BUILT / "release" / "pass", path], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def of_a_million(folder):
    """Loading a million services: the seconds until the first response, the CPU seconds until then and those of a plain
    pass of quick-xml, and the bytes of the fixture. Then an unindexed query: its seconds, and the largest latencies of
    other requests in milliseconds, without and with it."""
    path = fixture(folder, MILLION)
    plain = plain_pass(path)
    server = cuc_mock("--fixtures", path)
    with stopped(server):
        response(server.address, "GET", f"{LIST}/{FIRST}")
        loaded, spent = time.perf_counter() - server.began, server.cpu()
        query = f"http://{server.address}{LIST}?query=(ServiceAlias%20is%20operator1)"
        command = ["curl", "-s", "-o", "/dev/null", "-w", "%{time_total}", "-H", "Authorization: Basic YTpi", query]
        took, without, largest = [], [], []
        with contextlib.closing(http.client.HTTPConnection(server.address)) as client:
            client.request("GET", f"{LIST}/{FIRST}", headers=HEADERS)
            client.getresponse().read()
            for _ in range(5 if QUICK else 11):
                running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
                largest.append(delays(client, 0, running))
                took.append(float(running.stdout.read()))
                without.append(delays(client, took[-1]))
    size = path.stat().st_size
    path.unlink()
    median = statistics.median
    return loaded, spent, plain, size, median(took), median(without), median(largest), max(largest)
