"""`m1doctor lock`, against a package index on the loopback interface."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uv
from packaging.pylock import Pylock

from environments import community_plugin
from environments.package_index import PackageIndex, serve

Command = Callable[..., Any]
MAC = "cp312-cp312-macosx_12_0_arm64"


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[PackageIndex]:
    """An index with the pair, a newer TensorFlow that the plugin does not load into, and a setuptools too new."""
    with serve() as served:
        for version in ("2.18.1", "2.19.1", "2.20.0", "2.21.0"):
            served.wheel("tensorflow", version, MAC, requires=("numpy", "setuptools"))
        served.wheel("tensorflow-metal", "1.2.0", MAC)
        for version in ("81.0.0", "82.0.0"):
            served.wheel("setuptools", version)
        served.wheel("numpy", "2.1.3", "cp312-cp312-macosx_11_0_arm64")
        served.wheel("numpy", "2.1.3", "cp312-cp312-macosx_14_0_arm64")
        served.wheel("numpy", "2.1.3", "cp312-cp312-manylinux_2_28_x86_64")
        monkeypatch.setenv("UV_DEFAULT_INDEX", served.address)
        monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv-cache"))
        monkeypatch.setenv("UV_HTTP_RETRIES", "0")
        yield served


USES_INDEX = pytest.mark.usefixtures("index")


def pins(text: str) -> list[str]:
    return [line.split()[0] for line in text.splitlines() if line and line[0].isalpha()]


@USES_INDEX
def test_the_gpu_is_locked_for_the_newest_python_with_a_pair(m1doctor: Command) -> None:
    answer = m1doctor("lock")
    assert answer.status == 0
    assert pins(answer.out) == ["numpy==2.1.3", "setuptools==81.0.0", "tensorflow==2.19.1", "tensorflow-metal==1.2.0"]
    assert "# Target: cpython 3.12 on macOS arm64 (macOS 12.1 or later)\n" in answer.out
    assert "setuptools<82: the TensorBoard" in answer.out
    assert answer.out.count("--hash=sha256:") == 4
    assert "127.0.0.1" not in answer.out


@USES_INDEX
def test_several_forms_go_to_a_folder_and_bring_what_they_install_from(m1doctor: Command, tmp_path: Path) -> None:
    out = tmp_path / "locks"
    answer = m1doctor("lock", "--format", "environment", "--format", "pylock", "-o", f"{out}/")
    assert answer.status == 0
    assert sorted(path.name for path in out.iterdir()) == ["environment.yml", "pylock.toml", "requirements.txt"]
    assert "Locked 4 packages for cpython 3.12 on macOS arm64" in answer.out
    document = Pylock.from_dict(tomllib.loads((out / "pylock.toml").read_text()))
    assert str(document.requires_python) == "==3.12.*"
    assert all(package.wheels and len(package.wheels) == 1 for package in document.packages)
    assert "      - -r requirements.txt\n" in (out / "environment.yml").read_text()


def test_twice_gives_the_same_bytes_and_a_different_file_is_kept(
    m1doctor: Command, index: PackageIndex, tmp_path: Path
) -> None:
    out = tmp_path / "pylock.toml"
    m1doctor("lock", "--format", "pylock", "-o", out)
    first = out.read_bytes()
    again = m1doctor("lock", "--format", "pylock", "-o", out)
    assert out.read_bytes() == first
    assert "(unchanged)" in again.out
    index.wheel("tensorflow-metal", "1.2.0.post1", MAC)
    m1doctor("lock", "--format", "pylock", "-o", out, "--macos", "14")
    assert "macosx_14_0" in out.read_text()
    assert (tmp_path / "pylock.toml.bak").read_bytes() == first


def test_requirements_of_a_project_with_its_extras_and_groups(
    m1doctor: Command, index: PackageIndex, tmp_path: Path
) -> None:
    index.wheel("alpha", "1.0")
    index.wheel("beta", "1.0")
    project = tmp_path / "pyproject.toml"
    project.write_text(
        '[project]\nname = "mine"\nversion = "1"\ndependencies = ["numpy"]\n'
        '[project.optional-dependencies]\ngpu = ["tensorflow", "tensorflow-metal"]\nextra = ["alpha"]\n'
        '[dependency-groups]\nml = ["beta"]\n'
    )
    answer = m1doctor("lock", "-r", project, "--extra", "gpu", "--group", "ml")
    assert answer.status == 0, answer.err
    assert "beta==1.0" in pins(answer.out)
    assert "alpha==1.0" not in pins(answer.out)
    assert "tensorflow==2.19.1" in pins(answer.out)


@USES_INDEX
def test_what_a_requirements_file_asks_for_is_answered_and_told(m1doctor: Command, tmp_path: Path) -> None:
    (tmp_path / "asked.in").write_text("# mine\ntensorflow < 2.19  # older\ntensorflow-metal\n-r more.in\n")
    (tmp_path / "more.in").write_text("numpy\n")
    out = tmp_path / "requirements.txt"
    answer = m1doctor("lock", "-r", tmp_path / "asked.in", "-o", out)
    assert answer.status == 0, answer.err
    assert "tensorflow==2.18.1" in pins(out.read_text())
    assert (
        "# Asked for by asked.in:\n#   -r more.in\n#   tensorflow < 2.19\n#   tensorflow-metal\n"
        "# Asked for by more.in:\n#   numpy\n"
    ) in out.read_text()
    assert m1doctor("diagnose", "--against", out, "--select", "LOCK002", "--quick").status == 0
    (tmp_path / "more.in").write_text("numpy>=2\n")
    stale = m1doctor("diagnose", "--against", out, "--select", "LOCK002", "--quick", "--fail-on", "warning")
    assert stale.status == 1
    assert "more.in: new: numpy>=2" in stale.out


@USES_INDEX
@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("tensorflow==2.20.0\ntensorflow-metal\n", "cannot load beside TensorFlow 2.20.0"),
        ("tensorflow==2.19.1\nsetuptools>=82\n", "pkg_resources"),
        ("nowhere-to-be-found\n", "nothing answers what was asked for"),
    ],
)
def test_what_cannot_work_is_refused_and_nothing_is_written(
    m1doctor: Command, tmp_path: Path, asked: str, words: str
) -> None:
    (tmp_path / "asked.in").write_text(asked)
    answer = m1doctor("lock", "-r", tmp_path / "asked.in", "-o", tmp_path / "requirements.txt")
    assert answer.status == 1
    assert words in answer.err
    assert not (tmp_path / "requirements.txt").exists()


@USES_INDEX
def test_limits_choose_the_pair_and_a_change_of_them_makes_the_lock_stale(
    m1doctor: Command, packages: Path, tmp_path: Path
) -> None:
    (tmp_path / "asked.in").write_text("-c limits.txt\ntensorflow\ntensorflow-metal\n")
    (tmp_path / "limits.txt").write_text("tensorflow<2.19\nabsent<1\n")
    out = tmp_path / "requirements.txt"
    answer = m1doctor("lock", "-r", tmp_path / "asked.in", "-o", out)
    assert answer.status == 0, answer.err
    assert {"tensorflow==2.18.1", "tensorflow-metal==1.2.0"} <= set(pins(out.read_text()))

    def stale() -> tuple[str, list[str]]:
        told = m1doctor("verify", out, "--site-packages", packages, "--format", "json").document
        (result,) = (each for each in told["results"] if each["id"] == "LOCK002")
        return result["status"], [line for finding in result["findings"] for line in finding["evidence"]]

    assert stale() == ("pass", [])
    (tmp_path / "limits.txt").write_text("tensorflow<2.18\nabsent<1\n")
    assert stale() == ("warning", ["limits.txt: new: tensorflow<2.18", "limits.txt: gone: tensorflow<2.19"])


@pytest.fixture
def community(index: PackageIndex) -> str:
    """The community's plugin on the index, with its TensorFlow for any machine; its hash."""
    index.files["tensorflow"] = {}
    index.wheel("tensorflow", "2.21.0", files={"tensorflow/__init__.py": ""}, requires=("numpy",))
    index.wheel("numpy", "2.4.0")
    index.wheel("wheel", "0.46.0")
    return community_plugin.add_to(index)


