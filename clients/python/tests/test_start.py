"""The start and the end of a server."""

from __future__ import annotations

import gc
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import threading
from datetime import datetime, timezone

import pytest
import requests
from conftest import SEED, Client, needs_posix, program

from cuc_mock import ControlError, CucMock, CucMockError, StartError, _process

ACME = """\
<Tenants><Tenant>
  <ObjectId>8f2b3c1d-0d4e-4f5a-9b6c-7d8e9f0a1b2c</ObjectId><Alias>acme</Alias><SmtpDomain>acme.example.com</SmtpDomain>
</Tenant></Tenants>
"""
PAGERS = """\
<Pagers><Pager>
  <URI>/vmrest/pagers/8f2b3c1d-0d4e-4f5a-9b6c-7d8e9f0a1b2c</URI>
  <ObjectId>8f2b3c1d-0d4e-4f5a-9b6c-7d8e9f0a1b2c</ObjectId><Name>one</Name>
</Pager></Pagers>
"""


def is_open(mock: CucMock) -> bool:
    """True if a client can connect to the server."""
    host, port = mock.url.removeprefix("http://").split(":")
    with socket.socket() as client:
        return client.connect_ex((host, int(port))) == 0


def run(code: str, *, stdin: int | None = None) -> subprocess.Popen[str]:
    """Runs Python code in a process of its own."""
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(code)]
    return subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE, text=True)


def test_a_server_is_ready_until_the_end_of_the_block() -> None:
    with CucMock() as mock:
        assert mock.url.startswith("http://127.0.0.1:")
        assert mock.https_url == mock.url.replace("http:", "https:")
        assert Client(mock).aliases() == SEED
        assert repr(mock) == f"<CucMock {mock.url}>"
        assert mock.is_running
    assert not mock.is_running
    assert not is_open(mock)
    assert repr(mock) == f"<CucMock {mock.url}, stopped>"


def test_close_may_be_called_twice() -> None:
    mock = CucMock()
    assert is_open(mock)
    mock.close()
    mock.close()
    assert not is_open(mock)


def test_two_servers_have_different_ports_and_records() -> None:
    with CucMock() as one, CucMock() as other:
        Client(one).add_tenant("acme")
        assert one.url != other.url
        assert Client(other).aliases() == SEED


def test_an_unused_server_stops() -> None:
    mock = CucMock()
    process = mock._server.process
    del mock
    gc.collect()
    assert not process.is_running()


def test_a_space_keeps_its_server_running() -> None:
    space = CucMock().space("a")
    gc.collect()
    assert Client(space).aliases() == SEED
    process = space._server.process
    del space
    gc.collect()
    assert not process.is_running()


def test_options_reach_the_server(tmp_path: pathlib.Path) -> None:
    (tmp_path / "acme.xml").write_text(ACME)
    with CucMock(
        release="12.5",
        fixtures=tmp_path / "acme.xml",
        seed=7,
        users={"alice": "wonderland"},
        clock=datetime(2026, 1, 31, 12, tzinfo=timezone.utc),
        args=["--journal", "5"],
    ) as mock:
        assert (mock.release, mock.seed) == ("12.5", 7)
        assert mock.auth == ("alice", "wonderland")
        assert mock.clock.mode == "frozen"
        client = Client(mock)
        assert client.aliases() == ["acme"]
        for _ in range(9):
            client.get("tenants")
        assert len(mock.requests()) == 5
        client.session.auth = ("alice", "looking-glass")
        client.session.cookies.clear()
        assert client.get("tenants").status_code == 401


def test_fixtures_may_be_several_files(tmp_path: pathlib.Path) -> None:
    (tmp_path / "one.xml").write_text(ACME)
    other = ACME.replace("acme", "umbrella").replace("8f2b3c1d", "8f2b3c1e")
    (tmp_path / "two.xml").write_text(other)
    with CucMock(fixtures=[tmp_path / "one.xml", str(tmp_path / "two.xml")]) as mock:
        assert Client(mock).aliases() == ["acme", "umbrella"]


def test_resources_describe_further_objects(tmp_path: pathlib.Path) -> None:
    (tmp_path / "pagers.xml").write_text(PAGERS)
    with CucMock(resources=tmp_path) as mock:
        assert Client(mock).get("pagers").json()["Pager"]["Name"] == "one"


def test_a_seed_repeats_the_ids() -> None:
    paths = set()
    for _ in range(2):
        with CucMock(seed=42) as mock:
            paths.add(Client(mock).add_tenant("acme"))
    assert len(paths) == 1


def test_only_the_seed_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUC_MOCK_SEED", "4711")
    monkeypatch.setenv("CUC_MOCK_CUC_VERSION", "14")
    monkeypatch.setenv("CUC_MOCK_CONTROL_TOKEN", "secret")
    with CucMock() as mock:
        assert (mock.seed, mock.release) == (4711, "10.5")
        mock.reset()
    with CucMock(seed=7, env={"CUC_MOCK_CUC_VERSION": "14"}) as mock:
        assert (mock.seed, mock.release) == (7, "14")


