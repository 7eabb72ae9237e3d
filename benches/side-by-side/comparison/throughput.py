"""The rates of servers with three services."""

import contextlib
import socket

from . import doubles
from .loads import life, load, writes
from .processes import stopped
from .rounds import QUICK, in_turns
from .servers import cuc_mock, reference, same_bytes
from .services import fixture

SHORT = 1 if QUICK else 2


def of_all(folder, captured):
    """The list of three: for each server its rate and CPU time, both also relative to the reference, and its resident
    memory before and after."""
    ours = doubles.own(cuc_mock("--fixtures", fixture(folder, 3)))
    peers = [*map(doubles.own, same_bytes(folder, captured)), *doubles.started(folder, captured)]
    servers = [ours, *peers]
    with stopped(*(server.process for server in servers)):
        before = {server.process.name: server.process.resident() for server in servers}
        run = lambda server: load(server.process, server.list, headers=server.headers)
        found = in_turns({server.process.name: lambda server=server: run(server) for server in servers})
        after = {server.process.name: server.process.resident() for server in servers}
    of_reference = found["reference"]
    return [
        (name, rate, rate / of_reference[0], cpu * 1e6, cpu / of_reference[1], before[name], after[name])
        for name, (rate, cpu, _) in found.items()
    ]


def of_doubles(folder, captured):
    """The requests per second of the list, of one object, and of the life of an object, for each double. Also their
    CPU seconds per request, in the same order."""
    ours = doubles.own(cuc_mock("--fixtures", fixture(folder, 3)))
    servers = [ours, *doubles.started(folder, captured)]

    def lived(server):
        # A script of its own, whose objects do not exist yet: an interrupted life leaves its object behind.
        script = life(folder, server.process.address, server.life)
        return load(server.process, server.list, script=script, connections=1, seconds=SHORT)

    runs, found = {}, {}
    for server in servers:
        name, options = server.process.name, {"headers": server.headers, "seconds": SHORT}
        runs[name, "list"] = lambda s=server, o=options: load(s.process, s.list, **o)
        runs[name, "object"] = lambda s=server, o=options: load(s.process, s.object, **o)
        runs[name, "life"] = lambda s=server: lived(s)
    with stopped(*(server.process for server in servers)):
        measured = in_turns(runs, 1 if QUICK else 2)
    for (name, _), (rate, cpu, _) in measured.items():
        found.setdefault(name, []).append((rate, cpu))
    return found


def of_writes(folder, captured):
    """Each write beside the reference's GET, and beside the same write of the reference, which does nothing."""
    many = fixture(folder, 100_000 if QUICK else 500_000)
    rows = {}
    other = reference(folder, captured)
    with stopped(other):
        for method in ("POST", "PUT", "DELETE"):
            ours = cuc_mock("--fixtures", many if method == "DELETE" else fixture(folder, 3))
            written = lambda server: load(server, script=writes(folder, server.address, method))
            runs = {"reference": lambda: load(other), "reference's own": lambda: written(other), "ours": lambda: written(ours)}
            with stopped(ours):
                # Of the services that are deleted none is there twice: one run, without a warm-up.
                found = in_turns(runs) if method != "DELETE" else {name: run() for name, run in runs.items()}
            reference_get = found["reference"]
            rows[method] = [(*found[name][:2], found[name][0] / reference_get[0]) for name in ("ours", "reference's own")]
    return rows


def of_https(folder, captured):
    ours, other = cuc_mock("--fixtures", fixture(folder, 3)), reference(folder, captured, "tls")
    with stopped(ours, other):
        found = in_turns({s.name: lambda s=s: load(s, scheme="https") for s in (ours, other)})
    return found["cuc-mock"][0], found["cuc-mock"][0] / found["reference"][0], found["cuc-mock"][1] / found["reference"][1]


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


def of_waiting():
    """The rate and the CPU time of a GET with this number of waiters, relative to those without."""

    def measure(server, count):
        with waiters(server, count):
            return load(server)

    server = cuc_mock()
    with stopped(server):
        found = in_turns({count: lambda count=count: measure(server, count) for count in (0, 1, 100, 1000)})
    rate, cpu, _ = found.pop(0)
    return {count: (found_rate / rate, found_cpu / cpu) for count, (found_rate, found_cpu, _) in found.items()}
