"""Talks to cuc-mock over HTTPS with `requests`, trusting its CA.

    pip install -r requirements.txt
    CUC_MOCK=target/release/cuc-mock python walk.py
"""

import contextlib
import os
import pathlib
import subprocess
import tempfile

import requests


@contextlib.contextmanager
def cuc_mock(*options):
    """Runs a server on a free port. Yields its HTTPS URL and the file of its CA."""
    binary = os.environ.get("CUC_MOCK", "cuc-mock")
    with tempfile.TemporaryDirectory() as folder:
        ca = pathlib.Path(folder, "ca.pem")
        command = [binary, "--listen", "127.0.0.1:0", "--ca-out", ca, "--log", "off", *options]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                # listening on http://127.0.0.1:40123 https://127.0.0.1:40123 …
                yield server.stdout.readline().split()[3], ca
            finally:
                server.terminate()


def walk(url, ca):
    session = requests.Session()
    session.auth = ("admin", "secret")
    session.verify = str(ca)
    # Otherwise REQUESTS_CA_BUNDLE would take precedence over `verify`.
    session.trust_env = False

    version = session.get(f"{url}/vmrest/version", headers={"Accept": "application/json"})
    version.raise_for_status()
    print("version", version.json()["version"])

    services = f"{url}/vmrest/externalservices"
    created = session.post(
        services,
        json={
            "DisplayName": "From Python",
            "ServiceAlias": "admin",
            "ServicePassword": "secret",
            "ServerType": 1,
            "Server": "meetingplace.example.com",
            "TransferExtensionDialString": "111",
        },
    )
    assert created.status_code == 201, created.text
    one = created.headers["Location"]
    assert one == url + created.text, one

    query = {"query": "(DisplayName is From Python)"}
    found = session.get(services, params=query, headers={"Accept": "application/json"}).json()
    assert found["@total"] == "1", found
    assert found["ExternalService"]["Server"] == "meetingplace.example.com", found

    assert session.put(one, json={"IsEnabled": False}).status_code == 204
    read = session.get(one, headers={"Accept": "application/json"}).json()
    assert read["IsEnabled"] == "false" and read["ServicePassword"] == "", read

    assert session.delete(one).status_code == 204
    assert session.get(one).status_code == 404

    tenants = session.get(f"{url}/vmrest/tenants")
    assert tenants.headers["Content-Type"] == "application/xml;charset=UTF-8"
    assert '<Tenants total="2">' in tenants.text

    # The cookies alone authenticate while the session lives.
    session.auth = None
    assert session.get(f"{url}/vmrest/tenants").status_code == 200
    assert requests.get(f"{url}/vmrest/tenants", verify=str(ca)).status_code == 401


if __name__ == "__main__":
    with cuc_mock() as (url, ca):
        walk(url, ca)
        print("all went as it should, at", url)
