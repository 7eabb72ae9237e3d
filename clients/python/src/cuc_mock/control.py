"""The types of the control plane. `.ci/types --write` writes them from its description."""

from __future__ import annotations

from typing import Any, Literal, Optional, TypedDict, Union

from cuc_mock._typing import NotRequired, TypeAlias


class CategoryCoverage(TypedDict):
    """The coverage of the verbs, the statuses or the fields of one resource."""

    offered: int
    """The number of items that the server offers."""
    touched: int
    """The number of items that requests have used."""
    untouched: list[str]
    """The names of the items that no request has used."""


Change: TypeAlias = Literal["created", "updated", "deleted"]
"""The change of an object."""


class ClockAdvance(TypedDict):
    seconds: float
    """The number of seconds to add; a negative number moves the clock back."""


ClockMode: TypeAlias = Literal["real", "offset", "frozen"]
"""The mode of a clock."""


class ClockSetting1(TypedDict):
    mode: Literal["real"]
    time: NotRequired[None]


class ClockSetting2(TypedDict):
    mode: Literal["offset"]
    time: str
    """The time to start from, or to freeze at. Without it, the clock freezes at its current time."""


class ClockSetting3(TypedDict):
    mode: Literal["frozen"]
    time: NotRequired[Optional[str]]
    """The time to start from, or to freeze at. Without it, the clock freezes at its current time."""


ClockSetting: TypeAlias = Union[ClockSetting1, ClockSetting2, ClockSetting3]


class Body(TypedDict):
    """A text, or bytes in base64; at most 1 MiB."""

    base64: str


class CustomResponse1(TypedDict):
    """A response that a fault defines. A response with the status 204 or 304 has no body."""

    body: NotRequired[Optional[Union[str, Body]]]
    """A text, or bytes in base64; at most 1 MiB."""
    headers: NotRequired[dict[str, Union[str, list[str]]]]
    """The value of each header, or a list of its values: at most 100 values, each with its name at most 8192 bytes. The server sets `Connection`, `Content-Length`, `Keep-Alive`, `Proxy-Connection`, `TE`, `Trailer`, `Transfer-Encoding` and `Upgrade` itself; they are rejected."""
    status: int


class CustomResponse2(TypedDict):
    """A response that a fault defines. A response with the status 204 or 304 has no body."""

    body: NotRequired[Union[Optional[Literal[""]], Body]]
    """A text, or bytes in base64; at most 1 MiB."""
    headers: NotRequired[dict[str, Union[str, list[str]]]]
    """The value of each header, or a list of its values: at most 100 values, each with its name at most 8192 bytes. The server sets `Connection`, `Content-Length`, `Keep-Alive`, `Proxy-Connection`, `TE`, `Trailer`, `Transfer-Encoding` and `Upgrade` itself; they are rejected."""
    status: int


CustomResponse: TypeAlias = Union[CustomResponse1, CustomResponse2]
"""A response that a fault defines. A response with the status 204 or 304 has no body."""


class Delay1(TypedDict):
    """A delay in milliseconds: always the same (`fixed_ms`), uniformly distributed between `min_ms` and `max_ms`, or log-normally distributed with `median_ms` and `sigma`."""

    fixed_ms: float
    """Always this long."""
    max_ms: NotRequired[None]
    median_ms: NotRequired[None]
    min_ms: NotRequired[None]
    sigma: NotRequired[None]


class Delay2(TypedDict):
    """A delay in milliseconds: always the same (`fixed_ms`), uniformly distributed between `min_ms` and `max_ms`, or log-normally distributed with `median_ms` and `sigma`."""

    fixed_ms: NotRequired[None]
    max_ms: float
    """The longest delay."""
    median_ms: NotRequired[None]
    min_ms: float
    """The shortest delay, not above `max_ms`."""
    sigma: NotRequired[None]


class Delay3(TypedDict):
    """A delay in milliseconds: always the same (`fixed_ms`), uniformly distributed between `min_ms` and `max_ms`, or log-normally distributed with `median_ms` and `sigma`."""

    fixed_ms: NotRequired[None]
    max_ms: NotRequired[None]
    median_ms: float
    """Half of all delays are shorter than this."""
    min_ms: NotRequired[None]
    sigma: float
    """The standard deviation of the logarithm."""