def test_the_communitys_plugin_is_locked_from_its_source_with_what_builds_it_and_told_with_its_costs(
    m1doctor: Command, community: str, tmp_path: Path
) -> None:
    out = tmp_path / "requirements.txt"
    answer = m1doctor("lock", "--provider", "community", "-o", out)
    assert answer.status == 0, answer.err
    text = out.read_text()
    assert pins(text) == [
        "numpy==2.4.0", "setuptools==82.0.0", "tensorflow==2.21.0", "tensorflow-metal-plugin==0.4.1", "wheel==0.46.0",
    ]  # fmt: skip
    assert f"tensorflow-metal-plugin==0.4.1 \\\n    --hash={community}\n" in text
    assert "# Target: cpython 3.13 on macOS arm64 (macOS 15.0 or later)\n" in text
    assert "against it: of tensorflow-metal-plugin the source has a hash" in answer.out
    assert "against it: another TensorFlow needs another build" in answer.out
    assert m1doctor("lock", "--provider", "community").out == text


@pytest.mark.usefixtures("community")
@pytest.mark.parametrize("form", ["requirements", "pylock"])
def test_the_comment_of_a_lock_installs_what_is_built_against_another_in_its_order(
    m1doctor: Command, tmp_path: Path, form: str
) -> None:
    here = ".".join(map(str, sys.version_info[:2]))
    m1doctor("lock", "--provider", "community", "--python-version", here, "--format", form, "-o", f"{tmp_path}/")
    (out,) = (path for name in ("requirements.txt", "pylock.toml") if (path := tmp_path / name).exists())
    # The lock is for a Mac; its packages here are for any machine, so that this one can install them.
    out.write_text(re.sub(r"(?ms)^environments = \[.*?^\]\nrequires-python = .*?$", "", out.read_text()))
    (command,) = re.findall(r"# Install: uv (.*)", out.read_text())
    subprocess.run([uv.find_uv_bin(), "venv", "--quiet", "--python", sys.executable, tmp_path / "venv"], check=True)
    options = ["--python", tmp_path / "venv", "--quiet"]
    subprocess.run([uv.find_uv_bin(), *command.split(), *options], check=True, cwd=tmp_path)
    (built,) = (tmp_path / "venv").rglob("libmetal_plugin.dylib")
    assert m1doctor("verify", out, "--site-packages", built.parents[1]).status == 0
    built.unlink()
    assert m1doctor("verify", out, "--site-packages", built.parents[1]).status == 1


