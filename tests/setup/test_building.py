from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest

from m1doctor.knowledge.compat import choose, python_for
from m1doctor.knowledge.environments import published
from m1doctor.locks.reading import read_lock
from m1doctor.model.building import BuildPlan, Lock, Wish
from m1doctor.model.given_lock import GivenLock, LockForm
from m1doctor.model.host import Host
from m1doctor.model.provider import Provider
from m1doctor.model.remedy import StepKind
from m1doctor.setup.building import lock_to_install, plan_environment
from machines import loading

MAC = Host(
    system="Darwin",
    apple_silicon=True,
    process_machine="arm64",
    process_translated=False,
    parent_translated=False,
    macos_version="15.4",
    command_line_tools="16.0",
)
LINUX = Host(system="Linux", apple_silicon=False, process_machine="x86_64")
WISH = Wish(environment="/Users/me/tf/.venv")
HEAD = "# Exact releases.\n# Target: cpython 3.11.7 on Linux x86_64\n# Install: ...\n\nnumpy==1.26.4\n"
PLENTY = 10**11
LOCK = "/Users/me/tf/lock.txt"


def plan(wish: Wish = WISH, host: Host = MAC, *, lock: str | None = None, free: int | None = PLENTY) -> BuildPlan:
    own = None if lock is None else opened(lock)
    return plan_environment(wish, host, published(), own_lock=own, free_bytes=free)


def opened(text: str) -> Lock:
    with NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(text)
        file.flush()
        return lock_to_install(replace(read_lock(file.name), path=LOCK))


def commands(made: BuildPlan) -> list[str]:
    return [" ".join(step.argv) for step in made.steps]


def test_a_bare_mac_gets_the_best_published_environment_from_a_native_python() -> None:
    made = plan()
    best = published()[0]
    python, building = f"cpython-{best.python}-macos-aarch64-none", "/Users/me/tf/.venv.m1doctor-building"
    assert made.possible
    assert made.lock is not None
    assert made.lock.path == str(best.requirements)
    assert commands(made) == [
        f"uv python install --no-bin {python}",
        f"uv venv --no-config --no-project --relocatable --managed-python --python {python} {building}",
        f"uv pip sync --python {building}/bin/python --require-hashes {best.requirements}",
    ]
    assert best.grade in made.remarks[0]


@pytest.mark.parametrize("python", sorted({each.python for each in published()}))
def test_each_published_python_can_be_asked_for(python: str) -> None:
    made = plan(replace(WISH, python=python))
    assert made.possible
    assert made.lock is not None
    assert made.lock.python == python


def test_a_translated_shell_gets_a_native_python_and_is_told() -> None:
    made = plan(host=replace(MAC, process_translated=True, process_machine="x86_64"))
    assert made.possible
    assert "aarch64" in commands(made)[0]
    assert any("translated by Rosetta" in remark for remark in made.remarks)


def test_a_python_that_apples_plugin_has_no_wheel_for_names_the_ways_out() -> None:
    made = plan(replace(WISH, python="3.13"))
    assert not made.possible
    said = " ".join(made.obstacles)
    assert "--provider community --python-version 3.13" in said
    assert "m1doctor setup --python-version 3.12" in said
    assert "It costs: " in said
    apples = " ".join(plan(replace(WISH, python="3.13", provider=Provider.APPLE)).obstacles)
    assert "m1doctor setup --python-version 3.12" in apples
    assert "--provider community" not in apples


@pytest.mark.parametrize("macos", [None, "12.0", "12.1", "14.6", "15.4"])
@pytest.mark.parametrize("provider", Provider)
@pytest.mark.parametrize("python", [None, "3.9", "3.11", "3.12", "3.13", "3.14"])
def test_the_pair_is_the_one_that_every_verb_chooses(python: str | None, provider: Provider, macos: str | None) -> None:
    made = plan(replace(WISH, python=python, provider=provider), replace(MAC, macos_version=macos))
    choice = choose(python or python_for(provider, macos), macos, provider)
    if made.possible:
        assert all(each.rpartition("==")[2] in made.what for each in choice.requirements)
        assert f"Python {choice.python}" in made.what
    elif choice.requirements:  # of an older pair no environment is published
        assert "m1doctor lock --python-version" in made.obstacles[0]
    else:
        assert f"{choice.reason}." in made.obstacles


@pytest.mark.parametrize(
    ("host", "words"),
    [
        (replace(MAC, apple_silicon=False, process_machine="x86_64"), "This is an Intel Mac"),
        (replace(MAC, macos_version="11.6"), "With macOS 12.1 or newer"),
        (LINUX, "The published environments are for macOS"),
        (replace(LINUX, system="FreeBSD"), "neither macOS nor Linux"),
    ],
)
def test_a_machine_that_it_cannot_run_on_is_told_why(host: Host, words: str) -> None:
    assert any(words in obstacle for obstacle in plan(host=host).obstacles)


def test_a_full_disk_is_told_beforehand() -> None:
    assert "There are 2.0 GB free there" in plan(free=2 * 10**9).obstacles[0]
    assert plan(free=None).possible


def test_a_lock_of_ones_own_says_by_itself_what_it_is_for() -> None:
    made = plan(host=LINUX, lock=HEAD)
    assert made.possible
    assert "--python 3.11 " in commands(made)[0]
    assert any("no Metal on Linux" in remark for remark in made.remarks)


