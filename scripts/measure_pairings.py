"""Measure which published wheels of tensorflow-metal link with which of TensorFlow, for `knowledge/pairings.toml`.

    python scripts/measure_pairings.py FOLDER

lays every wheel of the table in FOLDER (about 25 GB, shared with uv's cache by hard links), judges every pair, and
prints the sections `links.loads`, `links.fails` and `links.said` and the identities of the plugins, ready to be put
into the file. `links.said` are dyld's words on the first thing that is missing, without the paths of this machine.
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
from m1doctor.model.plugins import LinkStatus, LinkVerdict

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
    said: dict[str, dict[str, list[str]]] = {}
    for plugin in table.plugins:
        libraries = [lay(folder, f"tensorflow-metal=={plugin.version}", python) / LIBRARY for python in plugin.pythons]
        print_identity(plugin.version, libraries)
        good: list[str] = []
        bad: list[str] = []
        for version, place in tensorflows.items():
            found = {words(judge_link(library, place / "tensorflow"), library) for library in libraries}
            assert len(found) == 1, f"the wheels of {plugin.version} differ on {version}: {found}"  # noqa: S101 - a script
            (missing,) = found
            if missing is None:
                good.append(version)
            else:
                bad.append(version)
                said.setdefault(missing, {}).setdefault(plugin.version, []).append(version)
        loads.append(row(plugin.version, good))
        fails.append(row(plugin.version, bad))
    print("[links.loads]", *loads, "", "[links.fails]", *fails, sep="\n")
    for missing, plugins in said.items():
        alike: dict[tuple[str, ...], list[str]] = {}
        for plugin_version, versions in plugins.items():
            alike.setdefault(tuple(versions), []).append(plugin_version)
        for alike_versions, group in alike.items():
            lists = f"plugins = {quoted(group)}", f"tensorflow = {quoted(list(alike_versions))}"
            print("", "[[links.said]]", f'words = "{missing}"', *lists, sep="\n")


def words(verdict: LinkVerdict, library: Path) -> str | None:
    """The first line of what dyld says, without the path of the library; `None` where the pair links."""
    if verdict.status is LinkStatus.LINKS:
        return None
    assert verdict.dyld_message is not None, f"{library}: {verdict.reason}"  # noqa: S101 - a script
    return verdict.dyld_message.splitlines()[0].removeprefix(f"dlopen({library}, 0x0006): ")


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
