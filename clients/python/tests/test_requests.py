"""The journal and verification."""

from __future__ import annotations

import threading

import pytest
from conftest import Client

from cuc_mock import ControlError, CucMock, VerificationError


def test_requests_are_listed_in_their_order(mock: CucMock, client: Client) -> None:
    client.get("tenants")
    client.post("tenants", {"Alias": "acme"})
    first, second = mock.requests()
    assert (first["number"], first["method"], first["path"]) == (1, "GET", "/vmrest/tenants")
    assert second["answer"] is not None and second["answer"]["status"] == 400
    assert second["reason"] is not None and second["reason"]["field"] == "SmtpDomain"


def test_requests_can_be_selected(mock: CucMock, client: Client) -> None:
    client.get("tenants")
    client.add_tenant("acme")
    client.get("coses")
    assert [request["number"] for request in mock.requests("GET")] == [1, 3]
    assert [request["number"] for request in mock.requests(path="tenants")] == [1, 2]
    assert [request["number"] for request in mock.requests(status=201)] == [2]
    assert [request["number"] for request in mock.requests(since=1)] == [2, 3]
    assert [request["number"] for request in mock.requests(limit=1)] == [1]
    assert mock.requests(provenance="captured") == []


def test_a_request_can_be_awaited(mock: CucMock, client: Client) -> None:
    sender = threading.Thread(target=client.get, args=("tenants",))
    sender.start()
    assert [request["path"] for request in mock.requests("GET", wait=30)] == ["/vmrest/tenants"]
    sender.join()


def test_secrets_are_shown_on_request_only(mock: CucMock, client: Client) -> None:
    client.get("tenants")
    headers = {header["name"]: header["value"] for header in mock.requests()[0]["headers"]}
    assert headers["authorization"] == "Basic [redacted]"
    headers = {header["name"]: header["value"] for header in mock.requests(secrets=True)[0]["headers"]}
    assert headers["authorization"] == "Basic YWRtaW46c2VjcmV0"


def test_the_journal_can_be_emptied(mock: CucMock, client: Client) -> None:
    client.get("tenants")
    mock.clear_requests()
    assert mock.requests() == []


def test_a_successful_verification_returns_the_number_of_requests(mock: CucMock, client: Client) -> None:
    client.add_tenant("acme")
    client.add_tenant("umbrella")
    assert mock.verify("POST", "tenants", status=201) == 2
    assert mock.verify("POST", fields={"Alias": "acme"}, exactly=1) == 1
    assert mock.verify("POST", fields={"Alias": {"startswith": "um"}, "Description": None}, at_least=1) == 1
    assert mock.verify("POST", headers={"accept": "application/json"}, at_most=2) == 2
    assert mock.verify("DELETE", never=True) == 0
    assert mock.verify("POST", fields={"Alias": "umbrella"}, after=[{"fields": {"Alias": "acme"}}]) == 1
    assert mock.verify("GET", query={"query": "x"}, exactly=0) == 0
    assert mock.verify(provenance="inferred", exactly=0) == 0


def test_a_verification_can_wait(mock: CucMock, client: Client) -> None:
    sender = threading.Thread(target=client.get, args=("tenants",))
    sender.start()
    assert mock.verify("GET", "tenants", within=30) == 1
    sender.join()


def test_a_failed_verification_shows_the_report(mock: CucMock, client: Client) -> None:
    client.add_tenant("Acme")
    with pytest.raises(VerificationError) as failure:
        mock.verify("POST", "tenants", fields={"Alias": "acme"}, exactly=1)
    assert str(failure.value) == (
        'expected POST /vmrest/tenants with the field Alias being "acme" exactly once\n'
        "found 0 among 1 request\n"
        "the closest are\n"
        "  #1 POST /vmrest/tenants, answered with 201\n"
        '    field Alias: found "Acme", expected "acme" (it differs only in case)'
    )
    assert isinstance(failure.value, AssertionError)
    assert failure.value.report["requests_seen"] == 1


def test_an_invalid_verification_is_an_error(mock: CucMock) -> None:
    with pytest.raises(ControlError) as error:
        mock.verify("POST", exactly=1, at_least=1)
    assert error.value.status == 400
