"""What a log says, judged: from sightings to findings under the ids of the checks that they speak for.

One cause is told once: a symptom (a death, a failed import, a list without a GPU) is left out where the log holds
something that the process died of, and a wording yields to the checks that it names in its entry.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import replace

from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Location
from m1doctor.model.log import Log, Sighting
from m1doctor.model.remedy import Remedy, Step, manual, run

BEFORE, AFTER = 60, 160
"""Lines around a failed import in which what explains it stands: a traceback with its notes."""
_AFTER_DEATH = 40
"""Lines after a death in which its stack and its words may follow."""
_ONE_BREATH = 6
"""Lines within which two wordings of one kind speak of one event."""
_ENVIRONMENT = re.compile(r"(?<![\w.~-])(?P<prefix>/[\w./+@~-]+?)/lib/python(?P<version>3\.\d{1,2})/site-packages/")


def hear(
    log: Log | None, registered: Container[str], selected: Container[str] | None = None
) -> dict[str, tuple[Finding, ...]]:
    """The findings of a log by the id of the check that they belong to. Without a log there are none.

    `registered` says which ids exist; a wording whose ids do not exist says nothing. `selected` are those that take
    part, all where it is `None`: no wording yields to another one.
    """
    if log is None or not log.sightings:
        return {}
    told: dict[str, list[Sighting]] = {}
    for sighting, check_id in _told(log, registered, registered if selected is None else selected):
        _merge(told.setdefault(check_id, []), sighting)
    return {check_id: tuple(_finding(log, sighting) for sighting in every) for check_id, every in told.items()}


def _merge(earlier: list[Sighting], sighting: Sighting) -> None:
    """Add a sighting, as further evidence where an earlier one a few lines before says the same."""
    for index, other in enumerate(earlier):
        if other.kind != sighting.kind or sighting.line - other.quote[-1].line > _ONE_BREATH:
            continue
        ours, theirs = sighting.details.items(), other.details.items()
        if ours <= theirs or theirs <= ours or "words" in sighting.details:
            details = other.details if len(other.details) >= len(sighting.details) else sighting.details
            quote = tuple(dict.fromkeys((*other.quote, *sighting.quote)))
            earlier[index] = replace(other, details=details, quote=quote)
            return
    earlier.append(sighting)


def _told(log: Log, registered: Container[str], selected: Container[str]) -> Iterator[tuple[Sighting, str]]:
    from m1doctor.knowledge.log_lines import Role, wordings  # noqa: PLC0415 - only where there is a log

    known = wordings()
    spoken = [
        (sighting, known[sighting.kind], check_id)
        for sighting in log.sightings
        if sighting.kind in known and known[sighting.kind].role in (Role.CAUSE, Role.SYMPTOM)
        for check_id in [next((name for name in known[sighting.kind].checks if name in registered), None)]
        if check_id is not None
    ]
    ids = {check_id for _, _, check_id in spoken if check_id in selected}
    fatal = [sighting for sighting in log.sightings if sighting.kind in known and known[sighting.kind].fatal]
    for sighting, wording, check_id in spoken:
        if any(name in ids and name != check_id for name in wording.yields_to):
            continue
        if wording.role is Role.SYMPTOM and any(_explains(other, sighting) for other in fatal):
            continue
        yield sighting, check_id


def _explains(cause: Sighting, symptom: Sighting) -> bool:
    """Whether what stands at `cause` is what the process of `symptom` failed of."""
    if symptom.kind == "import-fails":
        return symptom.line - BEFORE <= cause.line <= symptom.line + AFTER
    return cause.line <= symptom.line + _AFTER_DEATH


def _finding(log: Log, sighting: Sighting) -> Finding:
    from m1doctor.knowledge.log_lines import wordings  # noqa: PLC0415 - only where there is a log

    wording = wordings()[sighting.kind]
    words = _Words({**wording.defaults, **sighting.details})
    if "signal" in sighting.details:
        words["meaning"] = _meaning(sighting.details["signal"])
    evidence = [f"line {quote.line}: {quote.text}" for quote in sighting.quote]
    if sighting.count > 1:
        evidence.append(f"seen {sighting.count} times")
    message = " ".join(wording.says.format_map(words).split())
    return Finding(
        level=wording.level,
        message=message if message.endswith((".", "!", "?")) else f"{message}.",
        evidence=tuple(evidence),
        location=Location(path=log.source, line=sighting.line),
        remedy=_remedy(
            wording.remedy.format_map(words), tuple(step.format_map(words) for step in wording.steps), sighting
        ),
    )


class _Words(dict[str, str]):
    """Details for a message; one that a line does not give leaves no gap of braces."""

    def __missing__(self, key: str) -> str:
        return ""


def _meaning(signal: str) -> str:
    from m1doctor.knowledge.signals import signal_meanings  # noqa: PLC0415 - only for a death

    known = signal_meanings().get(signal)
    return known.meaning if known is not None else "a signal ended it"


def _remedy(summary: str, steps: tuple[str, ...], sighting: Sighting) -> Remedy:
    every: list[Step] = [manual(step) for step in steps] or [manual(summary)]
    python = _python(sighting)
    if python is not None:
        every.append(
            run(
                "Examine that environment, on the machine that the log comes from.",
                ("m1doctor", "diagnose", "--python", python),
                reversible=True,
            )
        )
    return Remedy(summary=summary, steps=tuple(every))


def _python(sighting: Sighting) -> str | None:
    """The interpreter of the environment that the quoted paths belong to."""
    for quote in sighting.quote:
        found = _ENVIRONMENT.search(quote.text)
        if found is not None and "..." not in found["prefix"]:
            return f"{found['prefix']}/bin/python{found['version']}"
    return None


def is_harmless(log: Log) -> bool:
    """Whether all of a log is known, and looks like trouble at most."""
    from m1doctor.knowledge.log_lines import Role, wordings  # noqa: PLC0415 - only where there is a log

    known = wordings()
    seen = [known[sighting.kind] for sighting in log.sightings if sighting.kind in known]
    quiet = all(wording.role is Role.HARMLESS or wording.quiet for wording in seen)
    return quiet and not log.unknown_lines and any(wording.role is Role.HARMLESS for wording in seen)


def unless_told(facts: Facts) -> str:
    """The `applies` of a check that knows its fault from the words of a log alone, where they were not heard.

    Such a log does not prove that there is no fault.
    """
    del facts
    return "the log says nothing of it"
