"""The errors of the package."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .control import VerificationReport


class CucMockError(Exception):
    """An error of the server, or of a request to its control plane."""

    __module__ = "cuc_mock"


class StartError(CucMockError):
    """The server did not start; the message has its own explanation."""

    __module__ = "cuc_mock"


class ControlError(CucMockError):
    """The control plane rejected a request; the message is its explanation."""

    __module__ = "cuc_mock"

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__("\n".join([str(body.get("error", body)), *_mistakes(body)]))
        self.status = status
        self.body = body


class VerificationError(AssertionError):
    """The requests differ from the expected ones; the message is the report of the server."""

    __module__ = "cuc_mock"

    def __init__(self, report: VerificationReport) -> None:
        super().__init__(report["error"])
        self.report = report


@contextlib.contextmanager
def ignoring_missing() -> Iterator[None]:
    """Ignores that the control plane does not have what a request deletes."""
    try:
        yield
    except ControlError as error:
        if error.status != 404:
            raise


def _mistakes(body: dict[str, Any]) -> list[str]:
    """Returns a line for each error in a state or in fixtures, with its place."""
    lines = []
    for mistake in body.get("mistakes", []):
        place = [str(mistake[part]) for part in ("path", "line", "column") if mistake.get(part) is not None]
        lines.append("  " + ": ".join([":".join(place), mistake["message"]]) if place else "  " + mistake["message"])
    if body.get("more_mistakes"):
        lines.append(f"  and {body['more_mistakes']} more")
    return lines
