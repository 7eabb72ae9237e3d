"""A fault that a test has requested."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from ._errors import ignoring_missing

if TYPE_CHECKING:
    from .control import Fault as FaultState


class Fault:
    """A fault of a space. It ends when `end` is called, with the block of a `with`, and with a reset."""

    def __init__(self, send: Callable[..., Any], number: int) -> None:
        self._send = send
        self.number = number

    @property
    def hits(self) -> int:
        """The number of requests that the fault has hit."""
        return self.state()["hits"]

    @property
    def matched(self) -> int:
        """The number of requests that matched its pattern."""
        return self.state()["matched"]

    @property
    def active(self) -> bool:
        """True if the fault can hit more requests."""
        return self.state()["active"]

    def state(self) -> FaultState:
        """Returns the fault as the server describes it."""
        state: FaultState = self._send("GET", f"/faults/{self.number}")
        return state

    def end(self) -> None:
        """Ends the fault. It may have ended before."""
        with ignoring_missing():
            self._send("DELETE", f"/faults/{self.number}")

    def __enter__(self) -> Fault:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
