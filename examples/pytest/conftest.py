"""Fixtures for pytest: one `cuc-mock` for the whole run, as it was at the start for each test.

The binary is `cuc-mock` on the PATH, or the one that the environment variable CUC_MOCK names.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass

import pytest
import requests


def direct():
    """A client that no proxy and no other CA of the environment gets between."""
    session = requests.Session()
    session.trust_env = False
    return session


@dataclass
class CucMock:
    """A running server: where it is, and what a client has to trust to reach it over HTTPS."""

    http_url: str
    url: str
    ca: str

    def control(self, method, path, **how):
        """Asks the control plane, such as `control("POST", "/faults", json={…})`."""
        with direct() as client:
            answer = client.request(method, f"{self.http_url}/__mock{path}", timeout=30, **how)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer

    def verify(self, **expected):
        """Fails unless the requests arrived that are expected; the failure says what came instead."""
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
    # Its log goes to stderr, which pytest shows with the test that fails: what was asked, and why it was refused.
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
    """The server, as it was at the start.

    Tests of several processes (pytest-xdist) each start their own: the fixture above is made once a process.
    """
    running_cuc_mock.control("POST", "/reset")
    return running_cuc_mock


@pytest.fixture
def session(cuc_mock):
    """A client that signs in and trusts the CA, as your own would."""
    with direct() as session:
        session.auth = ("admin", "secret")
        session.verify = cuc_mock.ca
        session.headers["Accept"] = "application/json"
        yield session
