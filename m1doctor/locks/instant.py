"""The moment until which releases are considered, the same wherever it is read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from m1doctor.errors import UserError


def end_of(text: str) -> str:
    """A date as the end of that day in UTC, since uv would take the end of the day where it runs; a time as it is.

    Raises `UserError` for what is neither.
    """
    try:
        return f"{date.fromisoformat(text) + timedelta(days=1)}T00:00:00Z"
    except (ValueError, OverflowError):
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = f"--exclude-newer: {text!r} is neither a date such as 2026-11-23 nor a time such as 2026-11-23T12:00Z"
        raise UserError(message) from None
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
