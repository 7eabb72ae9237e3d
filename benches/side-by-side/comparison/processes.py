"""Servers as processes."""

import atexit
import contextlib
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time

TICKS = os.sysconf("SC_CLK_TCK")


class Process:
    """A server as a process. `ready` is its port, or the pattern of the line with its address."""

    def __init__(self, name, command, ready=r"listening on (?:http://)?([0-9.]+:\d+)", **options):
        self.name = name
        self.began = time.perf_counter()
        pipe = subprocess.DEVNULL if isinstance(ready, int) else subprocess.PIPE
        command = [str(part) for part in command]
        self.process = subprocess.Popen(command, stdout=pipe, stderr=subprocess.DEVNULL, text=True, **options)
        # A server that another one follows in vain is stopped, too.
        atexit.register(self.stop)
        if isinstance(ready, int):
            self.address = f"127.0.0.1:{ready}"
            self.wait_for_port()
        else:
            for line in self.process.stdout:
                if found := re.search(ready, line):
                    self.address = found[1]
                    break
            else:
                sys.exit(f"{name} did not start")

    def wait_for_port(self):
        host, port = self.address.split(":")
        while time.perf_counter() - self.began < 60 and self.process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection((host, int(port))):
                return
            time.sleep(0.005)
        sys.exit(f"{self.name} did not start")

    def pids(self):
        """The ids of the process and of its children."""
        found = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True).stdout
        return [self.process.pid, *map(int, found.split())]

    def status(self, name):
        """A size of the process itself, in bytes: the largest so far as VmHWM, the present one as VmRSS."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{name}:\s+(\d+) kB", text)[1]) * 1024

    def resident(self):
        """Resident memory of the process and its children, in bytes."""
        total = 0
        for pid in self.pids():
            with contextlib.suppress(FileNotFoundError):
                text = pathlib.Path(f"/proc/{pid}/status").read_text()
                total += int(re.search(r"VmRSS:\s+(\d+)", text)[1]) * 1024
        return total

    def cpu(self):
        """CPU time of the process and its children, in seconds."""
        spent = 0
        for pid in self.pids():
            with contextlib.suppress(FileNotFoundError):
                fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
                spent += int(fields[11]) + int(fields[12])
        return spent / TICKS

    def stop(self):
        atexit.unregister(self.stop)
        if self.process.poll() is not None:
            return
        for pid in self.pids()[1:]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextlib.contextmanager
def stopped(*servers):
    """Stops the servers at the end."""
    try:
        yield
    finally:
        for server in servers:
            server.stop()


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]
