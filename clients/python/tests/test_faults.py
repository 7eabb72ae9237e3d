"""Faults."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
import requests
from conftest import Client

from cuc_mock import ControlError, CucMock


def test_a_preset_hits_the_requests_that_match(mock: CucMock, client: Client) -> None:
    fault = mock.fault("busy", method="POST", path="tenants", fields={"Alias": "acme"}, times=1)
    assert client.get("tenants").status_code == 200
    assert fault.active
    assert client.post("tenants", {"Alias": "acme"}).status_code == 503
    assert (fault.matched, fault.hits, fault.active) == (1, 1, False)
    assert client.post("tenants", {"Alias": "acme"}).status_code == 400
    assert [request["number"] for request in mock.requests(fault=fault)] == [2]
    assert [request["number"] for request in mock.requests(fault="any")] == [2]


def test_a_fault_ends_with_its_block(mock: CucMock, client: Client) -> None:
    with mock.fault("read_only"):
        assert client.get("tenants").status_code == 403
    assert client.get("tenants").status_code == 200


def test_an_effect_has_parameters(mock: CucMock, client: Client) -> None:
    mock.fault({"answer": {"status": 418, "headers": {"Retry-After": "5"}, "body": "later"}}, query={"query": None})
    answer = client.get("tenants")
    assert (answer.status_code, answer.text, answer.headers["Retry-After"]) == (418, "later", "5")


def test_an_effect_without_parameters_is_a_name(mock: CucMock, client: Client) -> None:
    mock.fault("truncate")
    answer = client.get("tenants")
    assert answer.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_a_lost_response_is_that_of_a_handled_request(mock: CucMock, client: Client) -> None:
    mock.fault("close", method="POST", handled=True)
    with pytest.raises(requests.ConnectionError):
        client.add_tenant("acme")
    assert "acme" in client.aliases()


def test_the_nth_request_fails(mock: CucMock, client: Client) -> None:
    mock.fault("busy", nth=2, headers={"accept": "application/json"})
    assert [client.get("tenants").status_code for _ in range(3)] == [200, 503, 200]


def test_a_fault_ends_at_a_time_of_the_clock(mock: CucMock, client: Client) -> None:
    now = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)
    mock.clock.freeze(now)
    mock.fault("busy", until=now + timedelta(minutes=1), probability=1)
    assert client.get("tenants").status_code == 503
    mock.clock.advance(timedelta(minutes=2))
    assert client.get("tenants").status_code == 200


def test_a_delay_is_in_seconds_or_a_distribution(mock: CucMock) -> None:
    mock.fault(delay=0.25)
    mock.fault(delay=timedelta(seconds=2), path="coses")
    mock.fault(delay={"min_ms": 1, "max_ms": 2})
    assert [fault.get("delay") for fault in mock.faults()] == [
        {"fixed_ms": 250},
        {"fixed_ms": 2000},
        {"min_ms": 1, "max_ms": 2},
    ]


def test_faults_are_listed_and_ended(mock: CucMock, client: Client) -> None:
    first = mock.fault("busy")
    mock.fault("read_only")
    assert [fault["number"] for fault in mock.faults()] == [1, 2]
    first.end()
    first.end()
    assert [fault["number"] for fault in mock.faults()] == [2]
    mock.end_faults()
    assert mock.faults() == []
    assert client.get("tenants").status_code == 200


def test_an_unknown_effect_is_an_error_with_the_known_ones(mock: CucMock) -> None:
    with pytest.raises(ControlError, match="bussy.*busy"):
        mock.fault("bussy")  # type: ignore[arg-type]
