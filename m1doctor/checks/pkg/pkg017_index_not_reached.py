"""PKG017 index-not-reached: the installer had no connection to where the packages are."""

from __future__ import annotations

from m1doctor.checks.check import Check, Page, Source, Stage, nothing_by_itself
from m1doctor.checks.testimony import unless_told
from m1doctor.model.finding import Level

CHECK = Check(
    id="PKG017",
    slug="index-not-reached",
    level=Level.ERROR,
    stage=Stage.PACKAGES,
    needs=("log",),
    after=("PY012",),
    applies=unless_told,
    judge=nothing_by_itself,
    passes="The log speaks of no installer without a connection.",
    page=Page(
        what="An installer (pip, uv, conda) could not connect to its index or channel.",
        why=(
            "pip ends with the same words as where no wheel fits: no version found, from an empty list. Only the "
            "lines before tell the two apart, and people then look for a fault in their Python."
        ),
        see="Look for `Retrying` and `connection` above the last lines; open the index in a browser.",
        fix=(
            "See to the network. Behind a proxy set HTTPS_PROXY; where a company has an index of its own, see that "
            "`python -m pip config list` names it, and that it can be reached from here."
        ),
        sources=(
            Source(
                "pip: using a proxy server",
                "https://pip.pypa.io/en/stable/user_guide/#using-a-proxy-server",
                "2026-11-26",
            ),
        ),
    ),
)
