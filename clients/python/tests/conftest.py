"""Fixtures of the tests, and the client that they test with."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Iterator

import pytest
import requests

from cuc_mock import Controls, CucMock

pytest_plugins = ["pytester"]

needs_posix = pytest.mark.skipif(os.name != "posix", reason="it needs a shell, signals or forks of POSIX")


@pytest.fixture(autouse=True)
def hidden_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hides a CI service from the runs of pytest that a test starts: it changes their output."""
    for name in ("BUILD_NUMBER", "CI"):
        monkeypatch.delenv(name, raising=False)


def program(path: pathlib.Path, script: str = "") -> pathlib.Path:
    """Writes a program for a POSIX shell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}")
    path.chmod(0o755)
    return path


class Client:
    """A client of the vendor's API that works in one space."""

    def __init__(self, controls: Controls) -> None:
        self._controls = controls
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = controls.auth
        self.session.headers["Accept"] = "application/json"

    def get(self, path: str) -> requests.Response:
        return self.session.get(f"{self._controls.url}/vmrest/{path}", timeout=30)

    def post(self, path: str, body: dict[str, object]) -> requests.Response:
        return self.session.post(f"{self._controls.url}/vmrest/{path}", json=body, timeout=30)

    def delete(self, path: str) -> requests.Response:
        return self.session.delete(f"{self._controls.url}/vmrest/{path}", timeout=30)

    def add_tenant(self, alias: str) -> str:
        """Creates a tenant, and returns its path."""
        answer = self.post("tenants", {"Alias": alias, "SmtpDomain": f"{alias}.example.com"})
        assert answer.status_code == 201, answer.text
        return answer.text

    def aliases(self) -> list[str]:
        """Returns the aliases of all tenants."""
        tenants = self.get("tenants").json()["Tenant"]
        # The API shows a list of one object as that object.
        return [tenant["Alias"] for tenant in (tenants if isinstance(tenants, list) else [tenants])]


# The tenants of the seed.
SEED = ["clientteam", "Taxoma"]


@pytest.fixture(scope="module")
def shared_mock() -> Iterator[CucMock]:
    with CucMock(seed=1) as mock:
        yield mock


@pytest.fixture
def mock(shared_mock: CucMock) -> CucMock:
    """A server in its initial state, without the plugin."""
    shared_mock.reset_all()
    return shared_mock


@pytest.fixture
def client(mock: CucMock) -> Client:
    return Client(mock)