@pytest.mark.usefixtures("community")
def test_the_communitys_plugin_is_added_to_what_files_ask_for_or_asked_for_by_them(
    m1doctor: Command, tmp_path: Path
) -> None:
    (tmp_path / "asked.in").write_text("numpy\n")
    added = m1doctor("lock", "-r", tmp_path / "asked.in", "--provider", "community")
    (tmp_path / "named.in").write_text("tensorflow-metal-plugin>=0.4\n")
    named = m1doctor("lock", "-r", tmp_path / "named.in")
    assert (added.status, named.status) == (0, 0), added.err + named.err
    assert pins(added.out) == pins(named.out)
    assert "# Asked for by m1doctor:\n#   tensorflow\n#   tensorflow-metal-plugin\n" in added.out
    (tmp_path / "named.in").write_text("tensorflow-metal-plugin<0.4\n")
    assert "0.1.0 to 0.2.0 ask for" in m1doctor("lock", "-r", tmp_path / "named.in").err
    (tmp_path / "both.in").write_text("tensorflow-metal\n")
    both = m1doctor("lock", "-r", tmp_path / "both.in", "--provider", "community", "--python-version", "3.12")
    assert both.status == 1
    assert "install one and the same file" in both.err


@pytest.mark.parametrize("builders", [(), ("setuptools", "wheel")])
def test_what_is_built_here_is_pinned_from_its_source_with_its_order_and_its_costs(
    m1doctor: Command, community: str, index: PackageIndex, tmp_path: Path, builders: tuple[str, ...]
) -> None:
    index.wheel("tensorflow", "2.21.0", "cp312-cp312-macosx_12_0_arm64")
    tags = {"tensorflow": "cp312-cp312-macosx_12_0_arm64", "tensorflow-metal-plugin": "cp312-cp312-macosx_15_0_arm64"}
    versions = {"tensorflow": "2.21.0", "tensorflow-metal-plugin": "0.4.1", "setuptools": "82.0.0", "wheel": "0.46.0"}
    for name in ("tensorflow", "tensorflow-metal-plugin", *builders):
        info = tmp_path / "site" / f"{name.replace('-', '_')}-{versions[name]}.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {versions[name]}\n")
        (info / "WHEEL").write_text(f"Wheel-Version: 1.0\nTag: {tags.get(name, 'py3-none-any')}\n")
    answer = m1doctor("lock", "--from-env", "--site-packages", tmp_path / "site")
    assert answer.status == 0, answer.err
    names = sorted(["tensorflow", "tensorflow-metal-plugin", *builders])
    assert pins(answer.out) == [f"{name}=={versions[name]}" for name in names]
    assert f"tensorflow-metal-plugin==0.4.1 \\\n    --hash={community}\n" in answer.out
    order = "--no-build-isolation-package tensorflow-metal-plugin -r requirements.txt"
    assert f"# Install: uv pip install --require-hashes --no-deps {order}\n" in answer.out
    told = " ".join(answer.out.replace("\n#", "").split())
    assert "of tensorflow-metal-plugin the source has a hash; what is built from it has none" in told
    assert "another TensorFlow needs another build" in told
    absent = "setuptools>=64 and wheel, with which tensorflow-metal-plugin is built, are not pinned"
    assert (absent in told) is (not builders)


