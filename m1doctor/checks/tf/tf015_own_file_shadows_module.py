"""TF015 own-file-shadows-module: a script run in this folder imports a file of it in place of a module."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.remedy import Remedy, manual

_CERTAIN = ("tensorflow", "keras", "numpy")
"""Names without which nothing works: a script that says `import tensorflow` gets the wrong one for certain."""


def judge(facts: Facts) -> Iterator[Finding]:
    """Report each file of the working folder that bears the name of a module TensorFlow needs."""
    assert facts.runtime is not None  # noqa: S101 - declared in `needs`
    for file in facts.runtime.shadowed_here:
        yield Finding(
            level=Level.ERROR if file.module in _CERTAIN else Level.WARNING,
            message=f"A script that is run in this folder imports {file.path} in place of the module {file.module}, "
            "which TensorFlow needs.",
            expected=f"nothing called {file.module} beside the scripts",
            evidence=(f"import {file.module} should give {file.instead_of or 'a module of Python'}",),
            location=Location(path=file.path),
            remedy=Remedy(
                summary=f"Rename {file.path}.",
                steps=(manual(f"Rename {file.path}, and remove `__pycache__` beside it."),),
            ),
        )


CHECK = Check(
    id="TF015",
    slug="own-file-shadows-module",
    level=Level.ERROR,
    stage=Stage.IMPORT,
    needs=("runtime.import_seconds",),
    after=("TF001", "TF002", "TF003"),
    judge=judge,
    passes="No file of the working folder bears the name of a module that TensorFlow needs.",
    page=Page(
        what=(
            "A file in the working folder bears the name of a module that TensorFlow imports. "
            "Python searches the folder of a script, and in a notebook the working folder, before its own modules and "
            "the installed packages. A file in the present working folder bears the name of a module that `import "
            "tensorflow` loads. m1doctor itself did not import it: it ran the import without that folder and compared "
            "the names."
        ),
        why=(
            "Scripts that are run here fail in ways that look like a broken TensorFlow: `module 'random' has no "
            "attribute …`, `partially initialized module 'tensorflow'`, or an import that does what the own file says."
        ),
        see="Run `python -c 'import NAME; print(NAME.__file__)'` in that folder, with the name of the module.",
        fix="Rename the file, and remove the `__pycache__` folder beside it.",
        sources=(
            Source(
                "tensorflow#40265: a script called code.py breaks the import",
                "https://github.com/tensorflow/tensorflow/issues/40265",
                "2026-11-23",
            ),
            Source(
                "tensorflow#49518: a script called tensorflow.py",
                "https://github.com/tensorflow/tensorflow/issues/49518",
                "2026-11-23",
            ),
            Source("Python documentation: sys.path", "https://docs.python.org/3/library/sys.html#sys.path"),
        ),
    ),
)