Delay: TypeAlias = Union[Delay1, Delay2, Delay3]
"""A delay in milliseconds: always the same (`fixed_ms`), uniformly distributed between `min_ms` and `max_ms`, or log-normally distributed with `median_ms` and `sigma`."""


class Difference(TypedDict):
    """A difference as it is shown to users: without secrets, shortened, and with a hint at its cause."""

    expected: str
    """A description of the accepted values."""
    found: Optional[str]
    """The value; `null` if there is none."""
    hint: Optional[str]
    """A possible cause."""
    name: Optional[str]
    """The name of the parameter, header or field."""
    part: Literal["method", "path", "query", "header", "field", "body", "status", "provenance", "predicate"]
    """The part of the request."""


class Error(TypedDict):
    """The body of every error response."""

    error: str
    """The value, its place, and the accepted values."""


class FieldDifference(TypedDict):
    """The difference of one field."""

    after: Optional[str]
    """The value after; `null` if there is none, `[redacted]` for a secret."""
    before: Optional[str]
    """The value before; `null` if there was none, `[redacted]` for a secret."""
    is_secret: bool
    name: str


class FieldValue(TypedDict):
    name: str
    path: Optional[str]
    """The path that the value leads to, if it is a link."""
    value: str


class FixtureDiagnostic(TypedDict):
    column: Optional[int]
    """From 1, in characters."""
    line: Optional[int]
    """From 1; `null` if the error concerns the whole file or folder."""
    message: str
    """A message with the value and the accepted values."""
    path: str
    """The file or folder."""


class FixtureErrors(TypedDict):
    """The errors in the files."""

    error: str
    mistakes: list[FixtureDiagnostic]
    """The first hundred."""
    more_mistakes: NotRequired[Optional[int]]
    """The number of the others; absent if there are none."""


class Header(TypedDict):
    name: str
    value: str


class Health(TypedDict):
    cuc_version: str
    """The emulated release of Unity Connection."""
    status: Literal["up"]
    version: str
    """The version of this server."""


class InferredResponse(TypedDict):
    """
    A response that relied on an inferred fact, and not on a documented or captured one. Requests that differ only in the parameters of the path, and met the same rule, are counted together.

    Its text is a line such as `#3 POST /vmrest/tenants, answered with 400, 2 times: Invalid parameter. …`
    """

    count: int
    """The number of such requests."""
    method: str
    """The method of the request."""
    number: int
    """The number of the first such request in the journal."""
    path: str
    """The path of the first such request."""
    rule: str
    """The inferred fact: the evidence for the response, or the rule that rejected the request."""
    space: str
    """The name of the space."""
    status: int
    """The status of the response."""


class Link(TypedDict):
    """An operation of the control plane."""

    method: str
    path: str
    summary: str


class ModifyingEffect1(TypedDict):
    """Send the response with this content type."""

    content_type: str


class Cut(TypedDict):
    after: int
    """After this many bytes of the body."""
    reset: NotRequired[Optional[bool]]
    """`true` resets the connection (RST); by default, it is closed (FIN)."""


class ModifyingEffect2(TypedDict):
    """End the connection in the middle of the body."""

    cut: Cut


class Dribble(TypedDict):
    bytes: int
    """The number of bytes to send at a time."""
    every_ms: float
    """The pause between them."""


class ModifyingEffect3(TypedDict):
    """Send the body a few bytes at a time."""

    dribble: Dribble


ModifyingEffect: TypeAlias = Union[
    Literal["malformed_chunk"],
    Literal["truncate"],
    ModifyingEffect1,
    ModifyingEffect2,
    ModifyingEffect3,
]


class NewSpace(TypedDict):
    name: str
    """The name, of 1 to 256 bytes, and not `*`."""
    seed: NotRequired[Optional[int]]
    """The seed of everything random in the space, together with its name; by default, the seed of the server."""


class ObjectDifference(TypedDict):
    """The difference of one object."""

    change: Change
    fields: list[FieldDifference]
    """The fields with different values, in the order of a response. Links are left out."""
    name: Optional[str]
    """The name of the object, if it has one."""
    path: str
    """The path of the object."""
    resource: str
    """The path of the resource below `/vmrest`."""


