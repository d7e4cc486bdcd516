"""The forms that a lock is asked for in, and the usual names of their files."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Form(StrEnum):
    """The forms of a lock."""

    REQUIREMENTS = "requirements"
    PYLOCK = "pylock"
    ENVIRONMENT = "environment"
    EXPLICIT = "explicit"
    CONDA_LOCK = "conda-lock"

    @property
    def usual_name(self) -> str:
        """Of its file."""
        return _NAMES[self]

    @property
    def needs_conda(self) -> bool:
        """Whether it holds packages of conda."""
        return self in (Form.EXPLICIT, Form.CONDA_LOCK)

    @property
    def needs_requirements(self) -> bool:
        """Whether it installs from a file of requirements beside it."""
        return self in (Form.ENVIRONMENT, Form.EXPLICIT)


def with_companions(forms: Iterable[Form]) -> tuple[Form, ...]:
    """The forms, with the requirements where another installs from them, in the order of `Form`."""
    wanted = set(forms)
    if any(form.needs_requirements for form in wanted):
        wanted.add(Form.REQUIREMENTS)
    return tuple(form for form in Form if form in wanted)


_NAMES = {
    Form.REQUIREMENTS: "requirements.txt",
    Form.PYLOCK: "pylock.toml",
    Form.ENVIRONMENT: "environment.yml",
    Form.EXPLICIT: "explicit.txt",
    Form.CONDA_LOCK: "conda-lock.yml",
}
