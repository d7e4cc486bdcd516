"""Python from a conda channel for a Mac: a real solver, and a channel that the test builds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from environments.conda_channel import CondaChannel, with_pythons
from m1doctor.errors import UnfinishedError
from m1doctor.locks.conda import solve
from m1doctor.locks.lock import Target
from m1doctor.locks.resolve import RefusedError

MAC = Target(python="3.12", macos="12.1")


@pytest.fixture
def channel(tmp_path: Path) -> CondaChannel:
    return with_pythons(tmp_path / "channel")


def names(files: Any) -> list[str]:
    return [f"{file.name} {file.version} {file.build}" for file in files]


def test_python_is_chosen_for_the_macos_and_comes_after_what_it_needs(channel: CondaChannel, tmp_path: Path) -> None:
    found = solve(MAC, channels=[channel.address], cache=tmp_path / "cache")
    assert names(found) == ["zlib 1.2.13 hz_0", "python 3.12.4 h1_cpython", "pip 24.0 pyhd_0"]
    assert all(file.url.startswith(channel.address) and file.sha256 and file.md5 for file in found)
    later = solve(Target(python="3.12", macos="14.0"), channels=[channel.address], cache=tmp_path / "cache")
    assert "python 3.12.9 h2_cpython" in names(later)


def test_a_channel_without_that_python_is_told_so(channel: CondaChannel, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"have no Python 3\.13 for macOS 12\.1"):
        solve(Target(python="3.13", macos="12.1"), channels=[channel.address], cache=tmp_path / "cache")


def test_a_channel_that_does_not_answer_is_told_without_its_address(tmp_path: Path) -> None:
    with pytest.raises(UnfinishedError, match="conda channels did not answer") as failed:
        solve(MAC, channels=["http://127.0.0.1:9/private"], cache=tmp_path / "cache")
    assert "127.0.0.1" not in str(failed.value)
