"""The clock of a space."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Callable, Optional, Union

if TYPE_CHECKING:
    from .control import Clock as ClockState
    from .control import ClockMode

# A time with a time zone, or one such as `2026-01-31T12:00:00Z`.
Time = Union[datetime, str]


class Clock:
    """The clock of a space: it determines the dates of records, the `Date` header and the end of faults."""

    def __init__(self, send: Callable[..., Any]) -> None:
        self._send = send

    @property
    def mode(self) -> ClockMode:
        """`real`, `frozen`, or `offset` for a clock that runs from a given time."""
        return self._state()["mode"]

    def now(self) -> datetime:
        """Returns the time of the clock, in UTC, to the microsecond."""
        time = re.sub(r"(\.\d{6})\d+", r"\1", self._state()["time"].replace("Z", "+00:00"))
        # Python 3.9 needs three or six digits of a second.
        time = re.sub(r"\.(\d{1,6})(?=[+-])", lambda match: f".{match[1]:0<6}", time)
        return datetime.fromisoformat(time)

    def freeze(self, time: Optional[Time] = None) -> None:
        """Stops the clock at this time, or at its current time."""
        setting = {"mode": "frozen"} if time is None else {"mode": "frozen", "time": timestamp(time)}
        self._send("PUT", "/clock", setting)

    def set(self, time: Time) -> None:
        """Lets the clock run from this time."""
        self._send("PUT", "/clock", {"mode": "offset", "time": timestamp(time)})

    def advance(self, by: Union[float, timedelta]) -> None:
        """Advances the clock by a duration or a number of seconds; a negative one moves it back."""
        seconds = by.total_seconds() if isinstance(by, timedelta) else by
        self._send("POST", "/clock/advance", {"seconds": seconds})

    def real(self) -> None:
        """Lets the clock show the time of the operating system."""
        self._send("PUT", "/clock", {"mode": "real"})

    def _state(self) -> ClockState:
        state: ClockState = self._send("GET", "/clock")
        return state


def timestamp(time: Time) -> str:
    """Returns the time as the server reads it."""
    if isinstance(time, str):
        return time
    if time.utcoffset() is None:
        raise ValueError(f"{time!r} has no time zone, expected one such as timezone.utc")
    return time.isoformat()
