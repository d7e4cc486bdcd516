"""The text of a log as a bundle brings it: its beginning and its end."""

from __future__ import annotations

from pathlib import Path

KEEP_BYTES = 256 * 1024
"""Of each end; the cause stands at one of them, and what was recognised between is in the report."""


def kept_text(path: Path) -> str:
    """The beginning and the end of a log. Raises `OSError`."""
    with path.open("rb") as stream:
        head = stream.read(2 * KEEP_BYTES)
        size = stream.seek(0, 2)
        if size <= len(head):
            return _text(head)
        stream.seek(size - KEEP_BYTES)
        tail = stream.read(KEEP_BYTES)
    return f"{_text(head[:KEEP_BYTES])}\n[{size - 2 * KEEP_BYTES} bytes dropped]\n{_text(tail)}"


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")
