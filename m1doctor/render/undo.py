"""What can be taken back, and that it was, as text."""

from __future__ import annotations

from m1doctor.model.account import Undoable
from m1doctor.render.page import Canvas
from m1doctor.render.plain import plain


def undoable_as_text(page: Canvas, change: Undoable) -> None:
    """When what was changed where."""
    page.whole(plain(f"{change.began}  {change.verb}  {change.environment}"), style="bold")
    for sentence in change.plan:
        page.add(plain(sentence), indent=2)
    if change.interrupted:
        page.add("interrupted", indent=2, style="yellow")


def undone_as_text(page: Canvas, change: Undoable) -> None:
    """That it was taken back."""
    page.add(plain(f"Taken back: it is as it was before {change.began}."), style="bold green")
