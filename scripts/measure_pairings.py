"""Measure which published wheels of tensorflow-metal link with which of TensorFlow, for `knowledge/pairings.toml`.

    python scripts/measure_pairings.py FOLDER

lays every wheel of the table in FOLDER (about 25 GB, shared with uv's cache by hard links), judges every pair, and
prints the sections `links.loads` and `links.fails` and the identities of the plugins, ready to be put into the file.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import uuid
from pathlib import Path

import uv

from m1doctor.knowledge import pairings
from m1doctor.macho.image import Image
from m1doctor.macho.link import judge_link
from m1doctor.model.plugins import LinkStatus

LIBRARY = "tensorflow-plugins/libmetal_plugin.dylib"


def lay(folder: Path, requirement: str, python: str) -> Path:
    """One wheel for macOS in a folder of its own, without what it requires."""
    target = folder / f"{requirement.replace('==', '-')}-{python}"
    if not target.exists():
        options = ["--no-deps", "--python-platform", "aarch64-apple-darwin", "--python-version", python]
        subprocess.run(
            [uv.find_uv_bin(), "pip", "install", "--quiet", *options, "--target", str(target), requirement], check=True
        )
    return target


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    table = pairings.load()
    tensorflows = {
        release.version: lay(folder, f"{release.install}=={release.version}", release.pythons[-1])
        for release in table.tensorflow
    }
    loads: list[str] = []
    fails: list[str] = []
    for plugin in table.plugins:
        libraries = [lay(folder, f"tensorflow-metal=={plugin.version}", python) / LIBRARY for python in plugin.pythons]
        print_identity(plugin.version, libraries)
        good: list[str] = []
        bad: list[str] = []
        for version, place in tensorflows.items():
            found = {judge_link(library, place / "tensorflow").status for library in libraries}
            assert len(found) == 1, f"the wheels of {plugin.version} differ on {version}: {found}"  # noqa: S101 - a script
            (good if found == {LinkStatus.LINKS} else bad).append(version)
        loads.append(row(plugin.version, good))
        fails.append(row(plugin.version, bad))
    print("[links.loads]", *loads, "", "[links.fails]", *fails, sep="\n")


def print_identity(version: str, libraries: list[Path]) -> None:
    """What tells this release's libraries from all others."""
    hashes, names = set(), set()
    for library in libraries:
        hashes.add(hashlib.sha256(library.read_bytes()).hexdigest())
        with Image(library) as image:
            names.add(str(uuid.UUID(bytes=image.commands.uuid)).upper() if image.commands.uuid else "")
            minimum = image.commands.minimum_macos
    print(
        f"# {version}: minos {minimum}",
        f"sha256 = {quoted(sorted(hashes))}",
        f"uuid = {quoted(sorted(names))}",
        sep="\n",
    )


def row(version: str, versions: list[str]) -> str:
    """One line of TOML."""
    return f'"{version}" = {quoted(versions)}'


def quoted(words: list[str]) -> str:
    """A TOML list of strings."""
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


if __name__ == "__main__":
    main()