def test_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with CucMock() as mock:
        mock.reset()


def test_the_log_shows_requests_and_reasons() -> None:
    with CucMock() as mock:
        Client(mock).post("tenants", {"Alias": "acme"})
    assert "POST   400" in mock.log
    assert "SmtpDomain" in mock.log


def test_the_log_can_be_off() -> None:
    with CucMock(log="off") as mock:
        Client(mock).get("tenants")
    assert mock.log == ""


def test_a_server_leaves_no_thread_and_no_file_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    threads = threading.enumerate()
    with CucMock() as mock:
        assert threading.enumerate() == threads
        assert pathlib.Path(mock.ca_file).parent == tmp_path
        Client(mock).get("tenants")
    assert list(tmp_path.iterdir()) == []


def test_the_log_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_process, "_MAX_LOG_BYTES", 100)
    with CucMock() as mock:
        for _ in range(3):
            Client(mock).get("tenants")
        assert len(mock.log) == 100


@needs_posix
def test_a_reset_empties_a_long_log(monkeypatch: pytest.MonkeyPatch) -> None:
    with CucMock() as mock:
        Client(mock).get("before")
        mock.reset_all()
        assert "/vmrest/before" in mock.log
        monkeypatch.setattr(_process, "_MAX_LOG_BYTES", 20)
        mock.reset_all()
        monkeypatch.undo()
        Client(mock).get("after")
        assert "/vmrest/before" not in mock.log
        assert "/vmrest/after" in mock.log
        assert "\0" not in mock.log


@pytest.mark.parametrize(
    ("args", "env"),
    [
        (["--control-token", "secret"], {}),
        (["--journal", "5", "--control-token=secret"], {"CUC_MOCK_CONTROL_TOKEN": "other"}),
        ([], {"CUC_MOCK_CONTROL_TOKEN": "secret"}),
    ],
)
def test_the_controls_send_the_control_token(args: list[str], env: dict[str, str]) -> None:
    with CucMock(args=args, env=env) as mock:
        assert requests.get(f"{mock.url}/__mock/clock", timeout=30).status_code == 401
        mock.clock.freeze()
        assert mock.clock.mode == "frozen"
        assert "CERTIFICATE" in mock.ca_pem


def test_a_closed_server_is_a_clear_error() -> None:
    with CucMock() as mock:
        space = mock.space("a")
        file = mock.ca_file
    for use in (mock.reset_all, mock.clock.now, mock.state, space.requests, lambda: mock.ca_file):
        with pytest.raises(CucMockError, match="^the server was closed$"):
            use()
    assert not pathlib.Path(file).exists()


def test_a_failed_start_shows_the_error_of_the_server(tmp_path: pathlib.Path) -> None:
    (tmp_path / "bad.xml").write_text("<Tenants><Tenant><Alias>acme</Alias></Tenant></Tenants>")
    with pytest.raises(StartError) as failure:
        CucMock(fixtures=tmp_path)
    assert "did not start: it ended with status 2:\n" in str(failure.value)
    assert "bad.xml:1:10: ObjectId is missing, expected a value, it is mandatory" in str(failure.value)


def test_an_error_shows_the_absolute_path(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StartError) as failure:
        CucMock(fixtures="none.xml")
    assert f"{tmp_path / 'none.xml'}: cannot be read" in str(failure.value)


def test_the_log_of_a_failed_start_is_closed_before_it_is_deleted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    opened: list[int] = []
    delete = _process.Process._delete_log

    def start(command: object, env: object, log: int) -> None:
        opened.append(log)
        raise PermissionError(13, "Permission denied")

    def check(process: _process.Process) -> None:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(opened[0])
        delete(process)
        opened.clear()

    monkeypatch.setattr(_process, "_start", start)
    monkeypatch.setattr(_process.Process, "_delete_log", check)
    with pytest.raises(StartError, match="cannot be run: Permission denied"):
        CucMock()
    assert opened == []
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_option_is_an_error() -> None:
    with pytest.raises(StartError, match="unexpected argument '--bogus' found"):
        CucMock(args=["--bogus"])


@needs_posix
def test_a_start_without_a_first_line_times_out(tmp_path: pathlib.Path) -> None:
    silent = program(tmp_path / "silent", "echo is starting >&2\nexec cat\n")
    with pytest.raises(StartError, match="silent did not start within 0.2 seconds"):
        CucMock(binary=silent, start_timeout=0.2)


@needs_posix
def test_an_unexpected_first_line_is_an_error(tmp_path: pathlib.Path) -> None:
    other = program(tmp_path / "other", "echo listening on port 80\nexec cat >/dev/null\n")
    with pytest.raises(StartError, match="the first line of the server is 'listening on port 80', expected"):
        CucMock(binary=other)


