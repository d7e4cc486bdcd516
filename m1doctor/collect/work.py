"""The parts of the work over the children that they took: one, and a fresh one only after a death.

A part that dies does not take the others along: those behind it go on in a child of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, get_type_hints

from m1doctor.collect.answer import taken
from m1doctor.collect.child import EXIT_STAGE, Child
from m1doctor.knowledge.parts import SECTIONS, Part, parts
from m1doctor.model.bench import Bench
from m1doctor.model.correctness import Correctness
from m1doctor.model.load import Load
from m1doctor.model.runtime import ChildEnd, ChildOutcome
from m1doctor.model.unknown import Unknown, not_asked

SECTION_TYPES: dict[str, type[Any]] = {"correctness": Correctness, "bench": Bench}
"""The record of each section that the parts fill."""
MOST_HANGS = 2
"""A part that hangs costs its whole limit; after so many the rest is left out."""


class Work:
    """The parts that were asked for, and the children that ran them."""

    def __init__(self, wanted: Sequence[Part], first: Child) -> None:
        """Begin with the child that was given all of them."""
        self._wanted = tuple(wanted)
        self.children = [first]

    def go_on(self, start: Callable[[Sequence[Part]], Child]) -> None:
        """Give the parts that a death has left over to a child that `start` starts, as long as there are any."""
        while left := self._left_over():
            self.children.append(start(left))

    def _left_over(self) -> tuple[Part, ...]:
        last = self.children[-1]
        if last.end in (ChildEnd.FINISHED, ChildEnd.NOT_STARTED) or last.reading.timed_out:
            return ()
        if sum(child.end is ChildEnd.HUNG for child in self.children) >= MOST_HANGS:
            return ()
        names = [part.name for part in self._wanted]
        if last.last_stage in names:
            return self._wanted[names.index(last.last_stage) + 1 :]
        if len(self.children) == 1 and last.died_in(("devices", "placement")):
            return tuple(part for part in self._wanted if not part.on_device)
        return ()

    def ends(self) -> tuple[ChildOutcome, ...]:
        """How each part that began has ended, in their order, and how the last child left."""
        ends: list[ChildOutcome] = []
        for child in self.children:
            begun = [part.name for part in self._wanted if part.name in child.report.announced]
            ends += [child.outcome((name,)) for name in begun]
            fresh = child is not self.children[0]
            if EXIT_STAGE in child.report.announced and (begun or fresh):
                ends.append(child.outcome((EXIT_STAGE,)))
            elif fresh and child.last_stage not in begun:
                ends.append(child.outcome((child.last_stage or "",)))
        return tuple(ends)

    def sections(self, load: Load | None) -> dict[str, Any]:
        """The sections that the parts fill, and what the machine did meanwhile; one without a part is left out."""
        sections = {
            name: self._section(SECTION_TYPES[name], [part for part in self._wanted if part.section == name])
            for name in SECTIONS
            if any(part.section == name for part in self._wanted)
        }
        if "bench" in sections:
            missing = {} if load is not None else {"load": Unknown(in_words(self._first_end()))}
            bench = sections["bench"]
            sections["bench"] = replace(bench, load=load, unknown={**bench.unknown, **missing})
        return sections

    def _section(self, record: type[Any], wanted: Sequence[Part]) -> Any:
        types = get_type_hints(record)
        fields: dict[str, Any] = {}
        unknown: dict[str, Unknown] = {}
        asked = {part.name for part in wanted}
        for part in wanted:
            child = self._child_of(part)
            fields[part.name] = taken(child.report.answers.get(part.name), types[part.name])
            if fields[part.name] is None:
                unknown[part.name] = self._why_not(part, child)
        section = wanted[0].section
        for part in parts():
            if part.section == section and part.name not in asked:
                unknown[part.name] = not_asked(f"the part {part.name} was left out")
        return record(**fields, unknown=unknown)

    def _child_of(self, part: Part) -> Child:
        """The child that began the part; the last one, where none did."""
        return next((child for child in self.children if part.name in child.report.announced), self.children[-1])

    def _why_not(self, part: Part, child: Child) -> Unknown:
        if part.name in child.report.announced:
            return Unknown(in_words(child.outcome((part.name,))))
        return Unknown(in_words(self._first_end()))

    def _first_end(self) -> ChildOutcome:
        """What kept parts from beginning: the end of the last child that did not come to its own."""
        last = self.children[-1] if self.children[-1].end is not ChildEnd.FINISHED else self.children[0]
        return last.outcome((*last.report.announced, ""))


def in_words(outcome: ChildOutcome) -> str:
    """How a child or a part of it ended, as a reason for what is missing."""
    where = f"in the part {outcome.stage!r}" if outcome.stage else "before it ran anything"
    match outcome.end:
        case ChildEnd.NOT_STARTED:
            return f"the target's Python could not be started: {outcome.exception_message}"
        case ChildEnd.RAISED:
            return f"the target raised {outcome.exception_type} {where}"
        case ChildEnd.DIED:
            return f"the target died of {outcome.signal} {where}"
        case ChildEnd.HUNG:
            return f"the target gave no answer in {outcome.seconds:.0f} s, {where}"
        case ChildEnd.EXITED:
            return f"the target left with status {outcome.returncode} {where}"
        case ChildEnd.FINISHED:
            return "the target did not say"
