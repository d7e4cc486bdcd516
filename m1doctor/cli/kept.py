"""Reports by name: a number of the history, ``last-good``, or a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from m1doctor.errors import UserError

if TYPE_CHECKING:
    from m1doctor.model.report import Report, Target
    from m1doctor.support.history import Entry, History

LAST_GOOD = "last-good"


class Kept:
    """Reports by name. Those of the history are of the target that `diagnose` would examine with the same options."""

    def __init__(self, python: str | None, site_packages: str | None) -> None:
        """Nothing is looked for before a name needs it."""
        self._asked = python, site_packages
        self._found: tuple[Target, History] | None = None

    @property
    def options(self) -> tuple[str, ...]:
        """The options that ask for this target, for commands to be pasted."""
        python, site_packages = self._asked
        return (
            *(("--python", python) if python else ()),
            *(("--site-packages", site_packages) if site_packages else ()),
        )

    def place(self) -> tuple[Target, History]:
        """The target and its history. Raises `UserError` where there is no such target."""
        if self._found is None:
            from m1doctor.collect.target import choose_target  # noqa: PLC0415 - a file needs no target
            from m1doctor.collect.world import LiveWorld  # noqa: PLC0415
            from m1doctor.support.history import history_of  # noqa: PLC0415

            python, site_packages = self._asked
            target = choose_target(LiveWorld(), python=python, site_packages=site_packages)
            self._found = target, history_of(target.path)
        return self._found

    def entry(self, name: str) -> Entry:
        """The kept diagnosis of this number, 1 being the newest, or the last good one.

        Raises `UserError` where there is none.
        """
        target, history = self.place()
        entries = history.entries()
        if name == LAST_GOOD:
            found = history.last_good()
            if found is None:
                none = "none of its kept diagnoses found it working" if entries else "no diagnosis of it is kept"
                message = f"{LAST_GOOD}: {none} ({target.path})"
                raise UserError(message)
            return found
        number = int(name) if _is_number(name) else 0
        if not 0 < number <= len(entries):
            message = f"{name}: {self.count()}{'; 1 is the newest' if entries else ''}"
            raise UserError(message)
        return entries[number - 1]

    def has(self, number: int) -> bool:
        """Whether so many diagnoses are kept of it."""
        return len(self.place()[1].entries()) >= number

    def count(self) -> str:
        """How many diagnoses are kept of it, in words."""
        target, history = self.place()
        number = len(history.entries())
        words = {0: "no diagnosis is", 1: "one diagnosis is"}.get(number, f"{number} diagnoses are")
        return f"{words} kept of {target.path}"

    def report(self, name: str) -> Report:
        """The report of this name: a number, ``last-good``, or else a file.

        Raises `UserError` where there is none, or it cannot be read.
        """
        if names_an_entry(name):
            entry = self.entry(name)
            return self.place()[1].read(entry)
        from m1doctor.diagnosis import load_report  # noqa: PLC0415 - only for a file

        return load_report(name)


def names_an_entry(name: str) -> bool:
    """Whether a name is one of the history: a number or ``last-good``."""
    return name == LAST_GOOD or _is_number(name)


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdigit()
