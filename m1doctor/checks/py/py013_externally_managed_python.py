"""PY013 externally-managed-python: pip refuses to install into a Python of Homebrew's or the system's."""

from __future__ import annotations

from m1doctor.checks.check import Check, Page, Source, Stage, nothing_by_itself
from m1doctor.checks.testimony import unless_told
from m1doctor.model.finding import Level

CHECK = Check(
    id="PY013",
    slug="externally-managed-python",
    level=Level.ERROR,
    stage=Stage.INTERPRETER,
    needs=("log",),
    applies=unless_told,
    judge=nothing_by_itself,
    passes="The log speaks of no Python that is managed from outside.",
    page=Page(
        what="pip was asked to install into a Python whose packages somebody else manages, and installed nothing.",
        why=(
            "Homebrew marks its Pythons so (PEP 668), because its programs run on them. What pip would put there could "
            "break them, and the next `brew upgrade` would take it away."
        ),
        see="Run `python3 -m pip --version`: the path is below /opt/homebrew.",
        fix=(
            "Make an environment (`python3 -m venv FOLDER`, or `m1doctor setup FOLDER`) and install there. "
            "`--break-system-packages` does what its name says."
        ),
        sources=(
            Source(
                "PEP 668: marking Python environments as externally managed",
                "https://peps.python.org/pep-0668/",
                "2026-11-26",
            ),
            Source("Homebrew and Python", "https://docs.brew.sh/Homebrew-and-Python", "2026-11-26"),
        ),
    ),
)
