"""Names of `typing` that Python 3.9 and 3.10 lack.

The generated types use them in annotations only.
"""

import sys
from typing import TYPE_CHECKING, Any

if sys.version_info >= (3, 11):
    from typing import NotRequired, TypeAlias
elif TYPE_CHECKING:
    from typing_extensions import NotRequired, TypeAlias
else:
    TypeAlias = Any

    class NotRequired:
        """Represents the type of a member that may be absent by the type of its value."""

        def __class_getitem__(cls, item):
            return item


__all__ = ["NotRequired", "TypeAlias"]