@needs_posix
def test_another_first_line_is_an_error(tmp_path: pathlib.Path) -> None:
    other = program(tmp_path / "other", "echo hello\necho for a reason >&2\nexec cat >/dev/null\n")
    with pytest.raises(StartError, match="other did not start: it ended with status 0:\nfor a reason$"):
        CucMock(binary=other)


def test_a_file_that_is_no_program_is_an_error(tmp_path: pathlib.Path) -> None:
    with pytest.raises(StartError, match=r"cannot be run: .* denied"):
        CucMock(binary=tmp_path)


@needs_posix
def test_a_control_request_to_a_stopped_server_shows_its_end() -> None:
    mock = CucMock()
    os.kill(mock.pid, signal.SIGKILL)
    mock._server.process._process.wait()
    with pytest.raises(CucMockError, match=r"the server did not respond to GET /__mock/requests .*: signal 9 ended it"):
        mock.requests()
    mock.close()


def test_a_held_request_does_not_delay_the_end() -> None:
    mock = CucMock()
    fault = mock.fault("no_answer")
    host, port = mock.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as client:
        client.sendall(b"GET /vmrest/tenants HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic YTpi\r\n\r\n")
        assert mock.requests(wait=30) == [] or fault.hits
        mock.close()
        assert client.recv(1) == b""


def test_the_server_ends_with_the_interpreter() -> None:
    code = """
        from cuc_mock import CucMock
        mock = CucMock()
        print(mock.url, mock.ca_file)
    """
    with run(code) as child:
        assert child.stdout
        url, ca_file = child.stdout.readline().split()
    assert child.returncode == 0
    with socket.socket() as client:
        assert client.connect_ex(("127.0.0.1", int(url.rsplit(":", 1)[1]))) != 0
    assert not pathlib.Path(ca_file).exists()


@needs_posix
def test_a_fork_does_not_stop_the_server() -> None:
    code = """
        import os, sys
        from cuc_mock import CucMock
        mock = CucMock()
        if os.fork() == 0:
            mock.reset()
            print(mock.is_running, mock, flush=True)
            mock.close()
            sys.exit()
        assert os.wait()[1] == 0
        mock.reset()
        print(mock.is_running, mock)
    """
    with run(code) as child:
        in_fork, in_parent = child.communicate()[0].splitlines()
    assert in_fork == in_parent
    assert in_fork.startswith("True <CucMock http://127.0.0.1:")


@needs_posix
def test_a_fork_claims_no_exit_status() -> None:
    code = """
        import os, sys
        from cuc_mock import CucMock, CucMockError
        mock = CucMock(log="off")
        wait, go = os.pipe()
        if os.fork() == 0:
            os.read(wait, 1)
            try:
                mock.reset()
            except CucMockError as error:
                print(mock.is_running, str(error).rpartition(": ")[2])
            sys.exit()
        mock.close()
        os.write(go, b".")
        os.wait()
    """
    with run(code) as child:
        assert child.communicate()[0] == "False it has ended\n"


@pytest.mark.parametrize("fork", ["", pytest.param("os.fork()", marks=needs_posix)], ids=["alone", "with a fork"])
def test_a_killed_parent_leaves_no_server_behind(fork: str) -> None:
    code = f"""
        import os, sys
        from cuc_mock import CucMock
        mock = CucMock()
        parent = os.getpid()
        {fork}
        if os.getpid() == parent:
            print(mock.url, flush=True)
        sys.stdin.read()
    """
    with run(code, stdin=subprocess.PIPE) as child:
        assert child.stdout
        host, port = child.stdout.readline().strip().removeprefix("http://").split(":")
        # Only the server has the other end of the connection.
        with socket.create_connection((host, int(port)), timeout=10) as client:
            client.sendall(b"GET /__mock/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert client.recv(1 << 16).startswith(b"HTTP/1.1 200")
            child.kill()
            assert child.wait() != 0
            assert has_ended(client)


def has_ended(client: socket.socket) -> bool:
    """Waits until the server closes this connection; an error if it does not in time."""
    try:
        return client.recv(1) == b""
    except ConnectionResetError:
        return True


def test_errors_of_the_control_plane_have_its_explanation(mock: CucMock) -> None:
    with pytest.raises(ControlError, match='^there is no snapshot "full", expected one of GET /__mock/snapshots$') as error:
        mock.restore("full")
    assert error.value.status == 404


def test_every_operation_can_be_sent(mock: CucMock) -> None:
    assert mock.control("GET", "/health")["status"] == "up"
    assert mock.control("PUT", "/clock", {"mode": "frozen"}, query={"space": "default"}) is None
    assert mock.clock.mode == "frozen"
    assert "cuc_mock_build_info" in mock.metrics()
