"""The sections of docs/performance.md that run.py writes."""

import datetime
import importlib.util
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys

from . import work
from .loads import CONNECTIONS
from .packages import MOTO, NPM
from .rounds import HERE, MANY, MILLION, ROOT, ROUNDS, SECONDS

PAGE = ROOT / "docs" / "performance.md"


def sections():
    """The module .ci/sections.py."""
    spec = importlib.util.spec_from_file_location("sections", ROOT / ".ci" / "sections.py")
    module = importlib.util.module_from_spec(spec)
    # No compiled file beside a script of the project.
    sys.dont_write_bytecode = True
    spec.loader.exec_module(module)
    return module


SECTIONS = sections()


def mb(size):
    return f"{size / 1e6:.1f} MB"


def versions():
    """The machine, and the versions of all servers."""
    cpu = re.search(r"model name\s*:\s*(.+)", pathlib.Path("/proc/cpuinfo").read_text())[1]
    rustc = subprocess.run(["rustc", "--version"], capture_output=True, text=True).stdout.split()[1]
    lock = (HERE / "Cargo.lock").read_text()
    of = lambda crate: re.search(rf'name = "{crate}"\nversion = "([^"]+)"', lock)[1]
    found = [f"Rust {rustc}", *(f"{crate} {of(crate)}" for crate in ("axum", "hyper", "httpmock", "wiremock", "mockito"))]
    names = {"wiremock": "WireMock", "@mbtest/mountebank": "mountebank", "@stoplight/prism-cli": "Prism"}
    found += [f"{names.get(package, package)} {NPM[package]}" for package in ("wiremock", "@mbtest/mountebank")]
    if shutil.which("nginx"):
        found.append("nginx " + subprocess.run(["nginx", "-v"], capture_output=True, text=True).stderr.split("/")[1].strip())
    found += [f"moto {MOTO}", *(f"{names.get(package, package)} {NPM[package]}" for package in ("azurite", "json-server", "@stoplight/prism-cli"))]
    found.append("Node " + subprocess.run(["node", "--version"], capture_output=True, text=True).stdout.strip().lstrip("v"))
    return f"{cpu}, {os.cpu_count()} shared cores, Linux {platform.release()}; {', '.join(found)}"


def heading():
    return (
        f"Measured on {datetime.date.today()}: {versions()}. wrk, one thread, {CONNECTIONS} connections,"
        f" {ROUNDS} rounds of {SECONDS} s in turns; medians."
    )


def of_list(peers):
    """The rows for the list of three, beside each server."""
    rates = {row[0]: row for row in peers}
    ours = rates["cuc-mock"]
    rows = [("GET list of 3, 32 connections", f"{ours[2]:.2f} times the reference's rate, {ours[4]:.2f} times its CPU", "at least 0.90, at most 1.15")]
    for peer, row in rates.items():
        if peer not in ("cuc-mock", "reference"):
            goal = "at least 0.85" if peer == "nginx" else "more than 1"
            rows.append((f"the same list as {peer}", f"{ours[1] / row[1]:.2f} times its rate", goal))
    return rows


def of_https(encrypted):
    return [("the same over HTTPS", f"{encrypted[1]:.2f} times the reference's rate, {encrypted[2]:.2f} times its CPU", "at least 0.90")]


def of_writes(written):
    return [
        (
            method,
            f"{ours[2]:.2f} times the reference's GET ({ours[0]:,.0f}/s, {ours[1] * 1e6:.1f} µs of CPU);"
            f" the reference's own {method}, which does nothing, {own[2]:.2f}",
            "at least 0.55" if method == "POST" else "at least 0.70",
        )
        for method, (ours, own) in written.items()
    ]


def of_growth(found, xml, at_start, speed, extra, snapshots):
    micro = lambda name: found[name][1] * 1e6
    return [
        (f"`is` query for 3 of {MANY:,}", f"{micro('is, 3 of many') / micro('list of 3'):.2f} times the list of 3, in CPU", "at most 1.3"),
        (
            f"page 500 of {MANY:,} by 20, sorted by an indexed column",
            f"{micro('page 500 of 20, sorted') / micro('list of 20'):.2f} times the list of 20, in CPU",
            "less than 5",
        ),
        (f"list of {MANY:,}", f"{speed / 1e9:.2f} GB of body per second of one core, {mb(extra)} of additional memory", "at least 1 GB/s, less than 8 MB"),
        (
            f"snapshot and restore, {MANY:,} records",
            f"{snapshots['many']:.0f} µs of CPU for both over HTTP, {snapshots['10']:.0f} µs with 10; see below for the cost in a process",
            "the same, under 5 µs",
        ),
        (f"{MANY:,} records in memory", f"{at_start / xml:.2f} times their XML ({mb(at_start)} for {mb(xml)})", "at most 3"),
    ]


def of_small_services(size, fixture, xml):
    return [
        (
            f"{MANY:,} small services in memory",
            f"{size / fixture:.2f} times their XML in the fixture ({mb(size)}; {fixture / MANY:.0f} bytes each),"
            f" {size / xml:.2f} times their XML in the list ({xml / MANY:.0f} bytes each)",
            "at most 2.5",
        )
    ]


