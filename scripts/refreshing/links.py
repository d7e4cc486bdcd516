"""Which published plugin links with which published TensorFlow: measured, and written as `knowledge/links.toml`."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from m1doctor.knowledge.pairings import Pairings
from m1doctor.macho.image import Image
from m1doctor.macho.link import judge_link
from m1doctor.model.plugins import LinkStatus, LinkVerdict
from refreshing.published import Published, Release
from refreshing.wheels import plugin_library, tensorflow_libraries

HEAD = """\
# What is published of TensorFlow and of Apple's plugin for macOS on Apple silicon, and which links with which: written
# by scripts/refresh_knowledge.py from the package index and the wheels on it. What people state and report is in
# pairings.toml.
#
# `install` is what a user asks pip for: 2.13.0-2.15.0 of `tensorflow` are empty and require `tensorflow-macos`; from
# 2.15.1 on it is the other way round, and tensorflow-macos 2.15.1 requires only itself. `minos` is what the plugin was
# built for (LC_BUILD_VERSION), which may be newer than the wheel's tag. `sha256` and `uuid` (LC_UUID) tell the library
# of each wheel from all others. "Not in loads or fails" means "not measured".
"""


INDEX = "Python Package Index: published files of tensorflow, tensorflow-macos and tensorflow-metal"
MEASURED = "measured with m1doctor's link check on the published wheels"


@dataclass
class Measured:
    """What is known of the pairs: dyld's words by plugin and TensorFlow, `None` where the pair links."""

    words: dict[tuple[str, str], str | None] = field(default_factory=dict)


def known(table: Pairings) -> Measured:
    """What the table that ships holds."""
    words: dict[tuple[str, str], str | None] = {}
    for plugin, versions in table.loads.items():
        words |= {(plugin, version): None for version in versions}
    for plugin, versions in table.fails.items():
        words |= {(plugin, version): table.said[version, plugin] for version in versions}
    return Measured(words)


def libraries(release: Release, cache: Path) -> dict[str, Path]:
    """The different libraries of a release of the plugin, by their hash."""
    found = {}
    for wheel in release.wheels:
        path = plugin_library(wheel, cache)
        found.setdefault(hashlib.sha256(path.read_bytes()).hexdigest(), path)
    return found


def measure(
    measured: Measured,
    offered: Published,
    wanted: list[str],
    cache: Path,
    tell: Callable[[str], None],
) -> None:
    """Judge the pairs of the `wanted` releases of TensorFlow. A verdict is kept by the hashes of both wheels."""
    by_plugin = {release.version: libraries(release, cache) for release in offered.plugins}
    for release in offered.tensorflow:
        if release.version not in wanted:
            continue
        wheel = release.wheels[-1]
        kept = cache / "verdicts" / f"{wheel.sha256}.json"
        verdicts: dict[str, str | None] = json.loads(kept.read_text()) if kept.exists() else {}
        missing = {sha: path for each in by_plugin.values() for sha, path in each.items() if sha not in verdicts}
        if missing:
            tell(f"reading {release.name} {release.version} ({wheel.size >> 20} MB)")
            with tensorflow_libraries(wheel, cache) as folder:
                tell(f"linking {len(missing)} plugins with {release.version}")
                verdicts |= {sha: words(judge_link(path, folder), path) for sha, path in missing.items()}
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(verdicts))
        for plugin, each in by_plugin.items():
            answers = {verdicts[sha] for sha in each}
            if len(answers) > 1:
                raise ValueError(f"the wheels of {plugin} differ on {release.version}: {answers}")
            measured.words[plugin, release.version] = answers.pop()


def words(verdict: LinkVerdict, library: Path) -> str | None:
    """The first line of what dyld says, without the path of the library; `None` where the pair links."""
    if verdict.status is LinkStatus.LINKS:
        return None
    if verdict.dyld_message is None:
        raise ValueError(f"{library}: {verdict.reason}")
    return verdict.dyld_message.splitlines()[0].removeprefix(f"dlopen({library}, 0x0006): ")


def written(offered: Published, measured: Measured, cache: Path, date: str) -> str:
    """The file."""
    lines = [HEAD, f'date = "{date}"', f'index = "{INDEX}"', f'measured = "{MEASURED}"', ""]
    for release in offered.tensorflow:
        lines += [
            "[[tensorflow]]",
            f'version = "{release.version}"',
            f'install = "{release.name}"',
            f"pythons = {json.dumps([wheel.python for wheel in release.wheels])}",
            f'wheel_macos = "{release.wheels[0].macos}"',
            "",
        ]
    for release in offered.plugins:
        found = libraries(release, cache)
        uuids, minimum = set(), ""
        for path in found.values():
            with Image(path) as image:
                uuids.add(str(uuid.UUID(bytes=image.commands.uuid)).upper() if image.commands.uuid else "")
                minimum = image.commands.minimum_macos or ""
        lines += [
            "[[plugin]]",
            f'version = "{release.version}"',
            f"pythons = {json.dumps([wheel.python for wheel in release.wheels])}",
            f'wheel_macos = "{release.wheels[0].macos}"',
            f'minos = "{minimum}"',
            f"sha256 = {json.dumps(sorted(found))}",
            f"uuid = {json.dumps(sorted(uuids))}",
            "",
        ]
    return "\n".join([*lines, *_verdicts(offered, measured)]) + "\n"


def _verdicts(offered: Published, measured: Measured) -> Iterator[str]:
    """The pairs that load, those that do not, and dyld's words."""
    plugins = [release.version for release in offered.plugins]
    versions = [release.version for release in offered.tensorflow]
    for title, links in (("loads", True), ("fails", False)):
        yield f"[{title}]"
        for plugin in plugins:
            those = [each for each in versions if _links(measured, plugin, each) is links]
            yield f'"{plugin}" = {json.dumps(those)}'
        yield ""
    yield "# What dyld says of the first thing that is missing, for every pair of `fails`."
    for text in sorted({words for words in measured.words.values() if words}):
        groups: dict[tuple[str, ...], list[str]] = {}
        for plugin in plugins:
            those = [each for each in versions if measured.words.get((plugin, each)) == text]
            if those:
                groups.setdefault(tuple(those), []).append(plugin)
        for alike, group in groups.items():
            yield from ("", "[[said]]", f'words = "{text}"', f"plugins = {json.dumps(group)}")
            yield f"tensorflow = {json.dumps(alike)}"


def _links(measured: Measured, plugin: str, tensorflow: str) -> bool | None:
    if (plugin, tensorflow) not in measured.words:
        return None
    return measured.words[plugin, tensorflow] is None
