"""Starting a server."""

import json
import os
import pathlib
import re
import statistics
import subprocess
import tempfile
import time

from . import doubles
from .loads import load
from .processes import Process, stopped
from .rounds import BUILT, QUICK, ROOT, in_turns
from .servers import cuc_mock, mountebank, reference, wiremock_java
from .services import HEADERS, LIST, fixture, response, small_service

INSIDE = ("cuc-mock", "reference", "wiremock", "httpmock", "mockito", "loop")


def until_response(server, path=LIST, headers=HEADERS):
    """The time from the start of a process to its first response, in milliseconds."""
    response(server.address, "GET", path, headers=headers)
    return (time.perf_counter() - server.began) * 1000


def of_processes(captured):
    """The medians of the times from the start of a process to its first response, in milliseconds."""
    took = {}

    def measure(start):
        with tempfile.TemporaryDirectory() as folder:
            double = start(folder)
            server = double.process
            took.setdefault(server.name, []).append(until_response(server, double.list, double.headers))
            server.stop()

    for _ in range(5 if QUICK else 41):
        measure(lambda folder: doubles.own(cuc_mock()))
        measure(lambda folder: doubles.own(reference(folder, captured)))
    for _ in range(1 if QUICK else 3):
        measure(lambda folder: doubles.own(wiremock_java(folder, captured)))
        measure(lambda folder: doubles.own(mountebank(folder, captured)))
        # The objects of both are created by requests, so the first response is to a list that does not exist.
        measure(lambda folder: doubles.moto(folder, captured, is_empty=True))
        measure(lambda folder: doubles.azurite(folder, captured, is_empty=True))
        measure(lambda folder: doubles.json_server(folder, captured))
        measure(lambda folder: doubles.prism(folder, captured))
    return {name: statistics.median(times) for name, times in took.items()}


def inside():
    """The first server in a process and the hundredth: the medians of the time to the first response and of its phases, in
    microseconds. The phases are the start, the connection, and the response."""
    took = {name: ([], []) for name in INSIDE}
    for _ in range(11 if QUICK else 41):
        for name in INSIDE:
            output = subprocess.run([BUILT / "release" / "start", name], check=True, capture_output=True, text=True).stdout
            for line, times in zip(output.splitlines(), took[name]):
                phases = tuple(map(float, line.split()))
                times.append((sum(phases), *phases))
    return {name: [tuple(map(statistics.median, zip(*times))) for times in both] for name, both in took.items()}


def of_resources(folder):
    """A server of all resources beside one of two: requests per second of the list of three, CPU seconds of each,
    milliseconds until the first response, and resident bytes after it. Also the number of all resources."""
    # Each tenant would own objects of other resources.
    three = fixture(folder, 3, small_service, has_tenants=False)
    start = lambda resources: Process(resources, [BUILT / "release" / "resources", resources, three])
    took, sizes = {"two": [], "all": []}, {}
    for _ in range(5 if QUICK else 21):
        for resources, times in took.items():
            server = start(resources)
            with stopped(server):
                times.append(until_response(server))
                sizes[resources] = server.status("VmRSS")
    servers = [start(resources) for resources in took]
    with stopped(*servers):
        coverage = json.loads(response(servers[1].address, "GET", "/__mock/coverage")["body"])
        found = in_turns({server.name: lambda server=server: load(server) for server in servers})
    return {name: (*found[name][:2], statistics.median(took[name]), sizes[name]) for name in took}, len(coverage["resources"])


def static_binary():
    """The binary of the image."""
    target = subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=True).stdout
    target = re.search(r"host: (.+)", target)[1]
    # Those of the Dockerfile.
    flags = ["-Ctarget-feature=+crt-static", "-Cforce-frame-pointers", "-Clink-arg=-Wl,-z,pack-relative-relocs"]
    if target.startswith("x86_64-"):
        flags.append("-Clink-arg=-Wl,--icf=all")
    environment = {**os.environ, "RUSTFLAGS": " ".join(flags)}
    command = ["cargo", "build", "--quiet", "--locked", "--profile", "small", "--no-default-features"]
    command += ["--features", "cli,console,tls", "--target", target, "--target-dir", BUILT / "static"]
    subprocess.run(command, check=True, cwd=ROOT, env=environment)
    return pathlib.Path(BUILT / "static" / target / "small" / "cuc-mock")


def memory():
    """The size of the static binary, its memory after one GET and after many, and their number. The memory is the resident
    one and the part without the binary, of which the kernel maps more or less."""
    binary = static_binary()
    server = cuc_mock(binary=binary)
    resident = lambda: (server.status("VmRSS"), server.status("RssAnon"))
    with stopped(server):
        response(server.address, "GET", LIST)
        after_one = resident()
        count = 0
        while count < (50_000 if QUICK else 1_000_000):
            count += load(server, seconds=3)[2]
        return binary.stat().st_size, after_one, resident(), count
