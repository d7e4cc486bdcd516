"""Raw readings as texts for people: what was run and read, and what it answered."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import field
from pathlib import PurePath

from m1doctor.model.reading import Reading
from m1doctor.model.record import record

_LONGEST_WORD = 400
"""Characters of one word of a command; a script on the command line is longer and tells nothing."""


@record(frozen=True, slots=True, kw_only=True)
class Raw:
    """What an examination saw before it became facts."""

    readings: tuple[Reading, ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    """Small files of the system and settings of installers, by path."""
    integers: dict[str, int | None] = field(default_factory=dict)
    """What the kernel was asked in-process."""
    environment: dict[str, str] = field(default_factory=dict)
    log: str | None = None
    """The log that was brought."""


def raw_texts(raw: Raw) -> dict[str, str]:
    """The members of the archive, by name; the order of commands that ran side by side does not change them."""
    texts: dict[str, str] = {}
    readings = sorted(raw.readings, key=lambda reading: reading.argv)  # stable: samples of one command keep their order
    for number, reading in enumerate(readings, 1):
        texts[f"readings/{number:03}-{_safe(PurePath(reading.argv[0]).name)}.txt"] = _reading_text(reading)
    if raw.integers:
        asked = (f"{name}: {'unknown' if value is None else value}" for name, value in sorted(raw.integers.items()))
        texts["readings/000-sysctlbyname.txt"] = "\n".join(asked) + "\n"
    for number, (path, text) in enumerate(sorted(raw.files.items()), 1):
        texts[f"files/{number:03}-{_safe(PurePath(path).name)}.txt"] = (
            f"/{path.lstrip('/')}\n----- content -----\n{text}"
        )
    if raw.environment:
        lines = (f"{name}={value}" for name, value in sorted(raw.environment.items()))
        texts["environment.txt"] = "\n".join(lines) + "\n"
    if raw.log is not None:
        texts["log.txt"] = raw.log
    return texts


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:40] or "unnamed"


def _reading_text(reading: Reading) -> str:
    words = (word if len(word) <= _LONGEST_WORD else f"{word[:_LONGEST_WORD]}…" for word in reading.argv)
    return "\n".join([f"$ {shlex.join(words)}", *_ending(reading), *_streams(reading)]) + "\n"


def _ending(reading: Reading) -> Iterator[str]:
    if reading.error is not None:
        yield f"could not be started: {reading.error}"
    elif reading.signal is not None:
        yield f"ended by signal {reading.signal}{' (our time limit)' if reading.timed_out else ''}"
    else:
        yield f"exit status {reading.returncode}"
    yield f"after {reading.seconds:.3f} s"


def _streams(reading: Reading) -> Iterator[str]:
    for name in ("stdout", "stderr", "report"):
        text: str = getattr(reading, name)
        if text:
            yield f"----- {name} -----"
            yield text.rstrip("\n")
