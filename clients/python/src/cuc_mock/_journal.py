"""The text of a journal, for the report of a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._server import DEFAULT_SPACE

if TYPE_CHECKING:
    from ._mock import CucMock
    from .control import Fault, Request

MAX_REQUESTS = 50


def report(mock: CucMock) -> str:
    """Returns the last requests to all spaces of a server, without secrets, the unused faults of `default`, and the seed."""
    requests = mock.requests(all_spaces=True)
    last = requests[-MAX_REQUESTS:]
    lines = [line for request in last for line in _lines(request)]
    if len(last) < len(requests):
        lines.insert(0, f"the last {len(last)} of {len(requests)} requests:")
    if not requests:
        lines.append("no request arrived")
    lines += [f"fault {fault['number']}{_pattern(fault)} hit no request" for fault in mock.faults() if not fault["hits"]]
    lines.append(f"the seed was {mock.seed}: CUC_MOCK_SEED={mock.seed} repeats the run")
    return "\n".join(lines)


def _lines(request: Request) -> list[str]:
    """Returns a line for the request and its status, and one for the reason of a rejection."""
    space = "" if request["space"] == DEFAULT_SPACE else f"in the space {request['space']}: "
    query = f"?{request['query']}" if request["query"] else ""
    answer = f"answered with {request['answer']['status']}" if request["answer"] else "without a response"
    fault = f", hit by fault {request['fault']}" if request["fault"] is not None else ""
    lines = [f"{space}#{request['number']} {request['method']} {request['path']}{query}, {answer}{fault}"]
    reason = request["reason"]
    if reason:
        lines.append(f"  rejected: {reason['message']} ({reason['evidence']})")
    return lines


def _pattern(fault: Fault) -> str:
    """Returns the requests that the fault may hit, as the end of its name."""
    requests = fault.get("requests") or {}
    words = [str(requests[part]) for part in ("method", "path") if requests.get(part)]
    return f" for {' '.join(words)}" if words else ""
