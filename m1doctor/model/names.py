"""Names of distributions, as they compare."""

from __future__ import annotations

import re

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_SEPARATORS = re.compile(r"[-_.]+")


def normalized(name: str) -> str:
    """PEP 503. `packaging` says the same, and takes 20 ms to import: a tenth of a quick diagnosis."""
    return _SEPARATORS.sub("-", name).lower()


def distribution_name(requirement: str) -> str:
    """The normalized name that a requirement begins with: ``"Keras>=3"`` is about ``"keras"``.

    A text that begins with no name is normalized whole.
    """
    text = requirement.lstrip()
    match = _NAME.match(text)
    return normalized(match[0] if match else text)
