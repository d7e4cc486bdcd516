"""What is built and published: contents, metadata, and that the wheel works away from the checkout."""

from __future__ import annotations

import email
import os
import subprocess
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import uv
from packaging.markers import Environment, default_environment
from packaging.requirements import Requirement

from m1doctor import __version__

CHECKOUT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())


def run(*argv: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONPATH")}
    done = subprocess.run(list(map(str, argv)), env={**kept, **environ}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(uv.find_uv_bin(), "build", "--quiet", "--out-dir", folder, CHECKOUT)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Iterator[zipfile.ZipFile]:
    (path,) = built.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


def tracked(folder: str) -> set[str]:
    """Files of the package as they lie in the checkout, without what Python leaves behind."""
    return {
        str(path.relative_to(CHECKOUT))
        for path in (CHECKOUT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_the_whole_package_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    published = {f"m1doctor/knowledge/{name}" for name in tracked("envs")}
    assert names == tracked("m1doctor") | published
    assert "m1doctor/knowledge/envs/environments.toml" in names
    assert "m1doctor/py.typed" in names
    assert "m1doctor/knowledge/locks.toml" in names
    assert any(name.startswith("m1doctor/probes/") for name in names)


def test_the_metadata_says_what_the_project_says(wheel: zipfile.ZipFile) -> None:
    info = f"m1doctor-{__version__}.dist-info"
    metadata = email.message_from_bytes(wheel.read(f"{info}/METADATA"))
    assert metadata["Name"] == "m1doctor"
    assert metadata["Version"] == __version__
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Requires-Python"] == ">=3.11"
    assert sorted(metadata.get_all("Provides-Extra") or []) == ["conda", "dev", "legacy-macos", "metal", "plot"]
    assert str(metadata.get_payload()).strip(), "the README is the description"
    assert f"{info}/licenses/LICENSE" in wheel.namelist()
    assert "m1doctor = m1doctor.cli.app:main" in wheel.read(f"{info}/entry_points.txt").decode()


def test_the_source_distribution_can_be_tested_and_holds_no_leftovers(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "scripts/run.py", "tests/conftest.py"} <= names
    assert tracked("m1doctor") <= names
    assert not any(part.startswith((".venv", ".cache", "__pycache__")) for name in names for part in name.split("/"))


def test_the_wheel_runs_in_a_fresh_environment(built: Path, tmp_path: Path) -> None:
    (path,) = built.glob("*.whl")
    run(uv.find_uv_bin(), "venv", "--quiet", tmp_path / "venv")
    python = tmp_path / "venv" / "bin" / "python"
    run(uv.find_uv_bin(), "pip", "install", "--quiet", "--python", python, path)
    assert run(tmp_path / "venv" / "bin" / "m1doctor", "--version").stdout == f"m1doctor {__version__}\n"
    assert run(python, "-m", "m1doctor", "--version").stdout == f"m1doctor {__version__}\n"
    assert "LNK002" in run(tmp_path / "venv" / "bin" / "m1doctor", "explain", "LNK002").stdout


# --- the extras ---------------------------------------------------------------------------------------------------

PLATFORMS = [("darwin", "arm64"), ("darwin", "x86_64"), ("linux", "x86_64"), ("linux", "aarch64")]
PYTHONS = ["3.11", "3.12", "3.13", "3.14"]


def active(extra: str, system: str, machine: str, python: str) -> set[str]:
    environment: Environment = {
        **default_environment(),  # type: ignore[typeddict-item]  # mypy takes the spread for a plain dict
        "sys_platform": system,
        "platform_machine": machine,
        "python_version": python,
        "python_full_version": f"{python}.0",
    }
    requirements = map(Requirement, PROJECT["project"]["optional-dependencies"][extra])
    return {r.name for r in requirements if r.marker is None or r.marker.evaluate(dict(environment))}


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_tensorflow_extras_mean_something_only_on_apple_silicon(platform: tuple[str, str], python: str) -> None:
    mac = platform == ("darwin", "arm64")
    metal = {"setuptools", "tensorflow", "tensorflow-metal"} if mac and python in ("3.11", "3.12") else set()
    legacy = {"setuptools", "tensorflow-macos", "tensorflow-metal"} if mac and python == "3.11" else set()
    assert active("metal", *platform, python) == metal
    assert active("legacy-macos", *platform, python) == legacy


def test_the_two_pairs_exclude_each_other() -> None:
    assert [{"extra": "metal"}, {"extra": "legacy-macos"}] in PROJECT["tool"]["uv"]["conflicts"]


@pytest.mark.real_wheels
@pytest.mark.parametrize(
    ("extra", "python", "pair"),
    [
        ("metal", "3.11", {"tensorflow==2.19.1", "tensorflow-metal==1.2.0"}),
        ("metal", "3.12", {"tensorflow==2.19.1", "tensorflow-metal==1.2.0"}),
        ("metal", "3.13", set()),
        ("legacy-macos", "3.11", {"tensorflow==2.16.2", "tensorflow-macos==2.16.2", "tensorflow-metal==1.1.0"}),
    ],
)
def test_an_extra_solves_to_a_pair_that_links(extra: str, python: str, pair: set[str], tmp_path: Path) -> None:
    options = ["--extra", extra, "--python-version", python, "--python-platform", "aarch64-apple-darwin"]
    solved = tmp_path / "solved.txt"
    run(
        *(uv.find_uv_bin(), "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--output-file", solved),
        *(*options, "--only-binary", ":all:", CHECKOUT / "pyproject.toml"),
    )
    lines = set(solved.read_text().split())
    assert {line for line in lines if line.startswith("tensorflow") and "gcs" not in line} == pair
    assert all(int(line.split("==")[1].split(".")[0]) < 82 for line in lines if line.startswith("setuptools=="))
