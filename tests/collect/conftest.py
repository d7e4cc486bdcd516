"""What the tests of the collectors share."""

from __future__ import annotations

from pathlib import Path

import pytest

from environments.trees import WORK, Tree


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """A file system with a home and the folder of a project in it."""
    made = Tree(tmp_path / "root")
    made.folder(WORK)
    return made
