"""Runs the binary: `python -m cuc_mock` is `cuc-mock`."""

import os
import subprocess
import sys

from ._binary import find_binary
from ._errors import StartError


def main() -> int:
    try:
        command = [find_binary(), *sys.argv[1:]]
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    if os.name == "posix":
        os.execv(command[0], command)
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
