"""The comments at the head of every form: what this is, for whom, and why these versions.

They hold no date of the writing, no address, and no path but those of the inputs, so that the same question gives the
same file.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from m1doctor.locks.lock import Lock, NotInThisFormError

_WIDTH = 120


def heading(lock: Lock, *install: str) -> list[str]:
    """The comments, a line each; `install` are the commands that install it."""
    lines = [f"# {one_line(lock.title)}", f"# Target: {one_line(str(lock.target))}"]
    for asked in lock.asked:  # read again by `locks.reading`: a line each, however long
        if asked.requirements or asked.file:
            lines.append(f"# {'Limited' if asked.limits else 'Asked for'} by {one_line(str(asked))}:")
            lines += [f"#   {one_line(requirement)}" for requirement in asked.requirements]
    lines += [f"# Install: {one_line(command)}" for command in install]  # to be copied: a line each, too
    return [*lines, *(line for text in _lines(lock) for line in _comment(text))]


def _comment(text: str) -> list[str]:
    """A line of `_lines` as comments; what belongs to a title above it is indented, and its second line further."""
    indent = "#   " if text.startswith(" ") else "# "
    return wrap(one_line(text), _WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ", break_long_words=False)


def _lines(lock: Lock) -> Iterator[str]:
    if lock.unhashed is not None:
        yield f"WITHOUT HASHES: {lock.unhashed}."
    if lock.exclude_newer is not None:
        yield f"Published until: {lock.exclude_newer}"
    yield from _section("Why these versions:", lock.remarks)
    yield from _section("What speaks against them:", lock.warnings)
    yield from _section("BROKEN as examined; this file repeats these faults, it does not mend them:", lock.broken)
    if lock.sources:
        yield f"Compiled from source when installed: {', '.join(lock.sources)}"
    left_out = (f"{f'{left.name} {left.version}'.strip()}: {left.reason}" for left in lock.left_out)
    yield from _section("Installed, but not pinned here:", tuple(left_out))


def for_one_run_of_pip(lock: Lock) -> None:
    """Refuse a lock for a form whose installer gives pip everything at once. Raises `NotInThisFormError`."""
    if lock.built_beside:
        message = (
            f"conda gives pip all packages at once, and {', '.join(lock.built_beside)} is built against a TensorFlow "
            "that is already there; the forms requirements, pylock and explicit can say so"
        )
        raise NotInThisFormError(message)


def _section(title: str, lines: tuple[str, ...]) -> Iterator[str]:
    if lines:
        yield title
        yield from (f" {line}" for line in lines)


def one_line(text: str) -> str:
    """`text` as one printable line: what comes from metadata must not end the comment that holds it."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