class ObjectLink(TypedDict):
    """A link to another object, or from one."""

    field: str
    """The field that refers to the other object."""
    name: Optional[str]
    path: str
    resource: str
    """The path of its resource below `/vmrest`."""


class ObjectRow(TypedDict):
    """One row of the table."""

    path: str
    tenant: Optional[str]
    """The `ObjectId` of its tenant, if it has one."""
    values: list[Optional[str]]
    """The values of the columns; `null` if the object has none."""


Provenance: TypeAlias = Literal["documented", "captured", "client", "inferred"]
"""The provenance of a fact about the vendor's API, from the surest to the least sure."""


class RejectionReason(TypedDict):
    """
    The reason why the server rejected a request.

    Its text is the message of the response with the evidence, such as `Invalid parameter. Parameter = [ServerType], Value = [9]: expected 1, 4 or 5 (documented: …)`.
    """

    evidence: str
    """The evidence for the rule, or for the rejection: `documented`, `captured`, `client` or `inferred`, and its source if there is one."""
    expected: Optional[str]
    """The values that the rule of the field expects."""
    field: Optional[str]
    """The field whose value breaks a rule; `null` if the reason is another one."""
    kind: str
    """The kind of error, such as `invalid_data` or `not_found`."""
    message: str
    """The message of the response."""
    value: Optional[str]
    """The value of the field."""


class ReplacingEffect1(TypedDict):
    """Send this response instead."""

    answer: CustomResponse


class Throttle(TypedDict):
    at_once: int
    """The maximum number of requests in flight."""


class ReplacingEffect2(TypedDict):
    """503 while this many other requests are in flight."""

    throttle: Throttle


ReplacingEffect: TypeAlias = Union[
    Literal["no_answer"],
    Literal["reset"],
    Literal["close"],
    Literal["busy"],
    Literal["locked_out"],
    Literal["read_only"],
    Literal["tomcat_error"],
    Literal["login_page"],
    ReplacingEffect1,
    ReplacingEffect2,
]


class RequestSummary(TypedDict):
    """A request of the journal."""

    inferred: Optional[str]
    """The inferred fact that the response relies on; `null` if there is none."""
    method: str
    number: int
    """The number in the journal."""
    path: str
    reason: Optional[RejectionReason]
    """The reason for a rejection; `null` if the request was not rejected."""
    status: Optional[int]
    """`null` if no response was sent, or none yet."""


class ResourceChange(TypedDict):
    added: int
    changed: int
    removed: int
    reordered: bool
    """True if the records that are in both have another order."""
    resource: str
    """The path of the resource below `/vmrest`, such as `tenants`."""


class ResourceCoverage(TypedDict):
    """The coverage of one resource."""

    asked: CategoryCoverage
    """The fields that a list can be filtered or sorted by."""
    resource: str
    """The path below `/vmrest`, for example `externalservices`."""
    statuses: CategoryCoverage
    """The statuses of each verb, for example `update 400`."""
    verbs: CategoryCoverage
    """The verbs `list`, `read`, `create`, `update` and `delete`, and the views by their paths. A request counts whatever its status."""
    written: CategoryCoverage
    """The fields that a client can set. A field counts if it was in the body of a successful request."""


class ResourceSummary(TypedDict):
    """A resource, with the number of its records."""

    columns: list[str]
    """The fields that a table shows first."""
    element: str
    """The element of an object."""
    list: str
    """The element of a list."""
    parent: Optional[str]
    """The path of the resource above it, if there is one."""
    path: str
    """The path below `/vmrest`; a segment in braces is the value of a field."""
    records: int
    """The number of records, with any values in the path."""
    single: bool
    """True if there is one object at the path."""
    verbs: list[str]
    """The verbs that clients can use at the path."""


class Response(TypedDict):
    """The response to a request."""

    body: Optional[str]
    """`null` if the journal does not keep it."""
    body_bytes: Optional[int]
    """The length of the whole body."""
    body_cut: bool
    """`true` if only the beginning of the body is kept."""
    body_encoding: Optional[Literal["text", "base64"]]
    """The encoding of `body`."""
    headers: list[Header]
    status: int


class RuleFact(TypedDict):
    """A rule in words."""

    provenance: Provenance
    rule: str
    source: str


class Snapshots(TypedDict):
    snapshots: list[str]
    """The names, in alphabetical order."""


