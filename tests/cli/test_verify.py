"""`m1doctor verify`: real wheels for macOS, installed from a lock into a folder, and then changed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from environments import real
from m1doctor.knowledge.environments import PublishedEnvironment, published

Command = Callable[..., Any]
BEST = published()[0]
PLUGIN = "tensorflow-plugins/libmetal_plugin.dylib"


@pytest.fixture(scope="module")
def environment() -> Path:
    """The best published environment, installed from its hashes for a Mac."""
    return real.locked_mac_packages(BEST.requirements, python=BEST.python)


def causes(answer: Any) -> dict[str, list[str]]:
    """Evidence of each check that found something."""
    return {
        result["id"]: [line for finding in result["findings"] for line in finding["evidence"]]
        for result in answer.document["results"]
        if result["findings"]
    }


@pytest.mark.real_wheels
def test_a_published_environment_as_it_was_installed_is_as_locked(m1doctor: Command, environment: Path) -> None:
    answer = m1doctor("verify", BEST.requirements, "--site-packages", environment, "--format", "json")
    assert answer.status == 0
    statuses = {result["id"]: result["status"] for result in answer.document["results"]}
    assert set(statuses) == {f"LOCK00{number}" for number in range(1, 9)}
    assert set(statuses.values()) == {"pass"}
    headline = answer.document["verdict"]["headline"]
    assert re.fullmatch(
        r"The environment is exactly as locked: \d\d packages, \d\d,\d{3} files checked against RECORD\.", headline
    )
    for form in ("text", "markdown", "html"):
        told = m1doctor("verify", BEST.requirements, "--site-packages", environment, "--format", form)
        assert headline in " ".join(told.out.replace("<wbr>", "").split())


@pytest.mark.real_wheels
def test_the_environment_yml_of_a_published_environment_says_the_same(
    m1doctor: Command, environment: Path, tmp_path: Path
) -> None:
    file = BEST.requirements.with_name("environment.yml")
    answer = m1doctor("verify", file, "--site-packages", environment, "--format", "json")
    assert (answer.status, answer.document["verdict"]["status"]) == (0, "healthy"), answer.out
    assert answer.document["verdict"]["headline"].startswith("The environment is exactly as locked: ")

    site = real.clone(environment, tmp_path / "site")
    (site / PLUGIN).unlink()
    shutil.rmtree(next(site.glob("wrapt-*.dist-info")))
    answer = m1doctor("diagnose", "--site-packages", site, "--quick", "--against", file, "--format", "json")
    found = causes(answer)
    assert (answer.status, found["LOCK001"][0].split()[:2]) == (1, ["missing:", "wrapt"])
    assert {"PKG004", "LOCK006"} & found.keys()


@pytest.mark.real_wheels
def test_a_published_environment_is_one_that_a_diagnosis_finds_nothing_wrong_with(
    m1doctor: Command, environment: Path
) -> None:
    answer = m1doctor("diagnose", "--site-packages", environment, "--quick", "--against", BEST.requirements)
    assert answer.status == 0, answer.out
    assert "tensorflow 2.19.1 · tensorflow-metal 1.2.0" in answer.out


@pytest.mark.real_wheels
def test_a_deleted_plugin_a_changed_file_and_drift_are_all_found(
    m1doctor: Command, environment: Path, tmp_path: Path
) -> None:
    site = real.clone(environment, tmp_path / "site")
    (site / PLUGIN).unlink()
    path = site / "six.py"
    real.replace(path, path.read_bytes()[:-1] + b"#")  # the same size: only the content tells
    shutil.rmtree(site / "wrapt")
    shutil.rmtree(next(site.glob("wrapt-*.dist-info")))
    extra = site / "extra-1.0.dist-info"
    extra.mkdir()
    (extra / "METADATA").write_text("Metadata-Version: 2.1\nName: extra\nVersion: 1.0\n")

    answer = m1doctor("verify", BEST.requirements, "--site-packages", site, "--format", "json")
    assert answer.status == 1
    found = causes(answer)
    assert found["LOCK006"] == ["hash: six.py", f"missing: {PLUGIN}"]
    assert [line.split()[:2] for line in found["LOCK001"]] == [["missing:", "wrapt"], ["extra:", "extra"]]


@pytest.mark.real_wheels
def test_the_lock_of_another_python_is_told_as_that(m1doctor: Command, environment: Path) -> None:
    other: PublishedEnvironment = next(each for each in published() if each.python == "3.10")
    arguments = ("--site-packages", environment, "--quick", "--against", other.requirements, "--select", "LOCK")
    answer = m1doctor("diagnose", *arguments, "--format", "json")
    assert answer.status == 1
    assert causes(answer) == {"LOCK003": ["Python 3.10 in the lock, 3.12 here"]}


def test_what_is_no_lock_is_refused_in_one_line(m1doctor: Command, packages: Path, tmp_path: Path) -> None:
    (tmp_path / "loose.txt").write_text("numpy>=1\n")
    answer = m1doctor("verify", tmp_path / "loose.txt", "--site-packages", packages)
    assert (answer.status, answer.err.count("\n")) == (2, 1)
    assert "loose.txt:1: not a lock: 'numpy>=1' names no exact version" in answer.err
    answer = m1doctor("verify", tmp_path / "absent", "--site-packages", packages)
    assert (answer.status, answer.err.count("\n")) == (2, 1)


def test_a_lock_that_cannot_link_is_told_without_an_install(m1doctor: Command, packages: Path, tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("tensorflow==2.18.1\ntensorflow-metal==1.1.0\n")
    answer = m1doctor("diagnose", "--site-packages", packages, "--quick", "--against", lock, "--format", "json")
    found = {result["id"]: result["status"] for result in answer.document["results"]}
    assert (found["LOCK004"], found["LOCK001"], found["LOCK002"]) == ("error", "error", "skipped")
    assert answer.document["facts"]["given_lock"]["path"] == str(lock)


def test_fail_on_of_the_settings_holds_and_the_command_line_goes_before(
    m1doctor: Command, packages: Path, tmp_path: Path
) -> None:
    (tmp_path / "lock.txt").write_text("tensorflow==2.18.1\nkeras==3.0\n")
    arguments = ["verify", tmp_path / "lock.txt", "--site-packages", packages]
    assert m1doctor(*arguments).status == 1
    Path("m1doctor.toml").write_text('fail-on = "never"\n')
    assert m1doctor(*arguments).status == 0
    assert "<failure" not in m1doctor(*arguments, "--format", "junit").out
    assert m1doctor(*arguments, "--fail-on", "error").status == 1
    Path("m1doctor.toml").write_text('fail-on = "sometimes"\n')
    answer = m1doctor(*arguments)
    assert (answer.status, answer.err.count("\n")) == (2, 1)


def test_an_environment_yml_by_hand_is_compared_and_its_open_entries_are_told(
    m1doctor: Command, packages: Path, tmp_path: Path
) -> None:
    file = tmp_path / "environment.yml"
    file.write_text("name: mine\ndependencies:\n  - pip:\n    - tensorflow>=2\n    - keras  # any\n")
    answer = m1doctor("verify", file, "--site-packages", packages, "--format", "json")
    assert causes(answer) == {
        "LOCK001": ["missing: keras"],
        "LOCK008": ["not pinned: keras", "not pinned: tensorflow >=2, installed: 2.18.1"],
    }
    file.write_text("dependencies:\n  - pip:\n    - tensorflow>=2\n")
    answer = m1doctor("verify", file, "--site-packages", packages)
    assert answer.status == 0
    assert answer.out.startswith("i The lock pins nothing: what it names is there"), answer.out

    file.write_text("dependencies:\n  - python=3.12\n  - pip: [\n")
    answer = m1doctor("verify", file, "--site-packages", packages)
    assert (answer.status, answer.err.count("\n")) == (2, 1)
    assert f"{file}:4: bad YAML: " in answer.err
