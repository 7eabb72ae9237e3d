"""The place of the binary."""

from __future__ import annotations

import os
import pathlib
import shutil
import sys
import sysconfig
from collections.abc import Iterator

from ._errors import StartError

VARIABLE = "CUC_MOCK"
_NAME = "cuc-mock.exe" if os.name == "nt" else "cuc-mock"


def find_binary() -> str:
    """Returns the path of the binary.

    It is the one that the environment variable `CUC_MOCK` names, the one that was installed with this package, or the
    one on the `PATH`.
    """
    named = os.environ.get(VARIABLE)
    if named:
        found = shutil.which(named)
        if found is None:
            raise StartError(f'the variable {VARIABLE} is "{named}", expected the path of the cuc-mock binary')
        return os.path.abspath(found)
    folders = list(dict.fromkeys(_script_folders()))
    for folder in folders:
        found = shutil.which(_NAME, path=str(folder))
        if found is not None:
            return found
    found = shutil.which(_NAME)
    if found is None:
        places = ", ".join(str(folder) for folder in folders)
        raise StartError(
            f"found no {_NAME} in {places} or on the PATH; install a wheel of cuc-mock for this platform, "
            f"or set {VARIABLE} to the path of the binary"
        )
    return found


def _script_folders() -> Iterator[pathlib.Path]:
    """Yields the folders of scripts that belong to the folder of this package, and those of this interpreter."""
    site = pathlib.Path(__file__).resolve().parent.parent
    yield site / "bin"  # pip install --target
    if os.name == "nt":
        yield site.parent / "Scripts"  # --user
        yield site.parent.parent / "Scripts"
    elif len(site.parents) > 2:
        yield site.parents[2] / "bin"
    yield pathlib.Path(sysconfig.get_path("scripts"))
    user = "osx_framework_user" if sys.platform == "darwin" and sysconfig.get_config_var("PYTHONFRAMEWORK") else f"{os.name}_user"
    if user in sysconfig.get_scheme_names():
        yield pathlib.Path(sysconfig.get_path("scripts", user))
