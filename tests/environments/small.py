"""A small environment that really runs: uv makes it from an index on the loopback interface, in half a second.

Its TensorFlow is one file that requires `alpha<2`; `alpha` 1.0 and 2.0 and `beta` are there to break it with.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import uv

from environments.package_index import PackageIndex, serve
from m1doctor.checks.registry import Registry, built_in_checks
from m1doctor.checks.selection import choose
from m1doctor.collect.examine import Depth, examine
from m1doctor.collect.target import choose_target
from m1doctor.collect.world import LiveWorld
from m1doctor.diagnosis import make_report
from m1doctor.model.report import Report
from m1doctor.setup.stock import Stock, take_stock

CHECKOUT = Path(__file__).resolve().parents[2]
PYTHON = "3.11"


def fill(index: PackageIndex) -> None:
    """Add the packages."""
    index.wheel("tensorflow", "2.18.1", files={"tensorflow/__init__.py": "import alpha\n"}, requires=["alpha<2"])
    for version in ("1.0", "2.0"):
        files = {"alpha/__init__.py": f"VERSION = '{version}'\n", f"alpha/v{version[0]}.py": "x = 1\n" * 100}
        index.wheel("alpha", version, files=files)
    index.wheel("beta", "1.0", files={"beta/__init__.py": "import alpha\n", "beta/data.txt": "data\n" * 1000})


def user(index: PackageIndex, folder: Path) -> dict[str, str]:
    """The environment variables of a user whose only index is the served one, with folders of his own."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder / "home"),
        "XDG_STATE_HOME": str(folder / "state"),
        "UV_CACHE_DIR": str(folder / "uv-cache"),
        "UV_DEFAULT_INDEX": index.address,
        "UV_HTTP_RETRIES": "0",
    }


@dataclass(frozen=True)
class Small:
    """One such environment."""

    folder: Path
    environ: Mapping[str, str]

    @property
    def python(self) -> str:
        return str(self.folder / "bin" / "python")

    @property
    def site(self) -> Path:
        return self.folder / "lib" / f"python{PYTHON}" / "site-packages"

    def install(self, *arguments: str) -> None:
        self.uv("pip", "install", "--quiet", "--python", self.python, *arguments)

    def uv(self, *arguments: str) -> None:
        subprocess.run([uv.find_uv_bin(), *arguments], env=dict(self.environ), check=True, capture_output=True)

    def m1doctor(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The command as a user types it in the folder of the project, with nobody to ask, at its end."""
        process = self.started(*arguments)
        out, err = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def started(self, *arguments: str) -> subprocess.Popen[str]:
        """The same while it runs."""
        return subprocess.Popen(
            [sys.executable, "-m", "m1doctor", *arguments],
            env={**self.environ, "PYTHONPATH": str(CHECKOUT)},
            cwd=self.folder.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def diagnose(self) -> Report:
        """What the files of it are judged to be."""
        world = LiveWorld(environ=self.environ)
        target = choose_target(world, python=self.python)
        registry = Registry(built_in_checks())
        facts = examine(world, target, Depth(quick=True))
        return make_report(facts, target, registry, choose(registry))

    def contents(self) -> dict[str, object]:
        """What lies in it, whatever the inodes."""
        stock: Stock = take_stock(self.folder)
        return {path: entry._replace(inode=0) for path, entry in stock.files.items()} | dict.fromkeys(stock.folders)

    def versions(self) -> dict[str, str]:
        """Name to version of what is installed."""
        names = [each.name.removesuffix(".dist-info").split("-") for each in self.site.glob("*.dist-info")]
        return {name: version for name, version in names}  # noqa: C416 - pairs are named for their reader


def nothing(index: PackageIndex, folder: Path) -> Small:
    """The folder of a project without one."""
    small = Small(folder / "project" / ".venv", user(index, folder))
    small.folder.parent.mkdir(parents=True)
    return small


def make(index: PackageIndex, folder: Path) -> Small:
    """Make one, whole and healthy."""
    small = nothing(index, folder)
    small.uv("venv", "--quiet", "--python", PYTHON, str(small.folder))
    small.install("tensorflow", "beta")
    return small


@pytest.fixture
def index() -> Iterator[PackageIndex]:
    """An index with the packages of small environments."""
    with serve() as served:
        fill(served)
        yield served


@pytest.fixture
def environment(index: PackageIndex, tmp_path: Path) -> Small:
    """A small environment, whole and healthy."""
    return make(index, tmp_path)
