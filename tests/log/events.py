"""Events for the tests of the log."""

from datetime import UTC, datetime

from zhangfa.log.append import Appended, append_event

AT = datetime(2026, 11, 22, 6, 42, tzinfo=UTC)


def add_event(key: str, *, record: int | None = None, text: str = "路灯不亮") -> Appended:
    """Append a plausible step."""
    return append_event(
        key=key, ts=AT, kind="step", charter="residents-requests", version=1, register="residents-requests.request",
        record=record, step="ask", unit=12, payload={"content": text, "photos": [], "n": 3},
    )  # fmt: skip


def add_events(count: int, *, start: int = 0) -> None:
    """Append `count` events with keys ``e<start>`` on."""
    for number in range(start, start + count):
        add_event(f"e{number}", record=number % 7 + 1)