def test_a_lock_for_another_machine_is_refused() -> None:
    assert plan(lock=HEAD).obstacles == ("/Users/me/tf/lock.txt is for Linux, and this is macOS.",)
    other = plan(replace(WISH, python="3.12"), LINUX, lock=HEAD)
    assert other.obstacles == ("/Users/me/tf/lock.txt is for Python 3.11, not 3.12.",)
    arm = plan(host=replace(LINUX, process_machine="aarch64"), lock=HEAD)
    assert arm.obstacles == ("/Users/me/tf/lock.txt is for x86_64, and this is aarch64.",)


def test_a_lock_that_does_not_say_what_it_is_for_is_taken_at_its_word() -> None:
    assert plan(lock="numpy==1.26.4\n").possible


COMMUNITYS = (
    "# Target: cpython 3.13 on macOS arm64 (macOS 15.0 or later)\ntensorflow==2.21.0\ntensorflow-metal-plugin==0.4.1\n"
)


def test_a_lock_with_the_communitys_plugin_builds_it_last_and_asks_for_what_that_needs() -> None:
    made = plan(lock=COMMUNITYS)
    assert made.possible
    assert commands(made)[2].endswith(
        "--require-hashes --no-deps --no-build-isolation-package tensorflow-metal-plugin -r " + LOCK
    )
    assert any(remark.startswith("It costs: ") for remark in made.remarks)
    assert any(
        "Command Line Tools are not here" in each
        for each in plan(host=replace(MAC, command_line_tools=""), lock=COMMUNITYS).obstacles
    )
    assert plan(host=replace(MAC, macos_version="14.6"), lock=COMMUNITYS).obstacles == (
        "It needs macOS 15.0, and this is macOS 14.6.",
    )


def test_offline_asks_no_index() -> None:
    made = plan(replace(WISH, wheels="/Volumes/stick/wheels", jupyter=True))
    for command in commands(made)[2:]:
        assert "--no-index --find-links /Volumes/stick/wheels" in command


def test_a_pylock_is_named_to_uv_as_one_and_cannot_come_from_a_folder_of_wheels() -> None:
    own = lock_to_install(GivenLock(path="/Users/me/tf/pylock.mac.toml", form=LockForm.PYLOCK, packages=()))
    made = plan_environment(WISH, MAC, published(), own_lock=own, free_bytes=None)
    assert "--require-hashes --preview-features pylock /Users/me/tf/pylock.mac.toml" in commands(made)[2]
    offline = plan_environment(replace(WISH, wheels="/wheels"), MAC, (), own_lock=own, free_bytes=None)
    assert "names an address for every file" in offline.obstacles[0]


def test_a_kernel_comes_beside_the_lock_and_says_that_it_has_no_hashes() -> None:
    made = plan(replace(WISH, jupyter=True))
    assert commands(made)[-1].endswith(f"--constraint {published()[0].requirements} ipykernel")
    assert any("without hashes" in remark for remark in made.remarks)


def test_conda_makes_the_environment_for_the_architecture_by_name_and_in_its_place() -> None:
    made = plan(replace(WISH, conda="/opt/bin/micromamba"))
    assert made.staging == made.environment
    assert commands(made)[0].startswith(
        "/opt/bin/micromamba create --yes --prefix /Users/me/tf/.venv --platform osx-arm64 --override-channels"
    )
    assert "--require-hashes --no-deps -r" in commands(made)[1]


COMMUNITY = replace(WISH, provider=Provider.COMMUNITY)


def test_the_communitys_plugin_comes_after_its_tensorflow_with_its_costs() -> None:
    made = plan(COMMUNITY)
    assert made.possible, made.obstacles
    assert made.lock is None
    tensorflow, plugin = (line.split()[-1] for line in commands(made)[2:4])
    assert (tensorflow, plugin) == ("wheel", "tensorflow-metal-plugin==0.4.1")
    assert "tensorflow==2.21" in commands(made)[2]
    assert "--no-build-isolation-package tensorflow-metal-plugin" in commands(made)[3]
    assert any(remark.startswith("It costs: ") for remark in made.remarks)
    assert "without hashes" in made.what


@pytest.mark.parametrize(
    ("host", "words"),
    [
        (replace(MAC, command_line_tools=""), "Command Line Tools are not here"),
        (replace(MAC, macos_version="14.6"), "it needs macOS 15.0 or newer"),
        (LINUX, "is for macOS"),
    ],
)
def test_a_mac_that_cannot_build_the_communitys_plugin_is_told_why(host: Host, words: str) -> None:
    assert any(words in obstacle for obstacle in plan(COMMUNITY, host).obstacles)


@pytest.mark.parametrize("name", loading.names())
def test_every_machine_gets_a_plan_or_a_reason(name: str, tmp_path: Path) -> None:
    host = loading.load(name, tmp_path).facts().host
    assert host is not None
    made = plan(host=host)
    if made.possible:
        assert host.apple_silicon
        assert all(step.kind is StepKind.RUN and step.reversible for step in made.steps)
    else:
        assert all(obstacle.endswith(".") for obstacle in made.obstacles)
    assert made.possible == (name not in IMPOSSIBLE)


IMPOSSIBLE = {
    *("emulated-linux", "emulated-linux-qemu", "intel-mac", "linux-aarch64", "linux-out-of-memory", "linux-x86_64"),
    "macos-too-old",
}
