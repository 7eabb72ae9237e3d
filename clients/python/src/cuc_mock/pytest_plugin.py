"""The pytest plugin: the fixtures `cuc_mock` and `cuc_mock_factory`, and the mark `cuc_mock`."""

from __future__ import annotations

import pathlib
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any, Callable

import pytest

if TYPE_CHECKING:
    from ._mock import CucMock

_MARK = "cuc_mock"
# The options whose values are paths.
_PATHS = ("fixtures", "resources")
# The servers of a test, for its report.
_SERVERS = pytest.StashKey["list[CucMock]"]()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        f"{_MARK}(release=…, fixtures=…, seed=…, …): the options of `cuc_mock.CucMock` for the fixture cuc_mock; "
        "paths are relative to the folder of the test's file",
    )


@pytest.fixture(scope="session")
def cuc_mock_options() -> dict[str, Any]:
    """The options of all servers of the fixture `cuc_mock`. Override it in a `conftest.py`.

    Paths are relative to the rootdir of pytest.
    """
    return {}


@pytest.fixture(scope="session")
def _cuc_mock_servers() -> Iterator[dict[str, CucMock]]:
    """The servers of this session, or of this worker of pytest-xdist, by their options."""
    servers: dict[str, CucMock] = {}
    yield servers
    for server in servers.values():
        server.close()


@pytest.fixture
def cuc_mock(
    request: pytest.FixtureRequest, cuc_mock_options: dict[str, Any], _cuc_mock_servers: dict[str, CucMock]
) -> CucMock:
    """A server in its initial state. Tests whose marks have the same options share one in each worker."""
    options = {**_located(cuc_mock_options, request.config.rootpath), **_marked_options(request.node)}
    key = repr(sorted(options.items()))
    mock = _cuc_mock_servers.get(key)
    if mock is None or not mock.is_running:
        mock = _cuc_mock_servers[key] = _start(options)
    mock.reset_all()
    _note(request.node, mock)
    return mock


@pytest.fixture
def cuc_mock_factory(request: pytest.FixtureRequest) -> Iterator[Callable[..., CucMock]]:
    """Starts further servers: `cuc_mock_factory(release="12.5")`. They stop at the end of the test.

    Paths are relative to the folder of the test's file.
    """
    started: list[CucMock] = []

    def start(**options: Any) -> CucMock:
        mock = _start(_located(options, request.node.path.parent))
        started.append(mock)
        _note(request.node, mock)
        return mock

    yield start
    for mock in started:
        mock.close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    outcome = yield
    if _SERVERS not in item.stash:
        return
    report = outcome.get_result()
    if report.failed:
        for mock in item.stash[_SERVERS]:
            _add_section(report, f"cuc-mock at {mock.url}", _description(mock))
        # The report of a failed teardown does not repeat them.
        del item.stash[_SERVERS]


def _add_section(report: pytest.TestReport, title: str, text: str) -> None:
    """Adds a section to the error, which JUnit XML contains and no option hides, or to a report without a traceback."""
    add = getattr(report.longrepr, "addsection", None)
    if add is not None:
        add(title, text)
    else:
        report.sections.append((title, text))


def _start(options: dict[str, Any]) -> CucMock:
    from ._mock import CucMock

    __tracebackhide__ = True
    known = CucMock.__init__.__kwdefaults__ or {}
    for option in options:
        if option not in known:
            raise pytest.UsageError(f'CucMock has no option "{option}", expected {", ".join(known)}')
    return CucMock(**options)


def _marked_options(node: pytest.Item) -> dict[str, Any]:
    """Returns the options of all marks of a test; the closest mark wins."""
    options: dict[str, Any] = {}
    for mark in reversed(list(node.iter_markers(_MARK))):
        if mark.args:
            raise pytest.UsageError(f"{node.nodeid}: the mark {_MARK} takes options by name, such as release='12.5'")
        options.update(mark.kwargs)
    return _located(options, node.path.parent)


def _located(options: dict[str, Any], folder: pathlib.Path) -> dict[str, Any]:
    """Returns the options with paths relative to this folder as absolute ones."""
    return {option: _absolute(value, folder) if option in _PATHS else value for option, value in options.items()}


def _absolute(paths: Any, folder: pathlib.Path) -> list[str]:
    from ._mock import path_list

    return [str(folder / path) for path in path_list(paths)]


def _note(node: pytest.Item, mock: CucMock) -> None:
    node.stash.setdefault(_SERVERS, []).append(mock)


def _description(mock: CucMock) -> str:
    from ._errors import CucMockError

    try:
        return mock.describe_journal()
    except CucMockError as error:
        return str(error)
