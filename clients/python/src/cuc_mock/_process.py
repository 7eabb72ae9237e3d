"""The process of a server."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import IO

from ._errors import StartError

# The time until a server that does not stop is killed.
_STOP_TIMEOUT = 10.0
_MAX_LOG_BYTES = 1 << 20


class Process:
    """A server that ends with this process, even if this process is killed: the end of its stdin stops it."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], start_timeout: float) -> None:
        # A traceback of pytest does not show the arguments, which may have passwords.
        __tracebackhide__ = True
        self._owner = os.getpid()
        self._log = bytearray()
        try:
            self._process = _start(command, env)
        except OSError as error:
            raise StartError(f"{command[0]} cannot be run: {error.strerror}") from error
        first_line: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._readers = [
            threading.Thread(target=_read_lines, args=(self._process.stdout, first_line), daemon=True),
            threading.Thread(target=self._read_log, args=(self._process.stderr,), daemon=True),
        ]
        for reader in self._readers:
            reader.start()
        try:
            self.first_line = first_line.get(timeout=start_timeout).decode().rstrip()
        except queue.Empty:
            self.kill()
            raise StartError(f"{command[0]} did not start within {start_timeout:g} seconds{self.log_text()}") from None
        except BaseException:
            self.kill()
            raise
        if not self.first_line.startswith("listening on "):
            self.stop()
            raise StartError(f"{command[0]} did not start: {self.ending()}{self.log_text()}")

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def log(self) -> str:
        return self._log.decode(errors="replace")

    def is_owned(self) -> bool:
        """False in a fork of the process that started the server."""
        return os.getpid() == self._owner

    def is_running(self) -> bool:
        return self._process.poll() is None

    def ending(self) -> str:
        """Returns the way in which the process ended, in words."""
        status = self._process.poll()
        if status is None:
            return "it is running"
        return f"it ended with status {status}" if status >= 0 else f"signal {-status} ended it"

    def log_text(self) -> str:
        """Returns the end of the log as the end of a message."""
        lines = self.log.splitlines()[-20:]
        return ":\n" + "\n".join(lines) if lines else ""

    def stop(self) -> None:
        """Stops the server, and returns when it has ended."""
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.close()
        try:
            self._process.wait(_STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._finish()

    def kill(self) -> None:
        """Ends the server at once."""
        self._process.kill()
        self._process.wait()
        self._finish()

    def _finish(self) -> None:
        for reader in self._readers:
            reader.join()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream:
                stream.close()

    def _read_log(self, stream: IO[bytes]) -> None:
        for line in stream:
            self._log += line
            if len(self._log) > _MAX_LOG_BYTES:
                del self._log[: self._log.index(b"\n", _MAX_LOG_BYTES // 2) + 1]


def _start(command: Sequence[str], env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    # In a session or group of its own, Ctrl-C reaches only the tests, which can then still use the server.
    group = 0
    if sys.platform == "win32":
        group = subprocess.CREATE_NEW_PROCESS_GROUP
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=env,
        start_new_session=True,
        creationflags=group,
    )


def _read_lines(stream: IO[bytes], first_line: queue.SimpleQueue[bytes]) -> None:
    first_line.put(stream.readline())
    for _ in stream:
        pass
