"""The examples of docs/python.md: each file is written, and each command prints the output that the page shows.

`UPDATE_PAGE=1 pytest test_page.py` replaces the output in the page.
"""

from __future__ import annotations

import difflib
import os
import pathlib
import re
import subprocess
import sys

import pytest
from conftest import needs_posix

PAGE = pathlib.Path(__file__).resolve().parents[3] / "docs" / "python.md"
FILE = re.compile(r"```(?:python|xml)\n(?:# |<!-- )(?P<name>\S+)(?: -->)?\n(?P<text>.*?)```", re.S)
CONSOLE = re.compile(r"(?<=```console\n).*?(?=```)", re.S)
# These differ between two runs.
VARIABLE = [(r"127\.0\.0\.1:\d+", "127.0.0.1:40123"), (r"\bin \d+\.\d+s", "in 0.12s"), (r"seed (was )?\d{5,}|SEED=\d{5,}", "4711")]


def stable(text: str) -> str:
    for pattern, replacement in VARIABLE:
        text = re.sub(pattern, replacement, text)
    return text


def printed(command: str, folder: pathlib.Path) -> str:
    scripts = os.path.dirname(sys.executable)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "100",
        "NO_PROXY": "127.0.0.1",
        "PYTEST_ADDOPTS": "-p no:cacheprovider",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    run = subprocess.run(
        command, shell=True, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return run.stdout.replace(f"{folder}{os.sep}", "")


@needs_posix
@pytest.mark.skipif(pytest.version_tuple < (9,), reason="the page shows the output of pytest 9")
def test_the_page_shows_the_output_of_its_examples(tmp_path: pathlib.Path) -> None:
    page = PAGE.read_text()
    files = {match["name"]: match["text"] for match in FILE.finditer(page)}
    assert len(files) == len(re.findall(r"^```(?:python|xml)$", page, re.M)), "an example has no name, or two have the same"
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    tested = " ".join(CONSOLE.findall(page))
    unused = [name for name in files if name.startswith(("test_", "walk")) and name not in tested]
    assert not unused, f"no command runs {unused}"

    def output(console: re.Match[str]) -> str:
        commands = [line for line in console[0].splitlines() if line.startswith("$ ")]
        found = "".join(f"{command}\n{printed(command[2:], tmp_path)}" for command in commands)
        return console[0] if stable(found) == stable(console[0]) else found

    found = CONSOLE.sub(output, page)
    if os.environ.get("UPDATE_PAGE"):
        PAGE.write_text(found)
    elif found != page:
        difference = difflib.unified_diff(page.splitlines(), found.splitlines(), PAGE.name, "the output", lineterm="")
        pytest.fail("\n".join(difference), pytrace=False)
