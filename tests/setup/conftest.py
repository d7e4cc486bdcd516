from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from environments import small
from environments.package_index import PackageIndex, serve
from m1doctor.setup.journal import Journal


@pytest.fixture
def index() -> Iterator[PackageIndex]:
    with serve() as served:
        small.fill(served)
        yield served


@pytest.fixture
def environment(index: PackageIndex, tmp_path: Path) -> small.Small:
    return small.make(index, tmp_path)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "state" / "m1doctor" / "journal")
