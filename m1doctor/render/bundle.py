"""What `m1doctor report` says: where the archive is and what was taken out, or everything that would be in it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from m1doctor.model.report import Report
from m1doctor.render.plain import plain, plain_lines
from m1doctor.render.words import counted

_WIDTH = 80


def written_words(
    report: Report, path: Path, members: Mapping[str, bytes], removed: Sequence[str], *, redacted: bool
) -> str:
    """What was written and what to do with it."""
    size = sum(map(len, members.values()))
    lines = [
        *_wrapped(plain(report.verdict.headline)),
        "",
        plain(f"Written: {path}"),
        f"  {counted(len(members), 'file', 'files')}, {size / 1000:.0f} kB unpacked",
    ]
    if not redacted:
        lines += _wrapped("NOT REDACTED: it tells your name, your folders, and tokens where a text holds one.", "  ")
    elif removed:
        lines += _wrapped(f"Taken out: {', '.join(removed)}.", "  ")
    else:
        lines += _wrapped("Taken out: nothing was found that had to be.", "  ")
    lines += [
        *_wrapped("Attach it to the bug report and paste its report.md. To see all of it first: --preview.", "  "),
        *_wrapped("Whoever gets it: m1doctor diagnose --replay FILE comes to the same results.", "  "),
    ]
    return "\n".join(lines) + "\n"


def preview_words(members: Mapping[str, bytes]) -> str:
    """Every member, whole: what a person can read is what would leave the machine."""
    return "\n".join(_preview(members)) + "\n"


def _preview(members: Mapping[str, bytes]) -> Iterator[str]:
    yield f"{counted(len(members), 'file', 'files')} would be in the archive; nothing was written."
    for name, content in sorted(members.items()):
        yield ""
        yield f"===== {name} ({len(content)} bytes) ====="
        yield from plain_lines(content.decode("utf-8", "replace"))


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent)
