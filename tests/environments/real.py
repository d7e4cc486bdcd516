"""Real environments for tests: macOS wheels laid on this disk, and TensorFlow for Linux, each built once by uv.

An environment is kept in the test cache (`$M1DOCTOR_TEST_CACHE`, else `.cache/` of the checkout) under a name made of
what was asked for. uv hard-links it into its own cache, so an environment must never be written to: take a `clone` and
`replace` files in that.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import uv

CHECKOUT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("M1DOCTOR_TEST_CACHE", CHECKOUT / ".cache")) / "environments"
SHARED = CHECKOUT.parent / "shared"
"""Captures of real Macs and real cases, where they are at hand."""


def mac_packages(
    *requirements: str, python: str = "3.11", platform: str = "aarch64-apple-darwin", dependencies: bool = True
) -> Path:
    """A folder of packages as a Mac would have them, for reading only."""
    options = ["--python-platform", platform, "--python-version", python]
    if not dependencies:
        options.append("--no-deps")
    name = _name("mac", *options, *requirements)

    def build(folder: Path) -> None:
        _uv("pip", "install", "--quiet", *options, "--target", str(folder), *requirements)

    return _build_once(name, build)


def locked_mac_packages(lock: Path, *, python: str) -> Path:
    """A folder of packages as a Mac would have them, installed from the hashes of a requirements file."""
    options = ["--python-platform", "aarch64-apple-darwin", "--python-version", python, "--no-deps", "--require-hashes"]
    name = _name("locked", python, hashlib.sha256(lock.read_bytes()).hexdigest())

    def build(folder: Path) -> None:
        _uv("pip", "install", "--quiet", *options, "--target", str(folder), "-r", str(lock))

    return _build_once(name, build)


def offered_today(lock: Path, *, python: str, macos: str) -> tuple[str, str]:
    """What the package index has today for the pins of a lock, with every hash, and what uv says of it."""
    today = datetime.now(UTC).date().isoformat()
    name = _name("offered", today, python, macos, hashlib.sha256(lock.read_bytes()).hexdigest())

    def build(folder: Path) -> None:
        folder.mkdir()
        words = ask_index(lock, folder / "answer.txt", python=python, macos=macos)
        (folder / "words.txt").write_text(words, encoding="utf-8")

    folder = _build_once(name, build)
    return tuple((folder / file).read_text(encoding="utf-8") for file in ("answer.txt", "words.txt"))


def ask_index(lock: Path, answer: Path, *, python: str, macos: str, environ: Mapping[str, str] = os.environ) -> str:
    """Write what the index has for the pins of `lock` to `answer`; what uv says of it, such as what is yanked."""
    options = ["--no-deps", "--only-binary", ":all:", "--generate-hashes", "--no-header", "--no-annotate"]
    options += ["--python-platform", "aarch64-apple-darwin", "--python-version", python]
    argv = [uv.find_uv_bin(), "pip", "compile", str(lock), *options, "--output-file", str(answer)]
    target = {**environ, "MACOSX_DEPLOYMENT_TARGET": macos}
    done = subprocess.run(argv, env=target, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


def linux_environment(*requirements: str, python: str = "3.11") -> Path:
    """A virtual environment of this Linux with `requirements` in it, for reading and running only."""
    name = _name("linux", python, *requirements)

    def build(folder: Path) -> None:
        # Not relocatable on purpose: it is built in its final place, as a user's would be.
        _uv("venv", "--quiet", "--python", python, str(folder))
        if requirements:
            _uv("pip", "install", "--quiet", "--python", str(folder / "bin" / "python"), *requirements)

    return _build_once(name, build, in_place=True)


def clone(environment: Path, destination: Path) -> Path:
    """Copy an environment by hard links (no disk, under a second), so that files can be replaced in the copy."""
    shutil.copytree(environment, destination, symlinks=True, copy_function=os.link)
    return destination


def replace(path: Path, content: bytes) -> None:
    """Give `path` new content without writing through a hard link into uv's cache."""
    mode = path.stat().st_mode if path.exists() else 0o644
    path.unlink(missing_ok=True)
    path.write_bytes(content)
    path.chmod(mode)


def _name(*parts: str) -> str:
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]
    words = "-".join(part for part in parts if not part.startswith("-"))
    return "".join(c if c.isalnum() or c in ".-_=" else "_" for c in words)[:80] + "-" + digest


def _uv(*arguments: str) -> None:
    environ = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "CONDA_PREFIX")}
    done = subprocess.run([uv.find_uv_bin(), *arguments], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"uv {' '.join(arguments)}\n{done.stderr}"


def _build_once(name: str, build, *, in_place: bool = False) -> Path:  # noqa: ANN001 - Callable[[Path], None]
    """Build beside and rename, or in place behind a marker where the folder must not move. Safe between processes."""
    import fcntl  # noqa: PLC0415 - this module is imported on every platform, locks are only taken where tests build

    CACHE.mkdir(parents=True, exist_ok=True)
    final, done = CACHE / name, CACHE / f"{name}.done"
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if done.exists() and final.exists():
            return final
        shutil.rmtree(final, ignore_errors=True)
        if in_place:
            build(final)
        else:
            beside = CACHE / f"{name}.building"
            shutil.rmtree(beside, ignore_errors=True)
            build(beside)
            beside.rename(final)
        done.touch()
    return final
