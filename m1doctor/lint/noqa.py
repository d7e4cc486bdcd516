"""Comments that silence rules: ``# m1doctor: noqa`` and ``# m1doctor: noqa[LOAD101, LOAD3]``."""

from __future__ import annotations

import re

_COMMENT = re.compile(r"#\s*m1doctor:\s*noqa(?:\s*\[([^\]\n]*)\])?", re.IGNORECASE)


def silenced(line: str, rule_id: str, slug: str) -> bool:
    """Whether a comment of `line` silences a rule: all of them, or by its id, the beginning of its id, or its slug."""
    for comment in _COMMENT.finditer(line):
        if comment[1] is None:
            return True
        names = [name.strip() for name in comment[1].split(",")]
        if any(name and (rule_id.startswith(name.upper()) or slug == name.lower()) for name in names):
            return True
    return False
