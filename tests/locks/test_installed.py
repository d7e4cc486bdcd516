"""The pinned requirements of an examined environment."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import uv
from packaging.requirements import Requirement

from environments import real
from environments.package_index import PackageIndex
from m1doctor import __version__
from m1doctor.collect.packages.collector import collect_packages
from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.world import LiveWorld, Uname
from m1doctor.locks.installed import NothingToLockError, write_pinned_requirements
from m1doctor.locks.writing import LockWriteError
from m1doctor.model.facts import Facts
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.packages import BrokenMetadata, DirectOrigin, Distribution, Packages
from m1doctor.model.unknown import Unknown

UV_INSTALL = [uv.find_uv_bin(), "pip", "install", "--require-hashes", "--no-deps"]
MAC = Interpreter(version="3.11.7", system="Darwin", machine="arm64")
NOWHERE = RecordedWorld(uname=Uname("Linux", "6", "", "x86_64"), root=Path("/"))
"""A world in which any command is an error of the test."""


def installed(
    name: str,
    version: str,
    *tags: str,
    direct_origin: DirectOrigin | None = None,
    installer: str | None = "uv",
    folder: str = "/site",
) -> Distribution:
    return Distribution(
        name=name,
        normalized_name=re.sub(r"[-_.]+", "-", name).lower(),
        version=version,
        folder=folder,
        metadata_path=f"{name}-{version}.dist-info",
        installer=installer,
        direct_origin=direct_origin,
        wheel_tags=tags or ("py3-none-any",),
    )


def look(folder: Path) -> Facts:
    mac = Interpreter(version="3.11", system="Darwin", machine="arm64", site_folders=(str(folder),))
    return Facts(packages=collect_packages(LiveWorld(), mac), interpreter=mac)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def facts(*distributions: Distribution, interpreter: Interpreter | None = MAC) -> Facts:
    return Facts(packages=Packages(distributions=distributions), interpreter=interpreter)


def pins(text: str) -> list[str]:
    return [str(Requirement(line.split(" \\")[0])) for line in text.splitlines() if re.match(r"[a-z0-9]", line)]


def test_the_file_pins_what_is_installed_sorted_and_hashed(
    index: PackageIndex, world: LiveWorld, tmp_path: Path
) -> None:
    alpha = index.wheel("alpha", "1.0")
    beta = index.wheel("Beta.Two".lower().replace(".", "-"), "2.0rc1", "cp311-cp311-macosx_12_0_arm64")
    path = tmp_path / "new" / "requirements.txt"

    outcome = write_pinned_requirements(
        world, facts(installed("Beta.Two", "2.0rc1", "cp311-cp311-macosx_12_0_arm64"), installed("alpha", "1.0")), path
    )

    assert path.read_text() == (
        f"# What is installed in the environment that m1doctor {__version__} examined, pinned.\n"
        "# Target: cpython 3.11.7 on macOS arm64 (macOS 12.0 or later)\n"
        "# Install: python -m pip install --require-hashes --no-deps -r requirements.txt\n"
        "\n"
        f"alpha==1.0 \\\n    --hash={alpha}\n"
        f"beta-two==2.0rc1 \\\n    --hash={beta}\n"
    )
    assert (
        outcome.lock.unhashed is None,
        len(outcome.lock.packages),
        outcome.lock.unhashed,
        outcome.written.backup,
    ) == (True, 2, None, None)


def test_pip_and_uv_install_from_it_with_hashes_required(
    index: PackageIndex, world: LiveWorld, environ: dict[str, str], tmp_path: Path
) -> None:
    index.wheel("alpha", "1.0")
    path = tmp_path / "requirements.txt"
    write_pinned_requirements(world, facts(installed("alpha", "1.0"), installed("gone", "1.0")), path)

    for tool in ([sys.executable, "-m", "pip"], [uv.find_uv_bin(), "pip"]):
        target = tmp_path / Path(tool[0]).name
        options = ["--require-hashes", "--no-deps", "--index-url", index.address, "--target", str(target)]
        if tool[0] == sys.executable and subprocess.run([*tool, "--version"], check=False).returncode != 0:
            continue  # an environment made by uv has no pip; uv below reads the same file
        subprocess.run([*tool, "install", "-r", str(path), *options], env={**os.environ, **environ}, check=True)
        assert (target / "alpha-1.0.dist-info").is_dir()


def test_a_tampered_wheel_is_refused(
    index: PackageIndex, world: LiveWorld, environ: dict[str, str], tmp_path: Path
) -> None:
    index.wheel("alpha", "1.0")
    path = tmp_path / "requirements.txt"
    write_pinned_requirements(world, facts(installed("alpha", "1.0")), path)
    filename = "alpha-1.0-py3-none-any.whl"
    index.files["alpha"][filename] += b"\0"

    done = subprocess.run(
        [*UV_INSTALL, "--no-cache", "--target", str(tmp_path / "t"), "--index-url", index.address, "-r", str(path)],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert not (tmp_path / "t" / "alpha-1.0.dist-info").exists()


def test_offline_it_is_written_without_hashes_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "requirements.txt"

    outcome = write_pinned_requirements(
        NOWHERE, facts(installed("alpha", "1.0"), installed("beta", "2.0")), path, offline=True
    )

    text = path.read_text()
    assert pins(text) == ["alpha==1.0", "beta==2.0"]
    assert "--hash" not in text
    assert "# WITHOUT HASHES: m1doctor was told to stay offline.\n" in text
    assert "--require-hashes" not in text
    assert (outcome.lock.unhashed is None, len(outcome.lock.packages)) == (False, 2)
    assert outcome.lock.unhashed == "m1doctor was told to stay offline"


def test_without_a_network_it_is_written_without_hashes_and_says_so(environ: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "requirements.txt"
    world = LiveWorld(environ={**environ, "UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple/"})

    outcome = write_pinned_requirements(world, facts(installed("alpha", "1.0")), path)

    assert outcome.lock.unhashed is not None
    assert outcome.lock.unhashed == "the package index could not be reached"
    assert "# WITHOUT HASHES: the package index could not be reached.\n" in path.read_text()
    assert pins(path.read_text()) == ["alpha==1.0"]


@pytest.mark.parametrize("failure", ["hang", "500"])
def test_an_index_in_trouble_costs_the_hashes_and_nothing_else(
    index: PackageIndex, world: LiveWorld, tmp_path: Path, failure: str
) -> None:
    index.wheel("alpha", "1.0")
    index.hang, index.status = failure == "hang", 500 if failure == "500" else None
    path = tmp_path / "requirements.txt"

    outcome = write_pinned_requirements(world, facts(installed("alpha", "1.0")), path, seconds=2.0)

    assert outcome.lock.unhashed is not None
    assert pins(path.read_text()) == ["alpha==1.0"]
    assert "127.0.0.1" not in path.read_text()


@pytest.mark.parametrize(
    ("distribution", "words"),
    [
        (installed("mine", "1.0", direct_origin=DirectOrigin.EDITABLE), "mine 1.0: an editable installation"),
        (installed("mine", "1.0", direct_origin=DirectOrigin.DIRECTORY), "mine 1.0: installed from a source folder"),
        (installed("mine", "1.0", direct_origin=DirectOrigin.ARCHIVE), "mine 1.0: installed from a file"),
        (installed("mine", "1.0", direct_origin=DirectOrigin.VCS), "mine 1.0: installed from a repository"),
        (installed("numpy", "1.26.4", installer="conda"), "numpy 1.26.4: installed by conda"),
        (installed("torch", "2.1.0+cpu"), "torch 2.1.0+cpu: a local version"),
        (installed("odd", "unknown"), "odd unknown: its version cannot be read"),
        (installed("odd", ""), "odd: its version cannot be read"),
        (
            installed("tensorflow-macos", "2.15.1"),
            "tensorflow-macos 2.15.1: an empty package that requires only itself",
        ),
        (installed("-lflow", "1.0"), "-lflow 1.0: its name is not one"),
    ],
)
def test_what_no_index_can_give_again_is_named_with_the_reason(
    tmp_path: Path, distribution: Distribution, words: str
) -> None:
    path = tmp_path / "requirements.txt"

    outcome = write_pinned_requirements(NOWHERE, facts(distribution, installed("alpha", "1.0")), path, offline=True)

    text = path.read_text()
    assert pins(text) == ["alpha==1.0"]
    assert "# Installed, but not pinned here:\n" in text
    assert f"#   {words}" in text
    assert [left.name for left in outcome.lock.left_out] == [distribution.normalized_name]
    assert len(outcome.lock.packages) == 1


def test_a_package_with_broken_metadata_is_named(tmp_path: Path) -> None:
    broken = BrokenMetadata(folder="/site", metadata_path="odd-1.dist-info", name=None, reason="METADATA is empty")
    packages = Packages(distributions=(installed("alpha", "1.0"),), broken_metadata=(broken,))
    path = tmp_path / "requirements.txt"

    write_pinned_requirements(NOWHERE, Facts(packages=packages, interpreter=MAC), path, offline=True)

    assert "#   odd-1.dist-info: its metadata is broken: METADATA is empty\n" in path.read_text()


def test_what_the_index_lacks_is_named_and_the_rest_keeps_its_hashes(
    index: PackageIndex, world: LiveWorld, tmp_path: Path
) -> None:
    index.wheel("alpha", "1.0")
    path = tmp_path / "requirements.txt"

    outcome = write_pinned_requirements(world, facts(installed("alpha", "1.0"), installed("private", "4.0")), path)

    assert outcome.lock.unhashed is None
    assert pins(path.read_text()) == ["alpha==1.0"]
    assert "#   private 4.0: the package index has no file of this version" in path.read_text()


def test_a_name_that_is_installed_twice_is_pinned_once_and_the_other_is_named(tmp_path: Path) -> None:
    path = tmp_path / "requirements.txt"
    write_pinned_requirements(
        NOWHERE,
        facts(
            installed("alpha", "2.0"),
            installed("alpha", "1.0", folder="/other"),
            installed("alpha", "2.0", folder="/3"),
        ),
        path,
        offline=True,
    )
    assert pins(path.read_text()) == ["alpha==2.0"]
    assert path.read_text().count("alpha 1.0: a second copy; 2.0 comes first") == 1


def test_a_lock_of_a_broken_environment_says_so_at_its_head(tmp_path: Path) -> None:
    path = tmp_path / "requirements.txt"
    write_pinned_requirements(
        NOWHERE, facts(installed("alpha", "1.0")), path, offline=True, causes=["LNK002 plugin-symbol-not-found"]
    )
    assert "# BROKEN as examined" in path.read_text()
    assert "#   LNK002 plugin-symbol-not-found\n" in path.read_text()


def test_text_from_metadata_cannot_leave_its_comment(tmp_path: Path) -> None:
    path = tmp_path / "requirements.txt"
    hostile = installed("evil\n--index-url evil", "1.0\n-r /etc/passwd\r\u2028x")
    write_pinned_requirements(
        NOWHERE,
        facts(hostile, interpreter=Interpreter(version="3.11\n-e .", system="Darwin\nx", machine="arm64")),
        path,
        offline=True,
        causes=["LNK002\n-e ."],
    )
    assert all(line.startswith("#") or not line for line in path.read_text().splitlines())


def test_the_order_of_the_distributions_does_not_show(tmp_path: Path) -> None:
    several = [installed(name, "1.0") for name in ("delta", "alpha", "charlie", "bravo")]
    for name, order in (("one", several), ("two", several[::-1])):
        write_pinned_requirements(NOWHERE, facts(*order), tmp_path / name, offline=True)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_an_equal_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "requirements.txt"
    write_pinned_requirements(NOWHERE, facts(installed("alpha", "1.0")), path, offline=True)
    before = path.stat()

    outcome = write_pinned_requirements(NOWHERE, facts(installed("alpha", "1.0")), path, offline=True)

    assert outcome.written.unchanged
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert names(tmp_path) == ["requirements.txt"]


def test_a_different_file_is_kept_as_a_backup(tmp_path: Path) -> None:
    path = tmp_path / "requirements.txt"
    path.write_text("numpy==1.0  # my own\n")

    outcome = write_pinned_requirements(NOWHERE, facts(installed("alpha", "1.0")), path, offline=True)

    assert outcome.written.backup == tmp_path / "requirements.txt.bak"
    assert outcome.written.backup.read_text() == "numpy==1.0  # my own\n"
    assert pins(path.read_text()) == ["alpha==1.0"]


def test_unknown_packages_are_nothing_to_pin(tmp_path: Path) -> None:
    unknown = Facts(unknown={"packages": Unknown("the folder could not be read")})
    with pytest.raises(NothingToLockError, match="the folder could not be read"):
        write_pinned_requirements(NOWHERE, unknown, tmp_path / "requirements.txt", offline=True)
    assert names(tmp_path) == []


def test_a_path_that_cannot_be_written_is_a_typed_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file" / "requirements.txt"):
        with pytest.raises(LockWriteError, match=re.escape(str(path))):
            write_pinned_requirements(NOWHERE, facts(installed("alpha", "1.0")), path, offline=True)


@pytest.mark.real_wheels
def test_the_lock_of_a_real_mac_environment_installs_again_with_hashes_required(tmp_path: Path) -> None:
    environment = real.mac_packages("tensorflow==2.18.1", "tensorflow-metal==1.2.0")
    path = tmp_path / "requirements.txt"

    outcome = write_pinned_requirements(LiveWorld(), look(environment), path)

    text = path.read_text()
    assert outcome.lock.unhashed is None, outcome
    assert outcome.lock.left_out == ()
    assert len(pins(text)) == len(outcome.lock.packages) >= 35
    assert not re.search(r"https?:|/(home|root|Users|tmp)/|file:", text)
    assert text.count("--hash=") <= len(outcome.lock.packages) + 2, (
        "the installed wheels are known, so one hash is enough for each"
    )
    target = tmp_path / "again"
    platform = ("--python-platform", "aarch64-apple-darwin", "--python-version", "3.11")
    subprocess.run(
        [*UV_INSTALL, *platform, "--quiet", "--target", str(target), "-r", str(path)],
        check=True,
    )
    assert (target / "tensorflow-plugins" / "libmetal_plugin.dylib").is_file()
    again = tmp_path / "again.txt"
    write_pinned_requirements(LiveWorld(), look(target), again)
    assert again.read_bytes() == path.read_bytes()
