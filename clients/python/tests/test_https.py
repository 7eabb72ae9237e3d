"""HTTPS, with the clients of the standard library and with requests."""

from __future__ import annotations

import base64
import pathlib
import urllib.request

import pytest
import requests
from conftest import SEED

from cuc_mock import CucMock


def test_requests_trusts_the_file_of_the_ca(mock: CucMock) -> None:
    with requests.Session() as session:
        session.trust_env = False
        session.auth, session.verify = mock.auth, mock.ca_file
        session.headers["Accept"] = "application/json"
        tenants = f"{mock.https_url}/vmrest/tenants"
        assert [tenant["Alias"] for tenant in session.get(tenants, timeout=30).json()["Tenant"]] == SEED
        created = session.post(tenants, json={"Alias": "acme", "SmtpDomain": "acme.example.com"}, timeout=30)
        assert created.headers["Location"] == mock.https_url + created.text
        # The cookies alone authenticate while the session lives.
        session.auth = None
        assert session.get(created.headers["Location"], timeout=30).status_code == 200
        assert requests.get(tenants, verify=mock.ca_file, timeout=30).status_code == 401


def test_another_ca_is_not_trusted(mock: CucMock) -> None:
    with requests.Session() as session:
        session.trust_env = False
        with pytest.raises(requests.exceptions.SSLError):
            session.get(f"{mock.https_url}/vmrest/tenants", timeout=30)


def test_urllib_trusts_the_context(mock: CucMock) -> None:
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=mock.ssl_context())
    )
    credentials = base64.b64encode(":".join(mock.auth).encode()).decode()
    request = urllib.request.Request(f"{mock.https_url}/vmrest/tenants", headers={"Authorization": f"Basic {credentials}"})
    with opener.open(request, timeout=30) as answer:
        assert '<Tenants total="2">' in answer.read().decode()


def test_the_file_of_the_ca_exists_while_the_server_runs() -> None:
    with CucMock() as mock:
        file = pathlib.Path(mock.ca_file)
        assert file.read_text() == mock.ca_pem
        assert mock.ca_file == str(file)
    assert not file.exists()
