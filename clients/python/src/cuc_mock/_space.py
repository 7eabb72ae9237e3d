"""A space of a server."""

from __future__ import annotations

from ._client import segment
from ._controls import Controls
from ._errors import ignoring_missing


class Space(Controls):
    """An isolated environment of a server, with its own records, journal, faults and clock.

    Clients that sign in with `auth` work in it. It is deleted by `delete`, and with the block of a `with`.
    """

    @property
    def seed(self) -> int:
        """The seed of all random values in the space."""
        seed: int = self._server.client.json("GET", self._path(), {})["seed"]
        return seed

    def set_resources(self, xml: str) -> None:
        """Gives the space these resources in addition to those of the server, and restarts it from its seed."""
        self._server.client.text("PUT", f"{self._path()}/resources", {}, xml)

    def delete_resources(self) -> None:
        """Takes the resources of the space away, and restarts it from its seed."""
        self._server.client.json("DELETE", f"{self._path()}/resources", {})

    def delete(self) -> None:
        """Deletes the space. It may have been deleted before."""
        with ignoring_missing():
            self._server.client.json("DELETE", self._path(), {})

    def __enter__(self) -> Space:
        return self

    def __exit__(self, *_: object) -> None:
        self.delete()

    def __repr__(self) -> str:
        return f"<Space {self.name!r} at {self.url}>"

    def _path(self) -> str:
        return space_path(self.name)


def space_path(name: str) -> str:
    """Returns the path of a space in the control plane."""
    return f"/spaces/{segment(name)}"
