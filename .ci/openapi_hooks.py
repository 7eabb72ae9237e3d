"""Facts about the control plane that its description cannot express, for schemathesis."""

from datetime import datetime, timezone

import schemathesis
from hypothesis import strategies

# The longest wait that the server accepts, and the wait that replaces a generated one.
WAITS = {"wait": (60, 0.02), "within_ms": (60_000, 20)}
ENDS = ("min_ms", "max_ms")


def timestamp(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


# The clock accepts no time before 1970.
schemathesis.openapi.format("date-time", strategies.integers(0, 7_999_999_999).map(timestamp))


def is_long(asked, short, longest):
    """True for an accepted wait that is too long for a test. Query values are texts, and body values are numbers."""
    if type(asked) not in (int, float, str):
        return False
    try:
        return short < float(asked) <= longest
    except ValueError:
        return False


@schemathesis.hook
def before_call(context, case, kwargs):
    for sent in (case.query, case.body):
        if isinstance(sent, dict):
            shorten_waits(sent)
            repair(sent)


def shorten_waits(sent):
    """Shortens accepted waits, which could take a minute each."""
    for name, (longest, short) in WAITS.items():
        if is_long(sent.get(name), short, longest):
            sent[name] = short


def repair(sent):
    """Repairs combinations of values that the server rejects and a schema cannot express."""
    if sent.get("space") == "*":
        sent.pop("since", None)
        sent.pop("wait", None)
    delay = sent.get("delay")
    if isinstance(delay, dict) and all(type(delay.get(end)) in (int, float) for end in ENDS):
        for end, value in zip(ENDS, sorted(delay[end] for end in ENDS)):
            delay[end] = value