@pytest.mark.usefixtures("community")
def test_a_form_that_one_run_of_pip_installs_is_refused_for_what_is_built_against_another(
    m1doctor: Command, tmp_path: Path
) -> None:
    answer = m1doctor("lock", "--provider", "community", "--format", "environment", "-o", f"{tmp_path}/out/")
    assert answer.status == 2
    assert "conda gives pip all packages at once" in answer.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "words", "unsaid"),
    [
        (["--python-version", "3.13"], ["no tensorflow-metal for Python 3.13", "--python-version 3.12",
          "--provider community --python-version 3.13", "It costs: "], []),
        (["--python-version", "3.13", "--provider", "apple"], ["--python-version 3.12", "m1doctor compat"],
         ["--provider community", "It costs: "]),
        (["--python-version", "3.14"], ["cannot serve either: TensorFlow 2.21.0 has no wheel for Python 3.14"],
         ["It costs: "]),
        (["--python-version", "3.14", "--provider", "community"], ["cannot serve here: TensorFlow 2.21.0 has no"], []),
        (["--macos", "14.0", "--provider", "community"], ["it needs macOS 15.0 or newer"], ["It costs: "]),
        (["--macos", "12.0", "--python-version", "3.12"], ["With macOS 12.1 or newer", "--python-version 3.11"], []),
    ],
)  # fmt: skip
def test_a_provider_that_cannot_serve_is_refused_with_the_ways_out(
    m1doctor: Command, arguments: list[str], words: list[str], unsaid: list[str]
) -> None:
    answer = m1doctor("lock", *arguments)
    assert (answer.status, answer.out) == (1, "")
    assert [each for each in words if each not in answer.err] == []
    assert [each for each in unsaid if each in answer.err] == []


