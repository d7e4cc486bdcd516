"""The published environments: complete, hashed, of pairs that link, and without an address."""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from environments.package_index import serve
from environments.real import ask_index, offered_today
from m1doctor.knowledge import pairings
from m1doctor.knowledge.environments import PublishedEnvironment, envs_folder, published
from m1doctor.knowledge.lock_rules import faults_of

EACH = pytest.mark.parametrize("environment", published(), ids=lambda environment: environment.name)


def pins_of(path: Path) -> dict[str, str]:
    """Name to version, of a file in which every line must be one hashed pin."""
    found = {}
    for line in path.read_text().replace(" \\\n", " ").splitlines():
        if line and not line.startswith("#"):
            pin, *hashes = line.split()
            requirement = Requirement(pin)
            assert len(hashes) == 1, f"{pin}: one file a package"
            assert re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", hashes[0])
            (version,) = requirement.specifier
            assert version.operator == "=="
            found[requirement.name] = version.version
    return found


def test_the_best_pair_of_each_python_that_apple_serves_is_published() -> None:
    best = {environment.python: (environment.tensorflow, environment.plugin) for environment in reversed(published())}
    assert set(best) == {"3.9", "3.10", "3.11", "3.12"}
    assert best == {python: pairings.recommended_pair(python) for python in best}
    assert (published()[0].python, published()[0].provider) == ("3.12", "apple")


@EACH
def test_every_pin_is_exact_and_hashed(environment: PublishedEnvironment) -> None:
    pins = pins_of(environment.requirements)
    assert (pins["tensorflow"], pins["tensorflow-metal"]) == (environment.tensorflow, environment.plugin)
    assert len(pins) > 30


@EACH
def test_nothing_is_held_against_what_is_pinned(environment: PublishedEnvironment) -> None:
    assert faults_of(pins_of(environment.requirements), environment.python, environment.macos) == ()
    assert pairings.load().links(environment.tensorflow, environment.plugin)


@EACH
def test_the_list_says_what_lies_in_the_folder(environment: PublishedEnvironment) -> None:
    assert sorted(path.name for path in environment.folder.iterdir()) == sorted(environment.files)
    assert environment.grade == pairings.proof(environment.tensorflow, environment.plugin)
    dt.date.fromisoformat(environment.date)
    assert f"`{environment.name}`" in (envs_folder() / "README.md").read_text()
    assert f"# Target: cpython {environment.python} on macOS arm64 (macOS {environment.macos} or later)" in (
        environment.requirements.read_text()
    )


def test_no_folder_is_left_over() -> None:
    folders = {path.name for path in envs_folder().iterdir() if path.is_dir()}
    assert folders == {environment.name for environment in published()}


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(envs_folder().rglob("*")) if path.is_file()],
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_no_address_is_published(path: Path) -> None:
    assert "://" not in path.read_text()


@pytest.mark.real_wheels
@EACH
def test_the_index_still_has_every_file_and_none_is_yanked(environment: PublishedEnvironment) -> None:
    offered, words = offered_today(environment.requirements, python=environment.python, macos=environment.macos)
    assert "yanked" not in words
    pinned = re.findall(r"--hash=(sha256:[0-9a-f]{64})", environment.requirements.read_text())
    assert [value for value in pinned if value not in offered] == []


def test_a_yanked_release_would_be_seen(tmp_path: Path) -> None:
    with serve() as index:
        pin = f"alpha==1.0 --hash={index.wheel('alpha', '1.0')}\n"
        (tmp_path / "lock.txt").write_text(pin)
        seen = []
        for yanked in (frozenset[str](), frozenset({"alpha-1.0-py3-none-any.whl"})):
            index.yanked = yanked
            own = {"UV_DEFAULT_INDEX": index.address, "UV_CACHE_DIR": str(tmp_path / f"cache{len(yanked)}")}
            words = ask_index(
                tmp_path / "lock.txt", tmp_path / "answer", python="3.12", macos="12.1", environ={**os.environ, **own}
            )
            seen.append("yanked" in words)
    assert seen == [False, True]
