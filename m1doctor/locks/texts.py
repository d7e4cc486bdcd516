"""A lock as the text of a file, in each of the forms."""

from __future__ import annotations

from m1doctor.locks.form import Form
from m1doctor.locks.forms import conda_lock, environment, explicit, pylock, requirements
from m1doctor.locks.lock import Lock

_RENDERERS = {
    Form.REQUIREMENTS: requirements.render,
    Form.PYLOCK: pylock.render,
    Form.ENVIRONMENT: environment.render,
    Form.EXPLICIT: explicit.render,
    Form.CONDA_LOCK: conda_lock.render,
}


def text_of(lock: Lock, form: Form) -> str:
    """The lock in one form. Raises `NotInThisFormError` where that form cannot hold it."""
    return _RENDERERS[form](lock)
