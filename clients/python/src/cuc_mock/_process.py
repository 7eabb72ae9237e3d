"""The process of a server."""

from __future__ import annotations

import os
import pathlib
import queue
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Mapping, Sequence
from typing import IO

from ._errors import CucMockError, StartError

# The time until a server that does not stop is killed.
_STOP_TIMEOUT = 10.0
_MAX_LOG_BYTES = 1 << 20


class Process:
    """A server that ends with this process, even if this process is killed: the end of its stdin stops it.

    A fork of this process gives up its copy of that pipe. The log of the server goes to a file, so that no thread has to
    read it.
    """

    def __init__(self, command: Sequence[str], env: Mapping[str, str], start_timeout: float) -> None:
        # A traceback of pytest does not show the arguments, which may have passwords.
        __tracebackhide__ = True
        self._owner = os.getpid()
        reader, path = tempfile.mkstemp(prefix="cuc-mock-", suffix=".log")
        self._log_path = pathlib.Path(path)
        self._log = open(reader, "r+b", buffering=0)
        try:
            writer = os.open(path, os.O_WRONLY | os.O_APPEND)
            try:
                self._process = _start(command, env, writer)
            finally:
                # Windows deletes no open file.
                os.close(writer)
        except OSError as error:
            self._delete_log()
            raise StartError(f"{command[0]} cannot be run: {error.strerror}") from error
        _started.add(self)
        if os.name == "posix":
            # The file exists until both processes have ended, however they end.
            self._log_path.unlink()
        lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._reader = threading.Thread(target=_read_line, args=(self._process.stdout, lines), daemon=True)
        self._reader.start()
        try:
            self.first_line = lines.get(timeout=start_timeout).decode().rstrip()
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
        """The end of the log; after the end of the server, that at its end."""
        if not self._log.closed:
            self._last_log = self._read_log()
        return self._last_log.decode(errors="replace")

    def is_owned(self) -> bool:
        """False in a fork of the process that started the server."""
        return os.getpid() == self._owner

    def is_running(self) -> bool:
        if self.is_owned():
            return self._process.poll() is None
        if self._process.returncode is not None:
            return False
        # Only the owner can wait for the process.
        try:
            os.kill(self.pid, 0)
        except OSError:
            return False
        return True

    def check_open(self) -> None:
        """Raises an error if this process has stopped the server."""
        __tracebackhide__ = True
        if self._log.closed:
            raise CucMockError("the server was closed")

    def ending(self) -> str:
        """Returns the way in which the process ended, in words."""
        if not self.is_owned():
            return "it is running" if self.is_running() else "it has ended"
        status = self._process.poll()
        if status is None:
            return "it is running"
        return f"it ended with status {status}" if status >= 0 else f"signal {-status} ended it"

    def log_text(self) -> str:
        """Returns the end of the log as the end of a message."""
        lines = self.log.splitlines()[-20:]
        return ":\n" + "\n".join(lines) if lines else ""

    def trim_log(self) -> None:
        """Empties the log if it has become long, where the server can continue to write at its new end."""
        if os.name == "posix" and not self._log.closed and os.fstat(self._log.fileno()).st_size > _MAX_LOG_BYTES:
            self._log.truncate(0)

    def release_stdin(self) -> None:
        """Closes the copy of the pipe in a fork, which would keep the server running."""
        if self._process.stdin:
            self._process.stdin.close()

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
        if self._log.closed:
            return
        self._last_log = self._read_log()
        self._delete_log()
        # A process that the server started may still have its output.
        self._reader.join(1)
        if self._process.stdin:
            self._process.stdin.close()
        if self._process.stdout and not self._reader.is_alive():
            self._process.stdout.close()

    def _read_log(self) -> bytes:
        size = os.fstat(self._log.fileno()).st_size
        self._log.seek(max(0, size - _MAX_LOG_BYTES))
        return self._log.read()

    def _delete_log(self) -> None:
        self._log.close()
        self._log_path.unlink(missing_ok=True)


def _start(command: Sequence[str], env: Mapping[str, str], log: int) -> subprocess.Popen[bytes]:
    # In a session or group of its own, Ctrl-C reaches only the tests, which can then still use the server.
    group = 0
    if sys.platform == "win32":
        group = subprocess.CREATE_NEW_PROCESS_GROUP
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        env=env,
        start_new_session=True,
        creationflags=group,
    )


def _read_line(stream: IO[bytes], lines: queue.SimpleQueue[bytes]) -> None:
    lines.put(stream.readline())


_started: weakref.WeakSet[Process] = weakref.WeakSet()


def _release_stdin() -> None:
    for process in _started:
        process.release_stdin()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_release_stdin)
