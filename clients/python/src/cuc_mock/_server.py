"""A running server: its addresses, its CA and its users."""

from __future__ import annotations

import pathlib
import re
import tempfile
import weakref
from collections.abc import Mapping
from typing import Optional

from ._client import Client
from ._errors import CucMockError, StartError
from ._process import Process

DEFAULT_SPACE = "default"
# listening on http://127.0.0.1:40123 https://127.0.0.1:40123 as release 10.5, seed 7
_FIRST_LINE = re.compile(r"listening on (http://(\S+):(\d+)) (https://\S+) as release (\S+), seed (\d+)")


class Server:
    """The process of a server, and everything that all its spaces share."""

    def __init__(
        self, process: Process, users: Mapping[str, str], has_auto_spaces: bool, token: Optional[str]
    ) -> None:
        line = _FIRST_LINE.match(process.first_line)
        if line is None:
            process.stop()
            raise StartError(f"the first line of the server is {process.first_line!r}, expected {_FIRST_LINE.pattern!r}")
        self.url, host, port, self.https_url, self.release, seed = line.groups()
        self.seed = int(seed)
        self.process = process
        self.client = Client(host, int(port), process, token)
        self._users = users
        self._has_auto_spaces = has_auto_spaces
        self._ca_pem: Optional[str] = None
        self._files: list[str] = []
        self.stop = weakref.finalize(self, _stop, process, self._files)
        """Stops the server. The interpreter calls it at its exit, and when nothing refers to the server any more."""

    @property
    def ca_pem(self) -> str:
        if self._ca_pem is None:
            self._ca_pem = self.client.text("GET", "/ca.pem", {})
        return self._ca_pem

    @property
    def ca_file(self) -> str:
        self.process.check_open()
        if not self._files:
            text = self.ca_pem
            number, path = tempfile.mkstemp(prefix="cuc-mock-", suffix=".pem")
            with open(number, "w", encoding="ascii") as file:
                file.write(text)
            self._files.append(path)
        return self._files[0]

    def auth(self, space: str) -> tuple[str, str]:
        """Returns credentials with which a client works in this space."""
        # Without automatic spaces, a user works in `default` unless there is a space of the same name.
        any_user = space == DEFAULT_SPACE and not self._has_auto_spaces
        for name, password in self._users.items():
            if any_user or space.casefold() == name.casefold():
                return name, password
        if self._users:
            raise CucMockError(
                f'no user has the name of the space "{space}", so no client can work in it; '
                f"the users are {', '.join(self._users)}"
            )
        return ("admin" if any_user else space), "secret"


def _stop(process: Process, files: list[str]) -> None:
    if process.is_owned():
        process.stop()
        for file in files:
            pathlib.Path(file).unlink(missing_ok=True)