class Space(TypedDict):
    name: str
    seed: int
    """The seed of everything random in the space."""


class SpaceList(TypedDict):
    spaces: list[Space]
    """All spaces, the default one first."""


class StateDiagnostic(TypedDict):
    column: Optional[int]
    """From 1, in characters."""
    line: Optional[int]
    """From 1; `null` if the error is not in a particular line."""
    message: str
    """A message with the value and the accepted values."""


class StateErrors(TypedDict):
    """The errors in a state."""

    error: str
    mistakes: list[StateDiagnostic]
    """The first hundred."""
    more_mistakes: NotRequired[Optional[int]]
    """The number of the others; absent if there are none."""


class TemplateFact(TypedDict):
    """A parameter of the query string that selects an object to copy a new one from."""

    field: str
    """The field of the other object that the parameter has the value of."""
    parameter: str
    provenance: Provenance
    resource: str
    """The path of the resource of the other object."""
    source: str


class ValuePattern1(TypedDict):
    """The accepted values: this text, a text that starts with or contains this one, or `null` if the name must not occur."""

    startswith: str


class ValuePattern2(TypedDict):
    """The accepted values: this text, a text that starts with or contains this one, or `null` if the name must not occur."""

    contains: str


ValuePattern: TypeAlias = Optional[Union[str, ValuePattern1, ValuePattern2]]
"""The accepted values: this text, a text that starts with or contains this one, or `null` if the name must not occur."""


class VerbFact(TypedDict):
    """A verb, and the evidence for the responses to it."""

    provenance: Provenance
    source: str
    verb: str


class VerificationSuccess(TypedDict):
    """The result of a successful verification."""

    found: int
    """The number of matching requests."""
    verified: Literal[True]


class Clock(TypedDict):
    mode: ClockMode
    """The mode."""
    time: str
    """The current time."""


class Coverage(TypedDict):
    """The coverage of the API."""

    inferred: list[InferredResponse]
    """The responses that relied on inferred facts: up to 100 different ones for each space."""
    inferred_omitted: int
    """The number of requests whose responses are not listed."""
    offered: int
    """The number of verbs, statuses, fields and responses of the user."""
    percent: float
    resources: list[ResourceCoverage]
    responses: CategoryCoverage
    """The responses of the user."""
    touched: int
    """The number of covered ones."""


Diff = TypedDict(
    "Diff",
    {
        "created": int,
        "deleted": int,
        "from": str,
        "is_complete": bool,
        "objects": list[ObjectDifference],
        "updated": int,
    },
)


Effect: TypeAlias = Union[ReplacingEffect, ModifyingEffect]
"""The effect of a fault: the name of an effect, or an object with the name and the parameters of an effect."""


class FaultRequests(TypedDict):
    """Selects requests. All given conditions apply; an empty pattern selects every request."""

    fields: NotRequired[Optional[dict[str, Union[ValuePattern, list[ValuePattern]]]]]
    """The decoded values of fields of the request body, by name; at most 100 values, including those in lists."""
    headers: NotRequired[Optional[dict[str, Union[ValuePattern, list[ValuePattern]]]]]
    """The values of request headers, by name; at most 100 values, including those in lists."""
    matching: NotRequired[list[str]]
    """The descriptions of conditions in the code of a Rust test."""
    method: NotRequired[Optional[str]]
    """The method, in upper case."""
    path: NotRequired[Optional[str]]
    """The path: one below `/vmrest` such as `externalservices/*`, or an absolute one. `*` matches any characters but a slash, `**` any characters at all. At most 2000 bytes, not counting a leading `/vmrest/`."""
    query: NotRequired[Optional[dict[str, Union[ValuePattern, list[ValuePattern]]]]]
    """The decoded values of parameters of the query string, by name; at most 100 values, including those in lists."""


class FieldFact(TypedDict):
    """A field with its rules."""

    access: str
    """`read-write`, `read-only`, `create` (at the creation only), `secret` (it reads back empty), `write-only` or `internal`."""
    choices: Optional[list[str]]
    """The only values that the field accepts in every object."""
    kind: str
    name: str
    provenance: Provenance
    references: Optional[str]
    """The path of the resource whose objects it refers to."""
    rules: list[RuleFact]
    source: str


