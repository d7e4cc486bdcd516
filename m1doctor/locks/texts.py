"""A lock as the files that it is asked for in, each by its usual name."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from m1doctor.locks.forms import conda_lock, environment, explicit, pylock, requirements
from m1doctor.locks.lock import Lock


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


_NAMES = {
    Form.REQUIREMENTS: requirements.NAME,
    Form.PYLOCK: pylock.NAME,
    Form.ENVIRONMENT: environment.NAME,
    Form.EXPLICIT: explicit.NAME,
    Form.CONDA_LOCK: conda_lock.NAME,
}
_RENDERERS = {
    Form.REQUIREMENTS: requirements.render,
    Form.PYLOCK: pylock.render,
    Form.ENVIRONMENT: environment.render,
    Form.EXPLICIT: explicit.render,
    Form.CONDA_LOCK: conda_lock.render,
}


def text_of(lock: Lock, form: Form) -> str:
    """The lock in one form. Raises `NotInThisFormError`."""
    return _RENDERERS[form](lock)


def with_companions(forms: Iterable[Form]) -> tuple[Form, ...]:
    """The forms, with the requirements where another installs from them, in the order of `Form`."""
    wanted = set(forms)
    if any(form.needs_requirements for form in wanted):
        wanted.add(Form.REQUIREMENTS)
    return tuple(form for form in Form if form in wanted)
