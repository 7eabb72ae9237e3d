"""Fixtures for pytest: one `cuc-mock` for the whole run, reset before each test.

The binary is `cuc-mock` on the PATH, or the one that the environment variable CUC_MOCK names.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass

import pytest
import requests


def direct():
    """A client that ignores the proxy and CA settings of the environment."""
    session = requests.Session()
    session.trust_env = False
    return session


@dataclass
class CucMock:
    """A running server: its addresses, and the CA that an HTTPS client must trust."""

    http_url: str
    url: str
    ca: str

    def control(self, method, path, **how):
        """Sends a control request, such as `control("POST", "/faults", json={…})`."""
        with direct() as client:
            answer = client.request(method, f"{self.http_url}/__mock{path}", timeout=30, **how)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer

    def verify(self, **expected):
        """Fails unless the expected requests arrived. The failure lists the closest ones."""
        with direct() as client:
            answer = client.post(f"{self.http_url}/__mock/requests/verify", json=expected, timeout=60)
        if answer.status_code != 200:
            pytest.fail(answer.json()["error"], pytrace=False)


@pytest.fixture(scope="session")
def running_cuc_mock(tmp_path_factory):
    named = os.environ.get("CUC_MOCK", "cuc-mock")
    binary = shutil.which(named)
    if binary is None:
        pytest.exit(f"there is no {named}: `cargo install --path .` in cuc-mock, or set CUC_MOCK", 2)
    ca = tmp_path_factory.mktemp("cuc-mock") / "ca.pem"
    command = [binary, "serve", "--listen", "127.0.0.1:0", "--ca-out", ca, "--seed", "1", "--log", "pretty"]
    # The log goes to stderr, which pytest shows for a failed test: the requests, and the reasons for rejections.
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        # listening on http://127.0.0.1:40123 https://127.0.0.1:40123 as …
        ready = server.stdout.readline().split()
        if ready[:2] != ["listening", "on"]:
            pytest.fail(f"{binary} did not start, status {server.wait()}", pytrace=False)
        try:
            yield CucMock(http_url=ready[2], url=ready[3], ca=str(ca))
        finally:
            server.terminate()


@pytest.fixture
def cuc_mock(running_cuc_mock):
    """The server in its initial state.

    Tests of several processes (pytest-xdist) each start their own: the fixture above is made once a process.
    """
    running_cuc_mock.control("POST", "/reset")
    return running_cuc_mock


@pytest.fixture
def session(cuc_mock):
    """An authenticated client that trusts the CA, as your own would."""
    with direct() as session:
        session.auth = ("admin", "secret")
        session.verify = cuc_mock.ca
        session.headers["Accept"] = "application/json"
        yield session