class FixtureChanges(TypedDict):
    """The differences between the new fixtures and the previous ones."""

    changes: list[ResourceChange]
    """One element for each resource that differs."""


class Index(TypedDict):
    cuc_version: str
    """The emulated release of Unity Connection."""
    openapi: str
    """The path of the complete description."""
    operations: list[Link]
    """The operations in the order of their paths."""
    sign_in: str
    """The credentials that the vendor's API needs: `none`, `any`, those of `users` on the command line, or also those of the users in the `store`."""
    spaces: str
    """`auto` if the name of each user is that of a space, `off` if it has to exist."""
    version: str
    """The version of this server."""


class NearMiss(TypedDict):
    """A request that almost matches the pattern."""

    differences: list[Difference]
    inferred: Optional[str]
    """The inferred fact that the response relies on; `null` if there is none."""
    method: str
    number: int
    """The number in the journal."""
    path: str
    reason: Optional[RejectionReason]
    """The reason for a rejection; `null` if the request was not rejected."""
    status: Optional[int]
    """`null` if no response was sent, or none yet."""


class NewFault1(TypedDict):
    """A fault. A response can be sent back as a request, which ignores `number`, `matched`, `hits` and `active`."""

    active: NotRequired[Any]
    """Ignored."""
    delay: NotRequired[Optional[Delay]]
    """The delay of the response."""
    effect: ReplacingEffect
    handled: NotRequired[Optional[bool]]
    """`true` handles the request before it fails, for effects that replace the response."""
    hits: NotRequired[Any]
    """Ignored."""
    matched: NotRequired[Any]
    """Ignored."""
    nth: NotRequired[Optional[int]]
    """The first of these requests that the fault may hit; the only one if neither `times` nor `probability` is given."""
    number: NotRequired[Any]
    """Ignored."""
    preset: NotRequired[None]
    probability: NotRequired[Optional[float]]
    """The probability of a hit."""
    requests: NotRequired[Optional[FaultRequests]]
    """The requests that the fault may hit: all of them by default."""
    times: NotRequired[Optional[int]]
    """The fault ends after this many hits."""
    until: NotRequired[Optional[str]]
    """The fault ends at this time on the clock of its space."""


class NewFault2(TypedDict):
    """A fault. A response can be sent back as a request, which ignores `number`, `matched`, `hits` and `active`."""

    active: NotRequired[Any]
    """Ignored."""
    delay: NotRequired[Optional[Delay]]
    """The delay of the response."""
    effect: NotRequired[None]
    handled: NotRequired[Optional[bool]]
    """`true` handles the request before it fails, for effects that replace the response."""
    hits: NotRequired[Any]
    """Ignored."""
    matched: NotRequired[Any]
    """Ignored."""
    nth: NotRequired[Optional[int]]
    """The first of these requests that the fault may hit; the only one if neither `times` nor `probability` is given."""
    number: NotRequired[Any]
    """Ignored."""
    preset: Literal["busy", "locked_out", "read_only", "tomcat_error", "login_page", "throttled", "no_answer", "reset", "close"]
    probability: NotRequired[Optional[float]]
    """The probability of a hit."""
    requests: NotRequired[Optional[FaultRequests]]
    """The requests that the fault may hit: all of them by default."""
    times: NotRequired[Optional[int]]
    """The fault ends after this many hits."""
    until: NotRequired[Optional[str]]
    """The fault ends at this time on the clock of its space."""


class NewFault3(TypedDict):
    """A fault. A response can be sent back as a request, which ignores `number`, `matched`, `hits` and `active`."""

    active: NotRequired[Any]
    """Ignored."""
    delay: NotRequired[Optional[Delay]]
    """The delay of the response."""
    effect: ModifyingEffect
    handled: NotRequired[None]
    hits: NotRequired[Any]
    """Ignored."""
    matched: NotRequired[Any]
    """Ignored."""
    nth: NotRequired[Optional[int]]
    """The first of these requests that the fault may hit; the only one if neither `times` nor `probability` is given."""
    number: NotRequired[Any]
    """Ignored."""
    preset: NotRequired[None]
    probability: NotRequired[Optional[float]]
    """The probability of a hit."""
    requests: NotRequired[Optional[FaultRequests]]
    """The requests that the fault may hit: all of them by default."""
    times: NotRequired[Optional[int]]
    """The fault ends after this many hits."""
    until: NotRequired[Optional[str]]
    """The fault ends at this time on the clock of its space."""


