"""PKG011 no-matching-wheel: an installer found nothing on the index that fits."""

from __future__ import annotations

from m1doctor.checks.check import Check, Page, Source, Stage, nothing_by_itself
from m1doctor.checks.testimony import unless_told
from m1doctor.model.finding import Level

CHECK = Check(
    id="PKG011",
    slug="no-matching-wheel",
    level=Level.ERROR,
    stage=Stage.PACKAGES,
    needs=("log",),
    after=(
        "PY001",
        "PY002",
        "PY003",
        "PY008",
        "PY012",
        "PKG017",
    ),
    applies=unless_told,
    judge=nothing_by_itself,
    passes="The log speaks of no missing wheel.",
    page=Page(
        what=(
            "An installer (pip, uv, Poetry, conda) found nothing on its index that fits: not this version, or not "
            "for this Python, architecture or macOS. The message tells as much as the installer's words decide. "
            "pip prints the versions that it was offered: an empty list says only that nothing fits; a list that "
            "ends where the x86_64 macOS wheels of that name end shows an x86_64 process; one that begins where "
            "the arm64 wheels begin shows an arm64 process that asks for an older version."
        ),
        why=(
            "Guessing wrong here costs an afternoon: the same words come from a Python that is too new, one that "
            "is translated, a pip that is too old to know the tags of this macOS, and a version that was never "
            "built for Apple silicon."
        ),
        see=(
            "Run `python -m pip debug --verbose` with the Python that failed: it lists the tags that this pip "
            "accepts. Compare them with the file names on the index."
        ),
        fix=(
            "First see to the Python: arm64 on Apple silicon, and of a version for which the package has wheels. "
            "Then ask for a version that exists for it, and update pip. Wheels are never renamed: that installs "
            "what the interpreter cannot load."
        ),
        sources=(
            Source(
                "tensorflow#61382: tensorflow-macos 2.13 has no x86_64 wheels",
                "https://github.com/tensorflow/tensorflow/issues/61382",
                "2026-11-24",
            ),
            Source(
                "tensorflow#60256: arm64 wheels called tensorflow begin with 2.13",
                "https://github.com/tensorflow/tensorflow/issues/60256",
                "2026-11-24",
            ),
            Source(
                "Python packaging: platform compatibility tags",
                "https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/",
                "2026-11-24",
            ),
        ),
    ),
)
