"""`requirements.txt`: name, version and the hash of the one file, for pip and uv. It holds no address."""

from __future__ import annotations

from m1doctor.locks.forms.heading import heading
from m1doctor.locks.lock import Lock, hashes_of

NAME = "requirements.txt"


def render(lock: Lock) -> str:
    """The text of the file."""
    check = "" if lock.unhashed else " --require-hashes"
    lines = [*heading(lock, f"python -m pip install{check} --no-deps -r {NAME}"), ""]
    for package in lock.packages:
        hashes = (f"--hash={value}" for value in hashes_of(package))
        lines.append(" \\\n    ".join((f"{package.name}=={package.version}", *hashes)))
    return "\n".join(lines) + "\n"