class NewFault4(TypedDict):
    """A fault. A response can be sent back as a request, which ignores `number`, `matched`, `hits` and `active`."""

    active: NotRequired[Any]
    """Ignored."""
    delay: NotRequired[Optional[Delay]]
    """The delay of the response."""
    effect: NotRequired[None]
    handled: NotRequired[None]
    hits: NotRequired[Any]
    """Ignored."""
    matched: NotRequired[Any]
    """Ignored."""
    nth: NotRequired[Optional[int]]
    """The first of these requests that the fault may hit; the only one if neither `times` nor `probability` is given."""
    number: NotRequired[Any]
    """Ignored."""
    preset: Literal["truncated_xml", "wrong_content_type", "malformed_chunk"]
    probability: NotRequired[Optional[float]]
    """The probability of a hit."""
    requests: NotRequired[Optional[FaultRequests]]
    """The requests that the fault may hit: all of them by default."""
    times: NotRequired[Optional[int]]
    """The fault ends after this many hits."""
    until: NotRequired[Optional[str]]
    """The fault ends at this time on the clock of its space."""


class NewFault5(TypedDict):
    """A fault. A response can be sent back as a request, which ignores `number`, `matched`, `hits` and `active`."""

    active: NotRequired[Any]
    """Ignored."""
    delay: Delay
    """The delay of the response."""
    effect: NotRequired[None]
    handled: NotRequired[None]
    hits: NotRequired[Any]
    """Ignored."""
    matched: NotRequired[Any]
    """Ignored."""
    nth: NotRequired[Optional[int]]
    """The first of these requests that the fault may hit; the only one if neither `times` nor `probability` is given."""
    number: NotRequired[Any]
    """Ignored."""
    preset: NotRequired[None]
    probability: NotRequired[Optional[float]]
    """The probability of a hit."""
    requests: NotRequired[Optional[FaultRequests]]
    """The requests that the fault may hit: all of them by default."""
    times: NotRequired[Optional[int]]
    """The fault ends after this many hits."""
    until: NotRequired[Optional[str]]
    """The fault ends at this time on the clock of its space."""


NewFault: TypeAlias = Union[NewFault1, NewFault2, NewFault3, NewFault4, NewFault5]
"""A fault. A response can be sent back as a request, which ignores `number`, `matched`, `hits` and `active`."""


class ObjectDetails(TypedDict):
    """An object with its links."""

    element: str
    fields: list[FieldValue]
    """The fields in a response, in their order."""
    json: str
    """The body of a response in JSON."""
    path: str
    references: list[ObjectLink]
    """The objects that it refers to."""
    referrers: list[ObjectLink]
    """Objects that refer to it: the first hundred."""
    referrers_total: int
    """The number of all objects that refer to it."""
    resource: str
    """The path of its resource below `/vmrest`."""
    xml: str
    """The body of a response in XML."""


class ObjectList(TypedDict):
    columns: list[str]
    """The fields in `values`."""
    objects: list[ObjectRow]
    total: int
    """The number of selected objects on all pages."""


class Request(TypedDict):
    """One request with its response."""

    answer: Optional[Response]
    """The response; `null` if none was sent, or none yet."""
    body: Optional[str]
    """`null` if the server did not read it."""
    body_bytes: Optional[int]
    """The length of the whole body."""
    body_cut: bool
    """`true` if only the beginning of the body is kept."""
    body_encoding: Optional[Literal["text", "base64"]]
    """The encoding of `body`."""
    duration_us: Optional[int]
    """The time until the response was ready, in microseconds."""
    fault: Optional[int]
    """The number of the fault that hit the request."""
    headers: list[Header]
    inferred: Optional[str]
    """The inferred fact that the response relies on; `null` if there is none."""
    method: str
    number: int
    """Counts from 1 in the order of arrival, in each space and after each reset."""
    path: str
    provenance: Optional[str]
    """The evidence for the response: its header `X-Cuc-Mock-Provenance`."""
    query: Optional[str]
    """The query string as it was sent."""
    reason: Optional[RejectionReason]
    """The reason for a rejection; `null` if the request was not rejected."""
    space: str
    """The name of the space that answered the request."""
    time: str
    """The time of arrival on the clock of the space."""


