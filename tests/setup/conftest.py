from __future__ import annotations

from pathlib import Path

import pytest

from environments.small import environment, index
from m1doctor.setup.journal import Journal

__all__ = ["environment", "index"]


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "state" / "m1doctor" / "journal")