@USES_INDEX
@pytest.mark.parametrize("provider", ["auto", "apple"])
def test_apples_pair_is_what_auto_and_apple_lock(m1doctor: Command, provider: str) -> None:
    assert m1doctor("lock", "--provider", provider).out == m1doctor("lock").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-r", "absent.in"], "cannot read absent.in: No such file"),
        (["--python-version", "three"], "--python-version: 'three' is not a Python such as 3.12"),
        (["--macos", "sonoma"], "--macos: 'sonoma' is not a macOS such as 14.0"),
        (["--exclude-newer", "yesterday"], "--exclude-newer: 'yesterday' is neither a date"),
        (["--from-env", "-r", "a.in"], "--from-env and -r exclude each other"),
        (["--from-env", "--provider", "apple"], "--from-env and --provider exclude each other"),
        (["--provider", "anybody"], "'anybody' is not one of"),
        (["--python", "/usr/bin/python3"], "--python: only with --from-env"),
        (["--group", "ml"], "--group: there is no pyproject.toml"),
        (["--format", "pylock", "--format", "environment"], "--output: several forms need a folder"),
        (["--offline", "--download", "wheels"], "--offline and --download exclude each other"),
        (["--channel", "mine"], "--channel: only with conda's forms"),
        (["--output", "/nowhere/at/all"], "--output: cannot write /nowhere/at/all: there is no folder"),
    ],
)
def test_wrong_usage_is_one_line(m1doctor: Command, arguments: list[str], words: str) -> None:
    answer = m1doctor("lock", *arguments)
    assert answer.status == 2
    assert words in answer.err
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize("trouble", ["500", "closed", "slow"])
def test_an_index_in_trouble_is_told_and_nothing_is_written(
    m1doctor: Command, index: PackageIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    if trouble == "500":
        index.status = 500
    elif trouble == "slow":
        index.hang = True
        monkeypatch.setenv("UV_HTTP_TIMEOUT", "1")
    else:
        monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple/")
    answer = m1doctor("lock", "-o", tmp_path / "requirements.txt")
    assert answer.status == 3
    assert "nothing was locked" in answer.err
    assert "127.0.0.1" not in answer.err
    assert not (tmp_path / "requirements.txt").exists()


def test_offline_what_uv_keeps_has_to_do(m1doctor: Command, index: PackageIndex) -> None:
    assert m1doctor("lock", "--offline").status == 1
    first = m1doctor("lock")
    asked = len(index.asked)
    again = m1doctor("lock", "--offline")
    assert (again.status, again.out) == (0, first.out)
    assert len(index.asked) == asked


def test_what_is_installed_is_pinned_as_it_is(m1doctor: Command, index: PackageIndex, packages: Path) -> None:
    index.wheel("tensorflow", "2.18.1", "cp311-cp311-macosx_12_0_arm64")
    answer = m1doctor("lock", "--from-env", "--site-packages", packages)
    assert answer.status == 0, answer.err
    assert pins(answer.out) == ["tensorflow==2.18.1"]
    assert "--hash=sha256:" in answer.out
    assert (
        Pylock.from_dict(
            tomllib.loads(m1doctor("lock", "--from-env", "--site-packages", packages, "--format", "pylock").out)
        )
        .packages[0]
        .wheels
    )


def test_every_file_is_fetched_beside_the_lock_and_installs_without_the_index(
    m1doctor: Command, index: PackageIndex, tmp_path: Path
) -> None:
    wheels = tmp_path / "wheels"
    answer = m1doctor("lock", "--download", wheels)
    assert answer.status == 0, answer.err
    assert "4 files, 0 MiB, 4 of them fetched now" in " ".join(answer.out.split())
    assert len(list(wheels.glob("*.whl"))) == 4
    index.status = 500
    options = ["--no-index", "--find-links", wheels, "--require-hashes", "--no-deps", "--target", tmp_path / "site"]
    options += ["--python-platform", "aarch64-apple-darwin", "--python-version", "3.12", "--quiet"]
    subprocess.run([uv.find_uv_bin(), "pip", "install", *options, "-r", wheels / "requirements.txt"], check=True)
    assert m1doctor("verify", wheels / "requirements.txt", "--site-packages", tmp_path / "site").status == 0


def test_wheels_that_break_off_leave_no_lock(m1doctor: Command, index: PackageIndex, tmp_path: Path) -> None:
    index.truncate = 50
    answer = m1doctor("lock", "--download", tmp_path / "wheels")
    assert answer.status != 0
    assert answer.err
    assert not (tmp_path / "wheels").exists()


def test_a_private_index_is_locked_and_fetched_from_and_its_password_is_written_nowhere(
    m1doctor: Command, index: PackageIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.credentials = "me:pass-word"
    monkeypatch.setenv("UV_DEFAULT_INDEX", index.address.replace("//", "//me:pass-word@"))
    forms = ("--format", "requirements", "--format", "pylock")
    answer = m1doctor("lock", "--download", tmp_path / "wheels", *forms)
    assert answer.status == 0, answer.err
    assert len(list((tmp_path / "wheels").glob("*.whl"))) == 4
    for path in (tmp_path / "wheels").iterdir():
        assert b"pass-word" not in path.read_bytes(), path
    assert "pass-word" not in answer.out + answer.err
