"""A mock Cisco Unity Connection server for tests.

    from cuc_mock import CucMock

    with CucMock() as mock:
        requests.get(f"{mock.url}/vmrest/tenants", auth=mock.auth)
        mock.verify("GET", "tenants", exactly=1)

The fixture `cuc_mock` of pytest is such a server, in its initial state for each test. The module `cuc_mock.control` has
the types of the values that the control plane returns.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._binary import find_binary
    from ._clock import Clock
    from ._controls import Controls
    from ._errors import ControlError, CucMockError, StartError, VerificationError
    from ._fault import Fault
    from ._mock import CucMock
    from ._snapshot import Snapshot
    from ._space import Space

__all__ = [
    "Clock",
    "ControlError",
    "Controls",
    "CucMock",
    "CucMockError",
    "Fault",
    "Snapshot",
    "Space",
    "StartError",
    "VerificationError",
    "find_binary",
]

_MODULES = {
    "Clock": "_clock",
    "ControlError": "_errors",
    "Controls": "_controls",
    "CucMock": "_mock",
    "CucMockError": "_errors",
    "Fault": "_fault",
    "Snapshot": "_snapshot",
    "Space": "_space",
    "StartError": "_errors",
    "VerificationError": "_errors",
    "find_binary": "_binary",
}


def __getattr__(name: str) -> object:
    """Imports a name when it is first used, so that the plugin costs nothing where no test uses it."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
