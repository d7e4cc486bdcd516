"""What is asked of a package index, and what is made of its answer: a real uv against a loopback index."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import pytest

from environments.package_index import PackageIndex
from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.world import LiveWorld, Uname
from m1doctor.locks.index import Files, NoAnswerError, Pin, look_up
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.reading import Reading

MAC = Interpreter(version="3.11.7", system="Darwin", machine="arm64")
ARM64_11 = "cp311-cp311-macosx_11_0_arm64"
ARM64_14 = "cp311-cp311-macosx_14_0_arm64"


def ask(world: LiveWorld | RecordedWorld, *pins: Pin, target: Interpreter | None = MAC, seconds: float = 60.0) -> Files:
    return look_up(world, target, pins, seconds=seconds, python=sys.executable, uv=None)


def test_the_hash_of_the_installed_wheel_is_kept_and_no_other(index: PackageIndex, world: LiveWorld) -> None:
    index.wheel("accelerated", "2.0", ARM64_11)
    newer = index.wheel("accelerated", "2.0", ARM64_14)
    index.wheel("accelerated", "2.0", "cp312-cp312-macosx_11_0_arm64")
    index.wheel("accelerated", "2.0", "cp311-cp311-manylinux_2_28_x86_64")

    files = ask(world, Pin("accelerated", "2.0", (ARM64_14,)))

    assert files.hashes == {"accelerated": (newer,)}
    assert files.refused == {}


def test_every_file_that_fits_is_kept_where_the_installed_one_is_not_known(
    index: PackageIndex, world: LiveWorld
) -> None:
    wheel = index.wheel("accelerated", "2.0", ARM64_11)
    source = index.source("accelerated", "2.0", "from setuptools import setup; setup()")
    index.wheel("accelerated", "2.0", "cp311-cp311-manylinux_2_28_x86_64")

    assert ask(world, Pin("accelerated", "2.0")).hashes == {"accelerated": tuple(sorted((wheel, source)))}


def test_a_wheel_that_was_built_here_may_come_back_as_any_file_of_that_release(
    index: PackageIndex, world: LiveWorld
) -> None:
    wheel = index.wheel("accelerated", "2.0", ARM64_11)
    source = index.source("accelerated", "2.0", "from setuptools import setup; setup()")

    files = ask(world, Pin("accelerated", "2.0", ("cp311-cp311-macosx_13_0_arm64",)))

    assert files.hashes == {"accelerated": tuple(sorted((wheel, source)))}


def test_a_wheel_with_several_platforms_in_its_name_is_recognized(index: PackageIndex, world: LiveWorld) -> None:
    both = index.wheel("native", "1.0", "cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64")
    index.wheel("native", "1.0", "cp311-cp311-manylinux_2_28_x86_64")
    tags = ("cp311-cp311-manylinux_2_17_x86_64", "cp311-cp311-manylinux2014_x86_64")
    linux = Interpreter(version="3.11", system="Linux", machine="x86_64")

    assert ask(world, Pin("native", "1.0", tags), target=linux).hashes == {"native": (both,)}


@pytest.mark.parametrize(
    ("target", "tag"),
    [
        (Interpreter(version="3.12", system="Darwin", machine="x86_64"), "cp312-cp312-macosx_10_15_x86_64"),
        (Interpreter(version="3.11", system="Linux", machine="aarch64"), "cp311-cp311-manylinux_2_28_aarch64"),
        (Interpreter(version="3.11", system="Linux", machine="x86_64"), "cp311-cp311-musllinux_1_2_x86_64"),
    ],
)
def test_each_platform_is_asked_for_its_own_files(
    index: PackageIndex, world: LiveWorld, target: Interpreter, tag: str
) -> None:
    index.wheel("native", "1.0", ARM64_11)
    own = index.wheel("native", "1.0", tag)

    assert ask(world, Pin("native", "1.0", (tag,)), target=target).hashes == {"native": (own,)}


def test_a_source_distribution_is_named_and_never_built(index: PackageIndex, world: LiveWorld, tmp_path: Path) -> None:
    trap = tmp_path / "built"
    source = index.source("compiled", "3.0", f"open({str(trap)!r}, 'w').close()\nfrom setuptools import setup; setup()")

    files = ask(world, Pin("compiled", "3.0"))

    assert files.hashes == {"compiled": (source,)}
    assert not files.packages["compiled"].wheels
    assert not trap.exists()


def test_only_index_pages_are_read(index: PackageIndex, world: LiveWorld) -> None:
    index.wheel("one", "1.0")
    index.wheel("two", "2.0")

    ask(world, Pin("one", "1.0", ("py3-none-any",)), Pin("two", "2.0", ("py3-none-any",)))

    assert sorted(set(index.asked)) == ["/simple/one/", "/simple/two/"]


def test_what_the_index_lacks_is_refused_and_the_rest_is_found(index: PackageIndex, world: LiveWorld) -> None:
    names = [f"package-{letter}" for letter in "abcdefghij"]
    for name in names:
        index.wheel(name, "1.0")
    index.wheel("elsewhere", "1.0", "cp311-cp311-manylinux_2_28_x86_64")
    pins = [Pin(name, "1.0") for name in names]
    pins += [Pin("never-published", "1.0"), Pin("package-a-too", "9.9"), Pin("elsewhere", "1.0")]

    files = ask(world, *pins)

    assert sorted(files.hashes) == names
    assert sorted(files.refused) == ["elsewhere", "never-published", "package-a-too"]


def test_an_environment_that_is_mostly_unpublished_costs_few_questions(
    index: PackageIndex, environ: dict[str, str]
) -> None:
    names = [f"package-{number:03}" for number in range(30)]
    for name in names[::3]:
        index.wheel(name, "1.0")

    class Counting(LiveWorld):
        questions = 0

        def run(self, *arguments: Any, **options: Any) -> Reading:
            self.questions += 1
            return super().run(*arguments, **options)

    world = Counting(environ=environ)
    files = ask(world, *(Pin(name, "1.0") for name in names))

    assert sorted(files.hashes) == names[::3]
    assert len(files.refused) == 20
    assert world.questions <= 2 * 20 + 2, "about two for each that is missing, and not a search for each"


def test_a_hash_that_the_index_does_not_state_is_taken_from_the_file(index: PackageIndex, world: LiveWorld) -> None:
    wheel = index.wheel("hashless", "1.0")
    index.state_hashes = False

    assert ask(world, Pin("hashless", "1.0")).hashes == {"hashless": (wheel,)}


@pytest.mark.parametrize("status", [500, 503])
def test_an_index_that_fails_is_no_answer(index: PackageIndex, world: LiveWorld, status: int) -> None:
    index.status = status
    with pytest.raises(NoAnswerError, match="answered with an error") as caught:
        ask(world, Pin("one", "1.0"))
    assert "127.0.0.1" not in f"{caught.value}{caught.value.detail}"


@pytest.mark.parametrize("status", [401, 403, 404])
def test_an_index_that_has_nothing_for_us_is_no_answer(index: PackageIndex, world: LiveWorld, status: int) -> None:
    index.status = status
    with pytest.raises(NoAnswerError):
        ask(world, Pin("one", "1.0"), Pin("two", "1.0"))


def test_an_index_that_never_answers_is_given_up_at_the_limit(index: PackageIndex, world: LiveWorld) -> None:
    index.hang = True
    start = time.monotonic()
    with pytest.raises(NoAnswerError, match="longer than 1 seconds"):
        ask(world, Pin("one", "1.0"), seconds=1.0)
    assert time.monotonic() - start < 20


def test_no_network_is_no_answer(environ: dict[str, str]) -> None:
    # Port 9 of the loopback interface refuses at once, as a machine without a network does.
    world = LiveWorld(environ={**environ, "UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple/"})
    with pytest.raises(NoAnswerError, match="could not be reached"):
        ask(world, Pin("one", "1.0"))


def test_a_uv_that_was_told_to_stay_offline_is_not_asked(environ: dict[str, str]) -> None:
    with pytest.raises(NoAnswerError, match="UV_OFFLINE"):
        ask(LiveWorld(environ={**environ, "UV_OFFLINE": "1"}), Pin("one", "1.0"))


def test_settings_of_the_user_that_change_the_question_are_kept_out(
    index: PackageIndex, environ: dict[str, str]
) -> None:
    wheel = index.wheel("one", "1.0")
    world = LiveWorld(
        environ={
            **environ,
            "UV_EXCLUDE_NEWER": "2001-01-01",
            "UV_PYTHON": "/nowhere/python",
            "UV_CONSTRAINT": "/nowhere/constraints.txt",
            "VIRTUAL_ENV": "/nowhere",
            "MACOSX_DEPLOYMENT_TARGET": "10.9",
        }
    )
    assert ask(world, Pin("one", "1.0", ("py3-none-any",))).hashes == {"one": (wheel,)}


def test_the_settings_of_the_project_around_are_kept_out(
    index: PackageIndex, world: LiveWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = index.wheel("one", "1.0")
    (tmp_path / "uv.toml").write_text('exclude-newer = "2001-01-01"\n')
    monkeypatch.chdir(tmp_path)
    assert ask(world, Pin("one", "1.0", ("py3-none-any",))).hashes == {"one": (wheel,)}


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (None, "unknown"),
        (Interpreter(system="Darwin", machine="arm64"), "unknown"),
        (Interpreter(version="3.11", system="Darwin"), "unknown"),
        (Interpreter(version="3.11", system="Linux", machine="riscv64"), "riscv64"),
        (Interpreter(version="3.11", system="Windows", machine="x86_64"), "Windows"),
        (Interpreter(version="3.11", system="Darwin", machine="arm64", implementation="pypy"), "pypy"),
    ],
)
def test_a_target_that_cannot_be_named_is_no_answer_and_starts_nothing(target: Interpreter | None, words: str) -> None:
    world = RecordedWorld(uname=Uname("Linux", "6", "", "x86_64"), root=Path("/"))
    with pytest.raises(NoAnswerError, match=words):
        ask(world, Pin("one", "1.0"), target=target)


def test_no_pins_ask_nothing() -> None:
    world = RecordedWorld(uname=Uname("Linux", "6", "", "x86_64"), root=Path("/"))
    assert ask(world) == Files()


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        (Reading(argv=(), error="Permission denied"), "could not be started .Permission denied."),
        (Reading(argv=(), signal=9), "killed by signal 9"),
        (Reading(argv=(), returncode=101, stderr="thread panicked"), "exit status 101"),
        (Reading(argv=(), returncode=0), "a form that is not known"),
    ],
)
def test_a_uv_that_does_not_do_its_work_is_no_answer(reading: Reading, words: str) -> None:
    class OneReading(RecordedWorld):
        def run(self, argv: object, **_: object) -> Reading:
            del argv
            return reading

    world = OneReading(uname=Uname("Linux", "6", "", "x86_64"), root=Path("/"))
    with pytest.raises(NoAnswerError, match=words):
        ask(world, Pin("one", "1.0"))
