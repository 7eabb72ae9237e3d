"""A server that a test starts."""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Optional, Union

from . import _journal
from ._binary import find_binary
from ._clock import Time, timestamp
from ._controls import Controls, free_name
from ._errors import ControlError
from ._process import Process
from ._server import DEFAULT_SPACE, Server
from ._space import Space, space_path

if TYPE_CHECKING:
    from .control import FixtureChanges

Path = Union[str, "os.PathLike[str]"]
Release = Literal["10.5", "11.5", "12.5", "14", "15"]

# The only variable of the server that a test run passes on: it repeats a run.
_SEED = "CUC_MOCK_SEED"
_TOKEN_OPTION = "--control-token"
_TOKEN_VARIABLE = "CUC_MOCK_CONTROL_TOKEN"


class CucMock(Controls):
    """A server on a free port of 127.0.0.1.

    The constructor returns when the server is ready. The server stops with the block of a `with`, when `close` is
    called, at the exit of the interpreter, and when this process is killed.

    Its methods control the space `default`. Other spaces have methods of their own: see `space`.
    """

    def __init__(
        self,
        *,
        release: Optional[Release] = None,
        fixtures: Union[Path, Sequence[Path]] = (),
        resources: Union[Path, Sequence[Path]] = (),
        seed: Optional[int] = None,
        users: Optional[Mapping[str, str]] = None,
        clock: Optional[Time] = None,
        spaces: Literal["off", "auto"] = "off",
        log: Literal["pretty", "json", "off"] = "pretty",
        args: Sequence[str] = (),
        env: Optional[Mapping[str, str]] = None,
        binary: Optional[Path] = None,
        start_timeout: float = 30,
    ) -> None:
        """Starts a server.

        `release` is the release of Unity Connection, 10.5 by default. `fixtures` and `resources` are files or folders.
        `users` are the passwords of the only users that can sign in, by name; by default, any can. `clock` freezes the
        clock at a time. With `spaces="auto"`, each user works in a space of the same name. `args` are further options
        of `cuc-mock`. `env` is added to the environment of the server, which has none of the variables `CUC_MOCK_…` of
        this process but `CUC_MOCK_SEED`. If one of them sets a control token, the controls send it.
        """
        __tracebackhide__ = True
        command = [os.fspath(binary) if binary is not None else find_binary()]
        command += ["--listen", "127.0.0.1:0", "--exit-on-stdin-close", "--log", log, "--spaces", spaces]
        command += _repeated("--fixtures", fixtures) + _repeated("--resources", resources)
        command += [word for name, password in (users or {}).items() for word in ("--user", f"{name}:{password}")]
        if release is not None:
            command += ["--cuc-version", release]
        if seed is not None:
            command += ["--seed", str(seed)]
        if clock is not None:
            command += ["--clock", timestamp(clock)]
        process = Process([*command, *args], {**_inherited(), **(env or {})}, start_timeout)
        token = _control_token(args, env or {})
        super().__init__(Server(process, dict(users or {}), spaces == "auto", token), DEFAULT_SPACE)
        self._space_numbers = itertools.count(1)

    # --- The server --------------------------------------------------------------------------------------------------

    @property
    def seed(self) -> int:
        """The seed of all random values. `CucMock(seed=…)`, or the variable `CUC_MOCK_SEED`, repeats a run."""
        return self._server.seed

    @property
    def release(self) -> str:
        """The release of Unity Connection that the server emulates."""
        return self._server.release

    @property
    def pid(self) -> int:
        """The number of the server's process."""
        return self._server.process.pid

    @property
    def log(self) -> str:
        """The log of the server, or its last mebibyte. `reset_all` empties a longer one, except on Windows."""
        return self._server.process.log

    @property
    def is_running(self) -> bool:
        """False if the server has stopped."""
        return self._server.process.is_running()

    def close(self) -> None:
        """Stops the server. It may have stopped before."""
        self._server.stop()

    def __enter__(self) -> CucMock:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<CucMock {self.url}{'' if self.is_running else ', stopped'}>"

    # --- Spaces ------------------------------------------------------------------------------------------------------

    def space(self, name: Optional[str] = None, *, seed: Optional[int] = None) -> Space:
        """Returns the space of this name, or one with a new name, and creates it if it does not exist."""
        if name is None:
            name = free_name("space", self._space_numbers, self.spaces())
        body = {"name": name} if seed is None else {"name": name, "seed": seed}
        try:
            self._server.client.json("POST", "/spaces", {}, body)
        except ControlError as error:
            if error.status != 409 or seed is not None:
                raise
        return Space(self._server, name)

    def spaces(self) -> list[str]:
        """Returns the names of the spaces, `default` first."""
        return [space["name"] for space in self._server.client.json("GET", "/spaces", {})["spaces"]]

    def reset_all(self) -> None:
        """Resets the space `default`, and deletes its snapshots and all other spaces, as the fixture `cuc_mock` does."""
        for name in self.spaces()[1:]:
            self._server.client.json("DELETE", space_path(name), {})
        for snapshot in self.snapshots():
            self.delete_snapshot(snapshot)
        self.reset()
        self._server.process.trim_log()

    def describe_journal(self) -> str:
        """Returns the text that pytest shows for a failed test.

        It has the last requests to all spaces, the reasons of rejections, the faults that hit no request, and the seed.
        """
        return _journal.report(self)

    # --- The control plane -------------------------------------------------------------------------------------------

    def reload(self) -> FixtureChanges:
        """Loads the fixtures again, and resets every space to them."""
        changes: FixtureChanges = self._server.client.json("POST", "/reload", {})
        return changes

    def metrics(self) -> str:
        """Returns the metrics of the server in the text format of Prometheus."""
        return self._server.client.text("GET", "/metrics", {})

    def control(
        self, method: str, path: str, body: Optional[object] = None, *, query: Optional[Mapping[str, object]] = None
    ) -> Any:
        """Sends a request to the control plane, such as `control("GET", "/health")`, and returns its JSON."""
        return self._server.client.json(method, path, query or {}, body)


def path_list(paths: Union[Path, Sequence[Path]]) -> Sequence[Path]:
    """Returns one path, or several, as a list."""
    return [paths] if isinstance(paths, (str, os.PathLike)) else paths


def _repeated(option: str, paths: Union[Path, Sequence[Path]]) -> list[str]:
    return [word for path in path_list(paths) for word in (option, os.path.abspath(path))]


def _inherited() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("CUC_MOCK_") or name == _SEED}


def _control_token(args: Sequence[str], env: Mapping[str, str]) -> Optional[str]:
    """Returns the token that these options or variables set; an option takes precedence."""
    for word, following in zip(args, [*args[1:], ""]):
        option, separator, value = word.partition("=")
        if option == _TOKEN_OPTION:
            return value if separator else following
    return env.get(_TOKEN_VARIABLE)
