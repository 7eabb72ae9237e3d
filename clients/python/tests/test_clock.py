"""The clock."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from cuc_mock import CucMock

NOON = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)


def test_a_clock_is_frozen_and_advanced(mock: CucMock) -> None:
    mock.clock.freeze(NOON)
    assert (mock.clock.mode, mock.clock.now()) == ("frozen", NOON)
    mock.clock.advance(90.5)
    mock.clock.advance(timedelta(hours=-1))
    assert mock.clock.now() == NOON + timedelta(seconds=90.5, hours=-1)
    mock.clock.freeze("2026-02-01T08:00:00+02:00")
    assert mock.clock.now() == datetime(2026, 2, 1, 6, tzinfo=timezone.utc)


def test_a_clock_runs_from_a_time(mock: CucMock) -> None:
    mock.clock.set(NOON)
    assert [mock.clock.mode] == ["offset"]
    assert NOON <= mock.clock.now() < NOON + timedelta(hours=1)
    mock.clock.freeze()
    assert mock.clock.now() == mock.clock.now()
    mock.clock.real()
    assert mock.clock.mode == "real"
    assert abs(mock.clock.now() - datetime.now(timezone.utc)) < timedelta(hours=1)


def test_each_space_has_a_clock(mock: CucMock) -> None:
    space = mock.space()
    space.clock.freeze(NOON)
    assert (space.clock.mode, mock.clock.mode) == ("frozen", "real")


def test_a_time_without_a_zone_is_an_error(mock: CucMock) -> None:
    with pytest.raises(ValueError, match="has no time zone, expected one such as timezone.utc"):
        mock.clock.freeze(datetime(2026, 1, 31))
