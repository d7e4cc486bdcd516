from __future__ import annotations

from pathlib import Path

import pytest

from m1doctor.collect.target import TargetError
from m1doctor.collect.world import LiveWorld
from m1doctor.lint.environment import find_versions
from m1doctor.lint.target import Versions


def packages(folder: Path, **versions: str) -> str:
    for name, version in versions.items():
        metadata = folder / f"{name}-{version}.dist-info"
        metadata.mkdir(parents=True)
        (metadata / "METADATA").write_text(f"Name: {name}\nVersion: {version}\n")
    return str(folder)


def test_the_metadata_of_a_folder_tells(tmp_path: Path) -> None:
    folder = packages(tmp_path, tensorflow="2.18.1", keras="3.8.0", tensorflow_metal="1.2.0")
    found = find_versions(LiveWorld(), site_packages=folder)
    assert (found.tensorflow, found.keras, found.plugin, found.chip) == ("2.18.1", "3.8.0", "1.2.0", None)
    assert found.why.endswith("(--site-packages)")


def test_without_tensorflow_nothing_is_known_of_keras(tmp_path: Path) -> None:
    found = find_versions(LiveWorld(), site_packages=packages(tmp_path, keras="3.8.0"))
    assert (found.tensorflow, found.keras) == (None, None)
    assert found.why.startswith("no TensorFlow in ")


def test_what_is_said_by_hand_goes_before(tmp_path: Path) -> None:
    folder = packages(tmp_path, tensorflow="2.18.1", tensorflow_metal="1.2.0")
    found = find_versions(LiveWorld(), site_packages=folder, tensorflow="2.21.0", chip="M4")
    assert (found.tensorflow, found.plugin, found.chip) == ("2.21.0", "1.2.0", "M4")


def test_versions_by_hand_alone_are_no_environment_that_happens_to_be_near() -> None:
    found = find_versions(LiveWorld(), plugin="1.1.0")
    assert found == Versions(plugin="1.1.0", why="the options of this command")


def test_a_target_that_was_named_and_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="--site-packages"):
        find_versions(LiveWorld(), site_packages=str(tmp_path / "missing"))


@pytest.mark.parametrize(
    ("versions", "major"),
    [
        (Versions(keras="3.8.0"), 3),
        (Versions(tensorflow="2.15.1"), 2),
        (Versions(tensorflow="2.16.0rc0"), 3),
        (Versions(tensorflow="2.18.1", keras="2.15.0"), 2),
        (Versions(), None),
        (Versions(tensorflow="somebody's"), None),
    ],
)
def test_the_line_of_keras_is_its_own_or_that_of_tensorflow(versions: Versions, major: int | None) -> None:
    assert versions.keras_major() == major


@pytest.mark.parametrize(
    ("plugin", "table", "condition"),
    [
        ("1.2.0", "1.2.0", None),
        ("1.0.0", "1.0.0", None),
        (None, "1.2.0", "tensorflow-metal is 1.2.0 or older"),
        ("9.0.0", "1.2.0", "tensorflow-metal 9.0.0 lacks what 1.2.0 lacks"),
    ],
)
def test_the_kernels_are_those_of_the_plugin_or_the_newest_known(
    plugin: str | None, table: str, condition: str | None
) -> None:
    versions = Versions(plugin=plugin)
    assert (versions.kernels().plugin, versions.if_plugin()) == (table, condition)