def of_a_million(loaded, spent, plain, size, took, without, median, largest):
    goal = "at most 5 s" if MILLION == 1_000_000 else ""
    return [
        (
            f"loading {MILLION:,} services",
            f"{loaded:.1f} s from the start of the process to the first response; {spent:.1f} s of CPU, {spent / plain:.1f} times"
            f" those of a plain pass of quick-xml over the same {mb(size)}",
            goal,
        ),
        (
            f"unindexed query over {MILLION:,}: delay of other requests",
            f"a GET of one object takes at most {median:.2f} ms during the query of {took * 1000:.0f} ms (median of the"
            f" largest of each query; {largest:.2f} ms at most), and {without:.2f} ms without",
            "under 5 ms",
        ),
    ]


def of_waiting(waited):
    return [
        (f"the same list with {count:,} waiting", f"{rate:.2f} times the rate without, {cpu:.2f} times the CPU", "at least 0.90" if count <= 100 else "")
        for count, (rate, cpu) in waited.items()
    ]


def of_processes(processes):
    ours = processes["cuc-mock"]
    return [("process start to first response", f"{ours:.1f} ms, {ours / processes['reference']:.2f} times the reference's", "at most 2")]


def of_starts(inside):
    rows = []
    for index, name in enumerate(("first", "hundredth")):
        total = {server: both[index][0] for server, both in inside.items() if server != "loop"}
        ours = total.pop("cuc-mock")
        others = ", ".join(f"{other} {time:.0f}" for other, time in total.items())
        of_reference = f"{ours / total['reference']:.2f} times the reference's"
        rows.append((f"in-process start to first response, {name} server", f"{ours:.0f} µs, {of_reference} ({others})", "less than each"))
    return rows


def table_of_phases(inside):
    """The phases of the hundredth server in a process."""
    rows = [(server, *(f"{time:.0f} µs" for time in both[1][1:])) for server, both in inside.items()]
    return SECTIONS.table(("server", "start", "connection", "response"), rows)


def of_resources(found, count):
    (rate, cpu, took, size), two = found["all"], found["two"]
    return [
        (f"all {count} resources: GET list of 3", f"{rate / two[0]:.2f} times the rate of a server of two resources, {cpu / two[1]:.2f} times its CPU", "as with two"),
        (
            f"all {count} resources: start and memory",
            f"{took:.1f} ms and {mb(size)} after one GET; with two {two[2]:.1f} ms and {mb(two[3])} (with three services and no tenant)",
            "at most 2 times the reference's start, 6 MB",
        ),
    ]


def memory(found):
    resident, own = found
    return f"{mb(resident)}, of which {mb(own)} without the binary, whose part in memory depends on the system"


def of_memory(size, after_one, after_many, count):
    return [
        ("resident after one GET, static binary", memory(after_one), "at most 5 MB"),
        (f"resident after {count:,} requests", memory(after_many), "and the journal's 8.4 MB"),
    ]


def of_compilation(compiled):
    ours = compiled["cuc-mock"]
    others = ", ".join(f"{name} {cpu:.1f} s and {crates} crates" for name, (cpu, crates) in compiled.items() if name != "cuc-mock")
    return [
        (
            "compiling a crate with one test, from nothing",
            f"{ours[0]:.1f} s of CPU and {ours[1]} crates, {ours[0] / compiled['wiremock'][0]:.2f} times wiremock's time ({others})",
            "less than wiremock",
        )
    ]


def table_of_rates(peers):
    heads = ("server", "requests/s", "of the reference's", "CPU per request", "of the reference's", "resident before", "after")
    rows = [(n, f"{r:,.0f}", f"{rr:.3f}" if rr < 0.1 else f"{rr:.2f}", f"{c:,.1f} µs", f"{cr:.2f}", mb(b), mb(a)) for n, r, rr, c, cr, b, a in peers]
    return SECTIONS.table(heads, rows)


def table_of_doubles(found):
    """The rates of the doubles: list, object, and one life of an object, which is four requests."""
    heads = ("server", "list of three", "one object", "create, read, update and delete, on one connection")
    rows = []
    for name, rates in found.items():
        cells = [f"{rate:,.0f}/s, {cpu * 1e6:,.0f} µs" for rate, cpu in rates]
        rows.append((name, *cells))
    return SECTIONS.table(heads, rows)


def table_of_work(found):
    return SECTIONS.table(("", *found), work.rows(found))


def text_of_processes(processes):
    return "From the start of a process to its first response: " + ", ".join(f"{name} {took:,.1f} ms" for name, took in processes.items()) + "."


def text_of_steps(steps):
    return "\n".join(
        (
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
        )
    )


def text_of_binaries(crates, size):
    own = (ROOT / "target" / "release" / "cuc-mock").stat().st_size
    return f"The binary contains {crates} crates and has {own:,} bytes; the static binary of the image has {size:,}."


def write(name, text):
    """Replaces a section of the page."""
    SECTIONS.replace(PAGE, name, text)
