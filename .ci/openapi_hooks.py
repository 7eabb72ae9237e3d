"""What schemathesis has to know of the control plane besides its description."""

from datetime import datetime, timezone

import schemathesis
from hypothesis import strategies

# The longest that may be asked for, and what is asked for instead.
WAITS = {"wait": (60, 0.02), "within_ms": (60_000, 20)}
ENDS = ("min_ms", "max_ms")


def told(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


# A clock tells no time before 1970.
schemathesis.openapi.format("date-time", strategies.integers(0, 7_999_999_999).map(told))


def is_long(asked, short, longest):
    """A query holds texts, and a body numbers."""
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
            cut_short(sent)
            agree(sent)


def cut_short(sent):
    """Cuts the waits short that would be granted: nobody has a minute for each."""
    for name, (longest, short) in WAITS.items():
        if is_long(sent.get(name), short, longest):
            sent[name] = short


def agree(sent):
    """Mends what is refused for two values that do not go together, which no schema can say."""
    if sent.get("space") == "*":
        sent.pop("since", None)
        sent.pop("wait", None)
    delay = sent.get("delay")
    if isinstance(delay, dict) and all(type(delay.get(end)) in (int, float) for end in ENDS):
        for end, value in zip(ENDS, sorted(delay[end] for end in ENDS)):
            delay[end] = value
