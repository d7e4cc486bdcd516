from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from environments.package_index import PackageIndex, serve
from m1doctor.collect.world import LiveWorld


@pytest.fixture
def index() -> Iterator[PackageIndex]:
    with serve() as served:
        yield served


@pytest.fixture
def environ(tmp_path: Path, index: PackageIndex) -> dict[str, str]:
    """The environment of a user whose only index is the served one, with an empty cache."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path / "home"),
        "UV_CACHE_DIR": str(tmp_path / "uv-cache"),
        "UV_DEFAULT_INDEX": index.address,
        "UV_HTTP_RETRIES": "0",
    }


@pytest.fixture
def world(environ: dict[str, str]) -> LiveWorld:
    return LiveWorld(environ=environ)
