"""The OpenMP runtimes that lie in the site folders and in the conda prefix."""

from __future__ import annotations

from pathlib import Path

from m1doctor.collect.packages.native_dependencies import OPENMP
from m1doctor.collect.packages.native_files import Inspected


def find_runtimes(files: list[Inspected], conda_prefix: Path | None) -> list[str]:
    """Paths of the runtimes: relative to the site folder, or absolute for those of conda.

    A second name of one file is not a second runtime: ``libiomp5.dylib`` is a link to ``libomp.dylib`` in conda-forge
    environments.
    """
    found: dict[Path, str] = {}
    for item in files:
        path = Path(item.disk_path)
        if OPENMP.fullmatch(path.name):
            found.setdefault(path.resolve(), item.file.path)
    if conda_prefix is not None:
        for path in sorted((conda_prefix / "lib").glob("lib*omp*")):
            if OPENMP.fullmatch(path.name) and path.is_file():
                found.setdefault(path.resolve(), str(path))
    return sorted(found.values())