class RequestList(TypedDict):
    """Requests in the order of their arrival."""

    dropped: int
    """The number of requests that the journal no longer keeps."""
    last: Optional[int]
    """The value of `since` for the next requests; `null` with `space=*`."""
    requests: list[Request]


class RequestPattern(TypedDict):
    """Selects requests. All given conditions apply; an empty pattern selects every request."""

    fields: NotRequired[Optional[dict[str, Union[ValuePattern, list[ValuePattern]]]]]
    """The decoded values of fields of the request body, by name; at most 100 values, including those in lists."""
    headers: NotRequired[Optional[dict[str, Union[ValuePattern, list[ValuePattern]]]]]
    """The values of request headers, by name; at most 100 values, including those in lists."""
    matching: NotRequired[list[str]]
    """The descriptions of conditions in the code of a Rust test."""
    method: NotRequired[Optional[str]]
    """The method, in upper case."""
    path: NotRequired[Optional[str]]
    """The path: one below `/vmrest` such as `externalservices/*`, or an absolute one. `*` matches any characters but a slash, `**` any characters at all. At most 2000 bytes, not counting a leading `/vmrest/`."""
    provenance: NotRequired[Optional[Provenance]]
    """The provenance of the response, or of the rule that rejected the request."""
    query: NotRequired[Optional[dict[str, Union[ValuePattern, list[ValuePattern]]]]]
    """The decoded values of parameters of the query string, by name; at most 100 values, including those in lists."""
    status: NotRequired[Optional[int]]
    """The status of the response."""


class ResourceDetails(TypedDict):
    """A resource with its fields."""

    columns: list[str]
    """The fields that a table shows first."""
    element: str
    """The element of an object."""
    fields: list[FieldFact]
    """In the order of a response."""
    file: Optional[str]
    """The description in the sources; `null` if the server has other resources than the embedded ones."""
    list: str
    """The element of a list."""
    parent: Optional[str]
    """The path of the resource above it, if there is one."""
    path: str
    """The path below `/vmrest`; a segment in braces is the value of a field."""
    records: int
    """The number of records, with any values in the path."""
    requests: list[VerbFact]
    single: bool
    """True if there is one object at the path."""
    templates: list[TemplateFact]
    """The parameters of the query string of which a create needs one."""
    verbs: list[str]
    """The verbs that clients can use at the path."""


class ResourceList(TypedDict):
    resources: list[ResourceSummary]


class VerificationReport(TypedDict):
    """The result of a failed verification."""

    closest: list[NearMiss]
    """The requests with the fewest differences."""
    dropped: int
    """The number of requests that the journal no longer keeps."""
    error: str
    """The whole report as text."""
    expected: str
    """The expectation in words."""
    found: int
    """The number of matching requests."""
    matching: list[RequestSummary]
    """The matching requests, if there are too many."""
    requests_seen: int
    """The number of requests that the journal keeps."""
    verified: Literal[False]


class VerificationRequest1(TypedDict):
    """Expected requests: at least one, unless one of `exactly`, `at_least`, `at_most` and `never` is given."""

    after: NotRequired[Optional[list[RequestPattern]]]
    """Only requests after a sequence of requests that match these patterns, in this order."""
    at_least: NotRequired[None]
    at_most: NotRequired[None]
    exactly: NotRequired[None]
    never: NotRequired[None]
    requests: RequestPattern
    """The requests to count."""
    within_ms: NotRequired[Optional[int]]
    """Wait at most this long for the expectation to be met, in milliseconds."""


class VerificationRequest2(TypedDict):
    """Expected requests: at least one, unless one of `exactly`, `at_least`, `at_most` and `never` is given."""

    after: NotRequired[Optional[list[RequestPattern]]]
    """Only requests after a sequence of requests that match these patterns, in this order."""
    at_least: NotRequired[None]
    at_most: NotRequired[None]
    exactly: int
    """Exactly this many."""
    never: NotRequired[None]
    requests: RequestPattern
    """The requests to count."""
    within_ms: NotRequired[Optional[int]]
    """Wait at most this long for the expectation to be met, in milliseconds."""


