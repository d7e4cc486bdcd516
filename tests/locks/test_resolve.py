"""From what is asked for to a lock: a real uv on the real package index, for Macs with each Python."""

from __future__ import annotations

import sys

import pytest

from m1doctor.collect.world import LiveWorld
from m1doctor.locks.forms import requirements
from m1doctor.locks.lock import Lock, Target, hashes_of, pins_of
from m1doctor.locks.resolve import How, RefusedError, resolve
from m1doctor.locks.wanted import just

UNTIL = "2026-11-23"
HOW = How(python=sys.executable, exclude_newer=UNTIL)


def lock(*asked: str, python: str = "3.12", macos: str = "12.1") -> Lock:
    return resolve(LiveWorld(), just(*asked), Target(python=python, macos=macos), HOW)


@pytest.mark.real_wheels
@pytest.mark.parametrize("python", ["3.9", "3.10", "3.11", "3.12"])
def test_the_gpu_is_asked_for_and_the_best_pair_is_locked_with_one_file_a_package(python: str) -> None:
    found = lock("tensorflow", "tensorflow-metal", python=python)
    pins = pins_of(found.packages)
    assert (pins["tensorflow"], pins["tensorflow-metal"], pins["setuptools"]) == ("2.19.1", "1.2.0", "81.0.0")
    assert all(len(package.wheels or ()) == 1 and package.sdist is None for package in found.packages)
    assert any("setuptools<82: the TensorBoard" in remark for remark in found.remarks)
    assert found.warnings == ()


@pytest.mark.real_wheels
@pytest.mark.parametrize("python", ["3.10", "3.11", "3.12", "3.13"])
def test_the_communitys_plugin_is_locked_from_its_source_beside_the_tensorflow_that_it_demands(python: str) -> None:
    found = lock("tensorflow", "tensorflow-metal-plugin", python=python, macos="15.0")
    pins = pins_of(found.packages)
    assert (pins["tensorflow"], pins["tensorflow-metal-plugin"]) == ("2.21.0", "0.4.1")
    assert {"setuptools", "wheel"} <= set(pins)
    assert found.sources == found.built_beside == ("tensorflow-metal-plugin",)
    assert all(hashes_of(package) for package in found.packages)
    assert any("nobody else" in remark for remark in found.remarks)
    assert any("source has a hash" in warning for warning in found.warnings)


@pytest.mark.real_wheels
def test_a_later_floor_gives_the_builds_for_it_and_still_one_a_package() -> None:
    wheels = {
        macos: {
            package.name: package.wheels[0].filename
            for package in lock("numpy==2.1.3", macos=macos).packages
            if package.wheels
        }
        for macos in ("12.1", "14.0")
    }
    assert wheels["12.1"]["numpy"] == "numpy-2.1.3-cp312-cp312-macosx_11_0_arm64.whl"
    assert wheels["14.0"]["numpy"] == "numpy-2.1.3-cp312-cp312-macosx_14_0_arm64.whl"


@pytest.mark.real_wheels
def test_the_same_question_gives_the_same_bytes() -> None:
    one, two = (requirements.render(lock("tensorflow", "tensorflow-metal")) for _ in range(2))
    assert one == two


@pytest.mark.real_wheels
@pytest.mark.parametrize(
    ("asked", "python", "words"),
    [
        (("tensorflow==2.20.0", "tensorflow-metal"), "3.12", "cannot load beside TensorFlow 2.20.0"),
        (("tensorflow==2.18.1", "tensorflow-metal==1.1.0"), "3.11", "LogMessageC1EPKcii"),
        (("tensorflow-macos==2.15.1",), "3.11", "named tensorflow; ask for tensorflow==2.15.1 instead"),
        (("tensorflow==2.19.1", "setuptools==82.0.0"), "3.12", "pkg_resources"),
        (("tensorflow", "tensorflow-metal"), "3.13", "no tensorflow-metal for Python 3.13"),
        (("tensorflow", "tensorflow-metal"), "3.14", "no tensorflow-metal for Python 3.14"),
        (("tensorflow-metal-plugin",), "3.14", "TensorFlow 2.21.0 has no wheel for Python 3.14"),
        (("tensorflow-metal-plugin",), "3.13", "it needs macOS 15.0 or newer"),
    ],
)
def test_what_cannot_work_is_refused_with_the_reason(asked: tuple[str, ...], python: str, words: str) -> None:
    with pytest.raises(RefusedError) as refused:
        lock(*asked, python=python)
    assert words in str(refused.value)
    assert "://" not in str(refused.value)


@pytest.mark.real_wheels
def test_a_pinned_tensorflow_gets_the_plugin_that_goes_with_it_and_not_the_newest() -> None:
    assert (
        pins_of(lock("tensorflow==2.17.1", "tensorflow-metal", python="3.11").packages)["tensorflow-metal"] == "1.1.0"
    )


@pytest.mark.real_wheels
def test_a_companion_is_held_back_where_nobody_capped_it() -> None:
    pins = pins_of(lock("tensorflow-macos<2.12", "tensorflow-metal", "numpy", python="3.10").packages)
    assert pins["numpy"].startswith("1.23.")


@pytest.mark.real_wheels
def test_without_a_gpu_plugin_the_newest_tensorflow_is_locked_for_the_newest_python() -> None:
    assert pins_of(lock("tensorflow", python="3.13").packages)["tensorflow"] == "2.21.0"
