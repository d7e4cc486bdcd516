"""Reads `ps -A -o pid= -o ppid= -o flags= -o ucomm=`: the process table with `p_flag` in hexadecimal.

The table is used to find our own ancestors and forgotten: the rest of it is nobody's business.
"""

from __future__ import annotations

import re

from m1doctor.model.record import record

P_TRANSLATED = 0x20000
"""Bit of `p_flag` that marks a process under Rosetta: xnu bsd/sys/proc.h; `proc_is_translated` reads this very bit."""

SHELLS = frozenset({"bash", "csh", "dash", "elvish", "fish", "ksh", "nu", "pwsh", "sh", "tcsh", "xonsh", "zsh"})
_LINE = re.compile(r"^\s*(\d{1,9})\s+(\d{1,9})\s+([0-9a-fA-F]{1,16})\s+(\S.*?)\s*$", re.MULTILINE)


@record(frozen=True, slots=True)
class Process:
    """One line of the process table."""

    pid: int
    parent: int
    flags: int
    command: str
    """Name of the program, or its path, without its arguments."""

    @property
    def translated(self) -> bool:
        """Whether it runs under Rosetta."""
        return bool(self.flags & P_TRANSLATED)

    @property
    def shell(self) -> bool:
        """Whether it is a shell; a login shell's name starts with a hyphen."""
        return self.command.rsplit("/", 1)[-1].lstrip("-") in SHELLS


def parse_ancestors(text: str, pid: int) -> tuple[Process, ...]:
    """The ancestors of `pid`, the parent first; empty where the table does not hold it. A ring ends the walk."""
    table = {
        int(match[1]): Process(int(match[1]), int(match[2]), int(match[3], 16), match[4])
        for match in _LINE.finditer(text)
    }
    ancestors: list[Process] = []
    seen = {pid}
    process = table.get(pid)
    while process is not None and process.parent not in seen:
        seen.add(process.parent)
        process = table.get(process.parent)
        if process is not None:
            ancestors.append(process)
    return tuple(ancestors)


def starting_shell(ancestors: tuple[Process, ...]) -> Process | None:
    """The nearest shell among the ancestors, else the parent: tools such as `uv run` stand between a shell and us."""
    for process in ancestors:
        if process.shell:
            return process
    return ancestors[0] if ancestors else None
