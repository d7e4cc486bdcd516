"""What a site folder holds to import under the names that matter, whoever put it there."""

from __future__ import annotations

from pathlib import Path

from m1doctor.collect.packages.distributions import Installed
from m1doctor.model.packages import ImportPackage

WATCHED = ("tensorflow", "keras", "tf_keras", "numpy")


def find_modules(folder: Path, shown: str, entries: list[str], installed: list[Installed]) -> list[ImportPackage]:
    """Find the watched import packages among the `entries` of one site folder."""
    found = []
    for name in WATCHED:
        if name not in entries or not (folder / name).is_dir():
            continue
        owners = sorted({item.label for item in installed if name in item.distribution.top_level})
        found.append(
            ImportPackage(
                name=name,
                folder=shown,
                importable=(folder / name / "__init__.py").is_file(),
                owners=tuple(owners),
                ml_compute=(folder / name / "python" / "compiler" / "mlcompute").is_dir(),
            )
        )
    return found
