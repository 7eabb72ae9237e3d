"""A snapshot of the records."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._controls import Controls
    from .control import Diff


class Snapshot:
    """The records of a space at one time."""

    def __init__(self, controls: Controls, name: str) -> None:
        self._controls = controls
        self.name = name

    def restore(self) -> None:
        """Replaces the records of the space by those of the snapshot."""
        self._controls.restore(self.name)

    def diff(self) -> Diff:
        """Compares the records of the space with those of the snapshot."""
        return self._controls.diff(self)

    def delete(self) -> None:
        """Deletes the snapshot."""
        self._controls.delete_snapshot(self.name)
