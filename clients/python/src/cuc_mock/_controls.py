"""The controls that a test has over a server or a space of it."""

from __future__ import annotations

import itertools
import ssl
from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, Optional, Union

from ._client import segment
from ._clock import Clock, Time, timestamp
from ._errors import ControlError, VerificationError
from ._fault import Fault
from ._snapshot import Snapshot

if TYPE_CHECKING:
    from ._server import Server
    from .control import (
        Coverage,
        Delay,
        Diff,
        Effect,
        ObjectDetails,
        ObjectList,
        Provenance,
        Request,
        RequestPattern,
        ResourceDetails,
        ResourceSummary,
        ValuePattern,
    )
    from .control import Fault as FaultState

    # The accepted values by name.
    Values = Mapping[str, Union[ValuePattern, Sequence[ValuePattern]]]

Preset = Literal[
    "busy",
    "close",
    "locked_out",
    "login_page",
    "malformed_chunk",
    "no_answer",
    "read_only",
    "reset",
    "throttled",
    "tomcat_error",
    "truncated_xml",
    "wrong_content_type",
]


class Controls:
    """The addresses of a server, the credentials for a space of it, and the control plane of that space.

    A `CucMock` controls the space `default`, in which clients work unless their user name is that of another space.
    """

    def __init__(self, server: Server, space: str) -> None:
        self._server = server
        self._space = space
        self._snapshot_numbers = itertools.count(1)
        self.clock = Clock(self._send)
        """The clock of the space."""

    # --- Addresses and credentials -----------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The name of the space."""
        return self._space

    @property
    def url(self) -> str:
        """The address, such as `http://127.0.0.1:40123`."""
        return self._server.url

    @property
    def https_url(self) -> str:
        """The address for HTTPS, on the same port."""
        return self._server.https_url

    @property
    def ca_pem(self) -> str:
        """The certificate of the CA that a client must trust for HTTPS."""
        return self._server.ca_pem

    @property
    def ca_file(self) -> str:
        """The path of a file with `ca_pem`, which exists until the server stops."""
        return self._server.ca_file

    def ssl_context(self) -> ssl.SSLContext:
        """Returns a context that trusts the CA, and no other."""
        return ssl.create_default_context(cadata=self.ca_pem)

    @property
    def auth(self) -> tuple[str, str]:
        """A name and a password with which a client works in this space."""
        return self._server.auth(self._space)

    # --- Received requests -------------------------------------------------------------------------------------------

    def requests(
        self,
        method: Optional[str] = None,
        path: Optional[str] = None,
        *,
        status: Optional[int] = None,
        provenance: Optional[Provenance] = None,
        fault: Union[Fault, int, Literal["any"], None] = None,
        since: Optional[int] = None,
        limit: Optional[int] = None,
        wait: Optional[float] = None,
        secrets: bool = False,
        all_spaces: bool = False,
    ) -> list[Request]:
        """Returns the requests that arrived, the oldest first.

        A path is relative to `/vmrest` unless it begins with a slash. `*` matches anything except a slash, `**`
        anything. `since` is the `number` of a request: only later ones are returned. If there is none, `wait` waits up
        to so many seconds for one. Passwords, tokens and cookies are hidden unless `secrets` is true.
        """
        query = {
            "method": method,
            "path": path,
            "status": status,
            "provenance": provenance,
            "fault": fault.number if isinstance(fault, Fault) else fault,
            "since": since,
            "limit": limit,
            "wait": wait,
            "secrets": secrets or None,
        }
        received = self._send("GET", "/requests", query=query, wait=wait or 0, all_spaces=all_spaces)
        requests: list[Request] = received["requests"]
        return requests

    def clear_requests(self) -> None:
        """Empties the journal."""
        self._send("DELETE", "/requests")

    def verify(
        self,
        method: Optional[str] = None,
        path: Optional[str] = None,
        *,
        status: Optional[int] = None,
        fields: Optional[Values] = None,
        query: Optional[Values] = None,
        headers: Optional[Values] = None,
        provenance: Optional[Provenance] = None,
        exactly: Optional[int] = None,
        at_least: Optional[int] = None,
        at_most: Optional[int] = None,
        never: bool = False,
        after: Sequence[RequestPattern] = (),
        within: Union[float, timedelta, None] = None,
    ) -> int:
        """Raises a `VerificationError` unless so many such requests arrived: at least one by default.

        A value of `fields`, `query` and `headers` is a text, `None` for an absent value, `{"startswith": …}` or
        `{"contains": …}`. Only requests after the chain `after` count. `within` waits for the expected requests, up to
        so many seconds. Returns the number of requests found.
        """
        __tracebackhide__ = True
        pattern = _present(
            method=method,
            path=path,
            status=status,
            fields=fields,
            query=query,
            headers=headers,
            provenance=provenance,
        )
        expected = _present(
            requests=pattern,
            exactly=exactly,
            at_least=at_least,
            at_most=at_most,
            never=never or None,
            after=list(after) or None,
            within_ms=None if within is None else round(_seconds(within) * 1000),
        )
        wait = 0 if within is None else _seconds(within)
        report: Any = None
        try:
            found: int = self._send("POST", "/requests/verify", expected, wait=wait)["found"]
        except ControlError as error:
            if error.status != 409:
                raise
            report = error.body
        if report is not None:
            raise VerificationError(report)
        return found

    # --- Faults ------------------------------------------------------------------------------------------------------

    def fault(
        self,
        effect: Union[Preset, Effect, None] = None,
        *,
        method: Optional[str] = None,
        path: Optional[str] = None,
        fields: Optional[Values] = None,
        query: Optional[Values] = None,
        headers: Optional[Values] = None,
        delay: Union[float, timedelta, Delay, None] = None,
        nth: Optional[int] = None,
        times: Optional[int] = None,
        probability: Optional[float] = None,
        until: Optional[Time] = None,
        handled: bool = False,
    ) -> Fault:
        """Lets requests fail: those to this space that match the pattern.

        The effect is a preset such as `busy`, the name of another effect, or an effect with parameters such as
        `{"cut": {"after": 10}}`. A number as `delay` is in seconds. `nth`, `times`, `probability` and `until` limit the
        requests. With `handled`, the request is carried out, and only its response is lost.
        """
        # `truncate` is the only effect without parameters that has another name as a preset.
        kind = "preset" if isinstance(effect, str) and effect != "truncate" else "effect"
        pattern = _present(method=method, path=path, fields=fields, query=query, headers=headers)
        body = _present(
            requests=pattern or None,
            delay={"fixed_ms": _seconds(delay) * 1000} if isinstance(delay, (int, float, timedelta)) else delay,
            nth=nth,
            times=times,
            probability=probability,
            until=None if until is None else timestamp(until),
            handled=handled or None,
            **{kind: effect},
        )
        return Fault(self._send, self._send("POST", "/faults", body)["number"])

    def faults(self) -> list[FaultState]:
        """Returns the faults, the oldest first."""
        faults: list[FaultState] = self._send("GET", "/faults")
        return faults

    def end_faults(self) -> None:
        """Ends all faults."""
        self._send("DELETE", "/faults")

    # --- Records -----------------------------------------------------------------------------------------------------

    def reset(self) -> None:
        """Restores the initial records, empties the journal, ends all faults, and restarts the clock.

        Snapshots, coverage and the sessions of clients remain.
        """
        self._send("POST", "/reset")

    def snapshot(self, name: Optional[str] = None) -> Snapshot:
        """Keeps the current records under this name, or under one that is not in use."""
        if name is None:
            name = free_name("snapshot", self._snapshot_numbers, self.snapshots())
        self._send("PUT", f"/snapshots/{segment(name)}")
        return Snapshot(self, name)

    def snapshots(self) -> list[str]:
        """Returns the names of the snapshots."""
        names: list[str] = self._send("GET", "/snapshots")["snapshots"]
        return names

    def restore(self, snapshot: Union[Snapshot, str]) -> None:
        """Replaces the records by those of a snapshot."""
        self._send("POST", f"/snapshots/{segment(_name(snapshot))}/restore")

    def delete_snapshot(self, snapshot: Union[Snapshot, str]) -> None:
        """Deletes a snapshot."""
        self._send("DELETE", f"/snapshots/{segment(_name(snapshot))}")

    def diff(self, baseline: Union[Snapshot, Controls, None] = None, *, limit: Optional[int] = None) -> Diff:
        """Compares the records with the initial ones, with a snapshot, or with those of another space."""
        origin = "seed"
        if isinstance(baseline, Snapshot):
            origin = f"snapshot:{baseline.name}"
        elif baseline is not None:
            origin = f"space:{baseline.name}"
        diff: Diff = self._send("GET", "/diff", query={"from": origin, "limit": limit})
        return diff

    def state(self) -> str:
        """Returns all records, with passwords, as fixture XML."""
        return self._server.client.text("GET", "/state", {"space": self._space})

    def set_state(self, xml: str) -> None:
        """Replaces the records by those of fixture XML."""
        self._server.client.text("PUT", "/state", {"space": self._space}, xml)

    def objects(
        self,
        resource: str,
        *,
        text: Optional[str] = None,
        tenant: Optional[str] = None,
        sort: Optional[str] = None,
        page: Optional[int] = None,
        rows: Optional[int] = None,
    ) -> ObjectList:
        """Returns a table of the objects of a resource, such as `tenants`. It leaves no request in the journal."""
        query = {"resource": resource, "text": text, "tenant": tenant, "sort": sort, "page": page, "rows": rows}
        objects: ObjectList = self._send("GET", "/objects", query=query)
        return objects

    def object(self, path: str) -> ObjectDetails:
        """Returns an object, such as `/vmrest/tenants/ID`, and the objects that it refers to."""
        details: ObjectDetails = self._send("GET", f"/objects/{segment(path)}")
        return details

    def resources(self) -> list[ResourceSummary]:
        """Returns the resources, with the number of their records."""
        resources: list[ResourceSummary] = self._send("GET", "/resources")["resources"]
        return resources

    def resource(self, path: str) -> ResourceDetails:
        """Returns a resource with the rules of its fields."""
        details: ResourceDetails = self._send("GET", f"/resources/{segment(path)}")
        return details

    # --- Coverage ----------------------------------------------------------------------------------------------------

    def coverage(self, *, all_spaces: bool = False) -> Coverage:
        """Returns the parts of the API that were used, and the responses that relied on inferred facts."""
        coverage: Coverage = self._send("GET", "/coverage", all_spaces=all_spaces)
        return coverage

    def clear_coverage(self) -> None:
        """Resets the coverage."""
        self._send("DELETE", "/coverage")

    # -----------------------------------------------------------------------------------------------------------------

    def _send(
        self,
        method: str,
        path: str,
        body: Optional[Mapping[str, Any]] = None,
        *,
        query: Optional[Mapping[str, Any]] = None,
        wait: float = 0,
        all_spaces: bool = False,
    ) -> Any:
        __tracebackhide__ = True
        scope = {"space": "*" if all_spaces else self._space}
        return self._server.client.json(method, path, {**scope, **(query or {})}, body, wait)


def free_name(prefix: str, numbers: Iterator[int], taken: Container[str]) -> str:
    """Returns a name with the next of these numbers that is not in use."""
    return next(name for name in (f"{prefix}-{number}" for number in numbers) if name not in taken)


def _present(**values: object) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


def _seconds(duration: Union[float, timedelta]) -> float:
    return duration.total_seconds() if isinstance(duration, timedelta) else duration


def _name(snapshot: Union[Snapshot, str]) -> str:
    return snapshot.name if isinstance(snapshot, Snapshot) else snapshot
