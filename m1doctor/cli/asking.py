"""Asking before something is changed: never without a person who answers, or a script that says --yes."""

from __future__ import annotations

import sys
from typing import TextIO

from m1doctor.cli.terminal import write_err
from m1doctor.errors import UserError


class NobodyToAskError(UserError):
    """Nobody is there to answer: nothing was changed."""


def consent(question: str, *, yes: bool, answers: TextIO | None = None) -> bool:
    """Whether to go on. `yes` answers for the user; else he is asked on standard error and answers on `answers`.

    Raises `NobodyToAskError` where nobody is there to answer: nothing is changed then.
    """
    if yes:
        return True
    answers = sys.stdin if answers is None else answers
    if answers is None or answers.closed or not answers.isatty():
        raise NobodyToAskError("nothing was changed: nobody can be asked, standard input is no terminal; give --yes")
    write_err(f"\n{question} Type y for yes, anything else for no.")
    answer = answers.readline().strip().lower()
    if answer in ("y", "yes"):
        return True
    write_err("m1doctor: nothing was changed")
    return False
