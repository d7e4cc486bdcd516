"""PKG012 source-build-failed: an installer compiled a package because no wheel fits, and failed."""

from __future__ import annotations

from m1doctor.checks.check import Check, Page, Source, Stage, nothing_by_itself
from m1doctor.checks.testimony import unless_told
from m1doctor.model.finding import Level

CHECK = Check(
    id="PKG012",
    slug="source-build-failed",
    level=Level.ERROR,
    stage=Stage.PACKAGES,
    needs=("log",),
    after=("PY001", "PY002", "PY003", "PY008", "PY012", "PKG017", "PKG011"),
    applies=unless_told,
    judge=nothing_by_itself,
    passes="The log speaks of no failed build.",
    page=Page(
        what=(
            "No ready-made wheel of a package fits, so the installer fetched its source and tried to compile it, "
            "and the compilation failed. The message names the package where the text does."
        ),
        why=(
            "The compiler's complaint is the last link of the chain. The question is why there was no wheel: "
            "mostly a Python that is newer or older than those the package was built for, a version from before "
            "Apple silicon, or an old pip."
        ),
        see=(
            "Look for `Building wheel for …` and `error` in the installer's output, and for the package's files "
            "on the index: one for this Python (cp…) and for macosx … arm64 should be there."
        ),
        fix=(
            "Take a version of the package that has a wheel for this Python, or a Python for which the wanted "
            "version has one; update pip first. conda-forge has many packages ready-made. Compiling by hand is "
            "the last resort; it needs the command line tools."
        ),
        sources=(
            Source(
                "tensorflow#51897: grpcio is built from source and fails",
                "https://github.com/tensorflow/tensorflow/issues/51897",
                "2026-11-24",
            ),
            Source(
                "m1-machine-learning-test#4: h5py is built from source and fails",
                "https://github.com/mrdbourke/m1-machine-learning-test/issues/4",
                "2026-11-24",
            ),
            Source(
                "pip documentation: installing from wheels and from source",
                "https://pip.pypa.io/en/stable/cli/pip_install/",
                "2026-11-24",
            ),
        ),
    ),
)
