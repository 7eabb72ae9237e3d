#!/usr/bin/env python3
"""Compares cuc-mock with a reference server and with peers, and writes docs/performance.md.

    benches/side-by-side/run.py               needs wrk, nginx, curl, openssl, Java and npm; about twenty minutes
    benches/side-by-side/run.py --quick       fewer and shorter rounds, about seven minutes; writes nothing
    benches/side-by-side/run.py PART...       these parts alone; writes nothing
    benches/side-by-side/run.py --list        the parts

All servers run on this machine, on loopback, in turns: cuc-mock, the reference (reference.rs, the leanest axum server
that returns the same bytes and headers from memory), the peers, each with the responses of cuc-mock, and the doubles of
other APIs with their nearest equivalent. The figures of a busy machine differ from run to run, but the ratios are
stable. A short run leaves out nginx if it is missing.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

sys.dont_write_bytecode = True

from comparison import compilation, growth, page, servers, services, starts, throughput, work
from comparison.processes import stopped
from comparison.rounds import BUILT, HERE, QUICK, ROOT

TOOLS = ("wrk", "nginx", "java", "npm", "curl", "openssl")


def benchmarks():
    """The cost of each step inside a process, and its growth, as the benchmarks print it."""
    environment = {**os.environ, "MAX_RECORDS": "1000" if QUICK else "1000000", "DIVAN_MAX_TIME": "0.2" if QUICK else "2"}
    command = ["cargo", "bench", "--quiet", "--locked", "--bench", "engine"]
    output = subprocess.run(command, check=True, cwd=ROOT / "benches", env=environment, capture_output=True, text=True).stdout
    return "\n".join(line.rstrip() for line in output.strip().splitlines())


class Part(NamedTuple):
    """The results of a part: rows of the table of goals, and texts for one of the page's other places."""

    rows: list = []
    texts: dict = {}


def of_list(folder, captured):
    peers = throughput.of_all(folder, captured)
    return Part(page.of_list(peers), {"rates": page.table_of_rates(peers)})


def of_starts(folder, captured):
    processes = starts.of_processes(captured)
    inside = starts.inside()
    rows = page.of_processes(processes) + page.of_starts(inside)
    return Part(rows, {"starts": page.text_of_processes(processes), "phases": page.table_of_phases(inside)})


def of_memory(folder, captured):
    measured = starts.memory()
    rows = [*page.of_memory(*measured), ("crates in the library build", compilation.crates(ROOT, "--edges", "normal", "--locked", "--no-default-features"), "at most 65")]
    return Part(rows, {"binaries": page.text_of_binaries(compilation.crates(ROOT, "--edges", "normal", "--locked"), measured[0])})


PARTS = {
    "list": of_list,
    "https": lambda *of: Part(page.of_https(throughput.of_https(*of))),
    "writes": lambda *of: Part(page.of_writes(throughput.of_writes(*of))),
    "growth": lambda folder, _: Part(page.of_growth(*growth.of_many(folder))),
    "small-services": lambda folder, _: Part(page.of_small_services(*growth.of_small_services(folder))),
    "million": lambda folder, _: Part(page.of_a_million(*growth.of_a_million(folder))),
    "waiting": lambda *_: Part(page.of_waiting(throughput.of_waiting())),
    "starts": of_starts,
    "resources": lambda folder, _: Part(page.of_resources(*starts.of_resources(folder))),
    "memory": of_memory,
    "compilation": lambda *_: Part(page.of_compilation(compilation.of_users())),
    "doubles": lambda *of: Part(texts={"doubles": page.table_of_doubles(throughput.of_doubles(*of))}),
    "work": lambda *of: Part(texts={"work": page.table_of_work(work.work(*of))}),
    "steps": lambda *_: Part(texts={"steps": page.text_of_steps(benchmarks())}),
}


def check_tools():
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing and not (QUICK and missing == ["nginx"]):
        sys.exit(f"{', '.join(missing)} missing: apt-get install wrk nginx-light curl openssl default-jre-headless npm")


def build():
    subprocess.run(["cargo", "build", "--quiet", "--locked", "--release"], check=True, cwd=ROOT)
    # In this folder, whose configuration of cargo compiles the hooks of the benchmarks.
    command = ["cargo", "build", "--quiet", "--locked", "--release", "--target-dir", BUILT]
    subprocess.run(command, check=True, cwd=HERE)


def measured(names):
    """The results of these parts."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        ours = servers.cuc_mock("--fixtures", services.fixture(folder, 3))
        with stopped(ours):
            captured = services.captured(ours.address)
        for name in names:
            began = time.monotonic()
            with tempfile.TemporaryDirectory() as own:
                found[name] = PARTS[name](own, captured)
            print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    return found


def sections(found):
    """The texts of the page's sections."""
    texts = {name: text for part in found.values() for name, text in part.texts.items()}
    rows = [row for part in found.values() for row in part.rows]
    measurements = [page.heading()]
    if rows:
        measurements.append(page.SECTIONS.table(("subject", "measured", "goal"), rows))
    measurements += [texts[name] for name in ("steps", "binaries") if name in texts]
    introductions = {
        "rates": "The same list of three services from each server. The list of moto and azurite has the names, sizes and"
        " dates of three objects with the XML of the services, and json-server has the services in JSON:",
        "phases": "The hundredth server in a process. The loop is a task of tokio without HTTP, which accepts the connection"
        " and writes a fixed response:",
        "doubles": "The doubles of APIs, at more of the same work: requests per second, and CPU time of each. A client"
        " creates an object, reads, changes and deletes it, and repeats this with the next one:",
        "work": "The work that each double does, found out by requests:",
    }
    peers = []
    for name in ("rates", "starts", "phases", "doubles", "work"):
        if name in texts:
            peers += [introductions[name]] if name in introductions else []
            peers.append(texts[name])
    if "work" in texts:
        peers.append("\n".join(work.NOTES))
    return {"measurements": "\n\n".join(measurements), "peers": "\n\n".join(peers)}


def main():
    names = [word for word in sys.argv[1:] if not word.startswith("--")]
    if "--list" in sys.argv:
        print("\n".join(PARTS))
        return
    if unknown := set(names) - set(PARTS):
        sys.exit(f"no part {', '.join(sorted(unknown))}; --list shows the parts")
    check_tools()
    build()
    is_whole = not names
    found = measured(names or PARTS)
    for name, text in sections(found).items():
        print(f"\n{text}")
        if is_whole and not QUICK:
            page.write(name, text)


if __name__ == "__main__":
    main()
