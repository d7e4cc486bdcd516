"""`requirements.txt`: name, version and the hash of the one file, for pip and uv. It holds no address."""

from __future__ import annotations

from m1doctor.locks.form import Form
from m1doctor.locks.forms.heading import heading
from m1doctor.locks.lock import Lock, hashes_of, isolation

NAME = Form.REQUIREMENTS.usual_name


def render(lock: Lock) -> str:
    """The text of the file."""
    check = "" if lock.unhashed else " --require-hashes"
    install = f"python -m pip install{check} --no-deps -r {NAME}"
    if lock.built_beside:  # one run of pip builds before it installs
        install = " ".join(("uv pip install", *check.split(), "--no-deps", *isolation(lock.built_beside), "-r", NAME))
    lines = [*heading(lock, install), ""]
    for package in lock.packages:
        hashes = (f"--hash={value}" for value in hashes_of(package))
        lines.append(" \\\n    ".join((f"{package.name}=={package.version}", *hashes)))
    return "\n".join(lines) + "\n"