class VerificationRequest3(TypedDict):
    """Expected requests: at least one, unless one of `exactly`, `at_least`, `at_most` and `never` is given."""

    after: NotRequired[Optional[list[RequestPattern]]]
    """Only requests after a sequence of requests that match these patterns, in this order."""
    at_least: int
    """This many or more."""
    at_most: NotRequired[None]
    exactly: NotRequired[None]
    never: NotRequired[None]
    requests: RequestPattern
    """The requests to count."""
    within_ms: NotRequired[Optional[int]]
    """Wait at most this long for the expectation to be met, in milliseconds."""


class VerificationRequest4(TypedDict):
    """Expected requests: at least one, unless one of `exactly`, `at_least`, `at_most` and `never` is given."""

    after: NotRequired[Optional[list[RequestPattern]]]
    """Only requests after a sequence of requests that match these patterns, in this order."""
    at_least: NotRequired[None]
    at_most: int
    """This many or fewer."""
    exactly: NotRequired[None]
    never: NotRequired[None]
    requests: RequestPattern
    """The requests to count."""
    within_ms: NotRequired[Optional[int]]
    """Wait at most this long for the expectation to be met, in milliseconds."""


class VerificationRequest5(TypedDict):
    """Expected requests: at least one, unless one of `exactly`, `at_least`, `at_most` and `never` is given."""

    after: NotRequired[Optional[list[RequestPattern]]]
    """Only requests after a sequence of requests that match these patterns, in this order."""
    at_least: NotRequired[None]
    at_most: NotRequired[None]
    exactly: NotRequired[None]
    never: Literal[True]
    """No request; `false` is not accepted."""
    requests: RequestPattern
    """The requests to count."""
    within_ms: NotRequired[Optional[int]]
    """Wait at most this long for the expectation to be met, in milliseconds."""


VerificationRequest: TypeAlias = Union[
    VerificationRequest1,
    VerificationRequest2,
    VerificationRequest3,
    VerificationRequest4,
    VerificationRequest5,
]
"""Expected requests: at least one, unless one of `exactly`, `at_least`, `at_most` and `never` is given."""


class Fault(TypedDict):
    """A fault. A response can be sent back as a request, which ignores `number`, `matched`, `hits` and `active`."""

    active: bool
    """`true` if the fault can hit more requests."""
    delay: NotRequired[Optional[Delay]]
    """The delay of the response."""
    effect: NotRequired[Optional[Effect]]
    """The effect of a hit."""
    handled: NotRequired[Optional[bool]]
    """`true` handles the request before it fails, for effects that replace the response."""
    hits: int
    """The number of requests that the fault has hit."""
    matched: int
    """The number of matching requests that have arrived."""
    nth: NotRequired[Optional[int]]
    """The first of these requests that the fault may hit; the only one if neither `times` nor `probability` is given."""
    number: int
    """Counts from 1 in each space."""
    probability: NotRequired[Optional[float]]
    """The probability of a hit."""
    requests: NotRequired[Optional[FaultRequests]]
    """The requests that the fault may hit: all of them by default."""
    times: NotRequired[Optional[int]]
    """The fault ends after this many hits."""
    until: NotRequired[Optional[str]]
    """The fault ends at this time on the clock of its space."""


class FaultInSpace(TypedDict):
    """A fault of one of several spaces."""

    active: bool
    """`true` if the fault can hit more requests."""
    delay: NotRequired[Optional[Delay]]
    """The delay of the response."""
    effect: NotRequired[Optional[Effect]]
    """The effect of a hit."""
    handled: NotRequired[Optional[bool]]
    """`true` handles the request before it fails, for effects that replace the response."""
    hits: int
    """The number of requests that the fault has hit."""
    matched: int
    """The number of matching requests that have arrived."""
    nth: NotRequired[Optional[int]]
    """The first of these requests that the fault may hit; the only one if neither `times` nor `probability` is given."""
    number: int
    """Counts from 1 in each space."""
    probability: NotRequired[Optional[float]]
    """The probability of a hit."""
    requests: NotRequired[Optional[FaultRequests]]
    """The requests that the fault may hit: all of them by default."""
    space: str
    times: NotRequired[Optional[int]]
    """The fault ends after this many hits."""
    until: NotRequired[Optional[str]]
    """The fault ends at this time on the clock of its space."""
