"""`m1doctor lock` and `verify` in conda's forms: locked, installed by py-rattler, changed, verified."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import rattler
import uv
import yaml

from environments.conda_channel import CondaChannel, with_pythons
from environments.package_index import serve

Command = Callable[..., Any]


@pytest.fixture
def channel(tmp_path: Path) -> CondaChannel:
    return with_pythons(tmp_path / "channel")


@pytest.fixture
def locked(m1doctor: Command, channel: CondaChannel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a lock in conda's forms: Python by conda, one package by pip from an index that still answers."""
    (tmp_path / "asked.in").write_text("six\n")
    with serve() as index:
        index.wheel("six", "1.17.0", files={"six.py": "six = 6\n"})
        monkeypatch.setenv("UV_DEFAULT_INDEX", index.address)
        monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv-cache"))
        forms = ("--format", "explicit", "--format", "conda-lock")
        answer = m1doctor(
            "lock", "-r", tmp_path / "asked.in", "--channel", channel.address, *forms, "-o", f"{tmp_path}/out/"
        )
        assert answer.status == 0, answer.err
        yield tmp_path / "out"


def conda_lines(text: str) -> list[str]:
    """What conda installs, of the text of an explicit file."""
    return [line for line in text.splitlines() if line.startswith("file:")]


def install(explicit: Path, prefix: Path, channel: CondaChannel, cache: Path) -> None:
    """Lay the packages of the file in a prefix as conda would, with the build prefix rewritten."""
    stems = [
        line.partition("#")[0].rpartition("/")[2].removesuffix(".tar.bz2") for line in conda_lines(explicit.read_text())
    ]

    async def lay() -> None:
        records = await rattler.solve(
            [channel.address],
            ["{} =={} {}".format(*stem.rsplit("-", 2)) for stem in stems],
            platforms=["osx-arm64", "noarch"],
            virtual_packages=[],
        )
        await rattler.install(
            records,
            target_prefix=prefix,
            cache_dir=cache / "packages",
            platform=rattler.Subdir("osx-arm64"),
            show_progress=False,
            execute_link_scripts=False,
        )

    asyncio.run(lay())
    site = prefix / "lib/python3.12/site-packages"
    options = ("--no-deps", "--require-hashes", "--link-mode", "copy", "--target", site)
    argv = (uv.find_uv_bin(), "pip", "install", "--quiet", *options, "-r", explicit.with_name("requirements.txt"))
    subprocess.run(argv, check=True)


def statuses(answer: Any) -> dict[str, list[str]]:
    return {
        result["id"]: [line for finding in result["findings"] for line in finding["evidence"]]
        for result in answer.document["results"]
        if result["findings"]
    }


def test_a_prefix_is_locked_installed_verified_and_its_damage_found(
    m1doctor: Command, locked: Path, channel: CondaChannel, tmp_path: Path
) -> None:
    prefix = tmp_path / "env"
    install(locked / "explicit.txt", prefix, channel, tmp_path)
    site = prefix / "lib/python3.12/site-packages"
    assert str(prefix) in (prefix / "lib/python3.12/config.txt").read_text(), "the prefix was rewritten"

    for name in ("explicit.txt", "conda-lock.yml"):
        answer = m1doctor("verify", locked / name, "--site-packages", site, "--format", "json")
        assert (answer.status, statuses(answer)) == (0, {})

    (prefix / "share/zlib.txt").unlink()
    (prefix / "bin/python3.12").write_text("another!\n")
    answer = m1doctor("verify", locked / "explicit.txt", "--site-packages", site, "--format", "json")
    assert statuses(answer)["LOCK006"] == ["hash: bin/python3.12", "missing: share/zlib.txt"]

    (prefix / "conda-meta/zlib-1.2.13-hz_0.json").unlink()
    answer = m1doctor("verify", locked / "explicit.txt", "--site-packages", site, "--format", "json")
    assert "missing: zlib 1.2.13 hz_0" in statuses(answer)["LOCK001"]


def test_what_conda_has_installed_is_frozen_as_it_is(
    m1doctor: Command, locked: Path, channel: CondaChannel, tmp_path: Path
) -> None:
    prefix = tmp_path / "env"
    install(locked / "explicit.txt", prefix, channel, tmp_path)
    site = prefix / "lib/python3.12/site-packages"
    answer = m1doctor("lock", "--from-env", "--site-packages", site, "--format", "explicit", "--offline")
    assert answer.status == 0, answer.err
    assert conda_lines(answer.out) == conda_lines((locked / "explicit.txt").read_text())


def test_what_conda_pins_is_not_said_to_be_left_out(
    m1doctor: Command, locked: Path, channel: CondaChannel, tmp_path: Path
) -> None:
    prefix = tmp_path / "env"
    install(locked / "explicit.txt", prefix, channel, tmp_path)
    site = prefix / "lib/python3.12/site-packages"
    (site / "six-1.17.0.dist-info/INSTALLER").write_text("conda")
    options = ("--from-env", "--site-packages", site, "--offline")
    assert "six 1.17.0: installed by conda" in m1doctor("lock", *options).out
    assert "installed by conda" not in m1doctor("lock", *options, "--format", "explicit").out


def test_the_conda_lock_is_of_the_form_that_conda_lock_reads(locked: Path) -> None:
    document = yaml.safe_load((locked / "conda-lock.yml").read_text())
    assert document["version"] == 1
    assert document["metadata"]["platforms"] == ["osx-arm64"]
    assert document["metadata"]["sources"] == ["../asked.in"]
    assert [(entry["manager"], entry["name"]) for entry in document["package"]] == [
        ("conda", "zlib"), ("conda", "python"), ("conda", "pip"), ("pip", "six"),
    ]  # fmt: skip
    for entry in document["package"]:
        assert entry.keys() >= {"name", "version", "platform", "dependencies", "url", "category", "optional"}
        assert entry["hash"]["sha256"]


def test_the_explicit_file_names_what_pip_installs_for_conda_lock(locked: Path) -> None:
    lines = (locked / "explicit.txt").read_text().splitlines()
    assert lines[lines.index("@EXPLICIT") - 1] == "# platform: osx-arm64"
    (pip,) = [line for line in lines if line.startswith("# pip ")]
    assert pip.startswith("# pip six @ http")
    assert "--hash=sha256:" in pip
    assert (locked / "requirements.txt").exists()
