"""The search for the binary, and `python -m cuc_mock`."""

from __future__ import annotations

import pathlib
import shutil
import subprocess
import sys
import sysconfig

import pytest
from conftest import needs_posix, program

import cuc_mock
from cuc_mock import StartError, _binary, find_binary


@pytest.fixture
def no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUC_MOCK", raising=False)


def package_in(monkeypatch: pytest.MonkeyPatch, site: pathlib.Path) -> None:
    """Pretends that the package is installed in this folder, and that the interpreter has no scripts."""
    monkeypatch.setattr(_binary, "__file__", str(site / "cuc_mock" / "_binary.py"))
    monkeypatch.setattr(sysconfig, "get_path", lambda *_: str(site / "no-scripts"))


@needs_posix
def test_the_variable_names_the_binary(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    binary = program(tmp_path / "other" / "mock")
    monkeypatch.setenv("CUC_MOCK", str(binary))
    assert find_binary() == str(binary)
    monkeypatch.setenv("CUC_MOCK", "mock")
    monkeypatch.setenv("PATH", str(binary.parent))
    assert find_binary() == str(binary)


def test_a_variable_without_a_program_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    monkeypatch.setenv("CUC_MOCK", str(tmp_path / "none"))
    with pytest.raises(StartError, match='^the variable CUC_MOCK is ".*none", expected the path of the cuc-mock binary$'):
        cuc_mock.CucMock()


@needs_posix
@pytest.mark.usefixtures("no_variable")
@pytest.mark.parametrize("site", ["lib/python3.9/site-packages", "."], ids=["a prefix", "--target"])
def test_the_binary_is_beside_the_package(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path, site: str) -> None:
    binary = program(tmp_path / "bin" / "cuc-mock")
    program(tmp_path / "path" / "cuc-mock")
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    package_in(monkeypatch, tmp_path / site)
    assert find_binary() == str(binary)


@needs_posix
@pytest.mark.usefixtures("no_variable")
def test_the_binary_is_in_the_scripts_of_the_interpreter(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    package_in(monkeypatch, tmp_path / "src")
    binary = program(tmp_path / "src" / "no-scripts" / "cuc-mock")
    assert find_binary() == str(binary)


@needs_posix
@pytest.mark.usefixtures("no_variable")
def test_the_binary_is_on_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    package_in(monkeypatch, tmp_path / "src")
    binary = program(tmp_path / "path" / "cuc-mock")
    monkeypatch.setenv("PATH", str(binary.parent))
    assert find_binary() == str(binary)


@pytest.mark.usefixtures("no_variable")
def test_a_missing_binary_is_an_error_with_the_places(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    package_in(monkeypatch, tmp_path / "src")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StartError, match="found no cuc-mock in .*no-scripts.* or on the PATH; install a wheel"):
        find_binary()


@pytest.mark.parametrize("arguments", [["--version"], ["check", "/nonexistent"]])
def test_the_package_runs_as_the_binary(arguments: list[str]) -> None:
    module = subprocess.run([sys.executable, "-m", "cuc_mock", *arguments], capture_output=True, check=False)
    binary = subprocess.run([find_binary(), *arguments], capture_output=True, check=False)
    assert (module.returncode, module.stdout, module.stderr) == (binary.returncode, binary.stdout, binary.stderr)


def test_the_package_without_a_binary_shows_the_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUC_MOCK", "/nonexistent")
    run = subprocess.run([sys.executable, "-m", "cuc_mock"], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stderr == 'the variable CUC_MOCK is "/nonexistent", expected the path of the cuc-mock binary\n'


def test_the_package_has_the_listed_names() -> None:
    assert set(cuc_mock.__all__) == set(cuc_mock._MODULES) <= set(dir(cuc_mock))
    for name in cuc_mock.__all__:
        assert getattr(cuc_mock, name).__name__ == name
    with pytest.raises(AttributeError, match="module 'cuc_mock' has no attribute 'nothing'"):
        _ = cuc_mock.nothing


def test_the_installed_binary_has_the_version_of_the_distribution() -> None:
    metadata = pytest.importorskip("importlib.metadata")
    try:
        version = metadata.version("cuc-mock")
    except metadata.PackageNotFoundError:
        pytest.skip("the package runs from its sources")
    found = shutil.which(find_binary())
    assert found
    assert subprocess.check_output([found, "--version"], text=True) == f"cuc-mock {version}\n"
