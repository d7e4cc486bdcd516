"""Rebuild what m1doctor knows by measuring: which pairs link, which kernels there are, what layers are made of.

    python scripts/refresh_knowledge.py             # the published releases, links and kernels
    python scripts/refresh_knowledge.py --check     # say what would change, and change nothing (exit status 1)
    python scripts/refresh_knowledge.py layers      # trace the layers of Keras, in three environments that it makes

A release that is new on the package index is judged by this one command. Wheels are not downloaded: single members are
read by range requests, and a verdict is kept by the hash of the wheel in the cache, so that an interrupted run goes on
where it was. Run it with the Python of the development environment; nothing of a wheel is run.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from difflib import unified_diff
from pathlib import Path

import uv
from refreshing import kernels, layers, links
from refreshing.published import Published, published

from m1doctor.knowledge import pairings

CHECKOUT = Path(__file__).resolve().parents[1]
KNOWLEDGE = CHECKOUT / "m1doctor" / "knowledge"
PARTS = ("links", "kernels", "layers")
TRACED = ("2.15.1", "2.18.1", "2.21.0")
"""The releases of TensorFlow that layers are traced in: the last with Keras 2, the usual one, the newest."""
USUAL = "2.18.1"
_DATE = re.compile(r'^date = "[\d-]+"$', re.MULTILINE)


def main() -> int:
    """Measure, compare, write."""
    options = read_options()
    cache = options.cache.expanduser()
    files: dict[Path, str] = {}
    gone: set[Path] = set()
    wanted = options.parts or ["links", "kernels"]
    today = datetime.now(UTC).date().isoformat()
    if {"links", "kernels"} & set(wanted):
        tell("asking the package index")
        offered = published()
        remark(offered)
        if "links" in wanted:
            files |= of_links(offered, cache, today, everything=options.all)
        if "kernels" in wanted:
            files |= of_kernels(offered, cache, today)
            gone = set((KNOWLEDGE / "kernels").glob("*.toml")) - set(files)
    if "layers" in wanted:
        files |= of_layers(cache, today)
    changes = 0
    for path, text in changed(files):
        changes += 1
        show(path, text, brief=not options.check)
        if not options.check:
            path.write_text(text, encoding="utf-8")
    for path in sorted(gone):
        changes += 1
        print(f"{path.relative_to(CHECKOUT)}: no release has this library any more")
        if not options.check:
            path.unlink()
    tell(f"{changes} of {len(files) + len(gone)} files {'would change' if options.check else 'changed'}")
    return 1 if options.check and changes else 0


def read_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--check", action="store_true", help="change nothing; status 1 where something would change")
    parser.add_argument(
        "--all", nargs="*", metavar="VERSION", help="measure these releases of TensorFlow again, or all (6 GB)"
    )
    default = Path(os.environ.get("M1DOCTOR_TEST_CACHE", CHECKOUT / ".cache")) / "knowledge"
    parser.add_argument("--cache", type=Path, default=default, help="what is kept between runs")
    return parser.parse_args()


def tell(words: str) -> None:
    """What is going on."""
    print(f"{datetime.now(UTC):%H:%M:%S} {words}", file=sys.stderr, flush=True)


def remark(offered: Published) -> None:
    """Say what is new, and what only a person can put into `pairings.toml`."""
    table = pairings.load()
    new = [each.version for each in offered.tensorflow if table.release(each.version) is None]
    new_plugins = [each.version for each in offered.plugins if table.plugin(each.version) is None]
    for name, versions in (("TensorFlow", new), ("tensorflow-metal", new_plugins)):
        tell(f"new of {name}: {', '.join(versions) or 'nothing'}")
    if set(offered.community) != set(table.community.versions):
        tell(f"the community's plugin has {', '.join(offered.community)}: read what its authors say, and pairings.toml")


def of_links(offered: Published, cache: Path, today: str, *, everything: list[str] | None) -> dict[Path, str]:
    """The published releases and their links: what is new is measured, and again what was asked for."""
    measured = links.known(pairings.load())
    plugins = [each.version for each in offered.plugins]
    versions = [each.version for each in offered.tensorflow]
    wanted = [each for each in versions if any((plugin, each) not in measured.words for plugin in plugins)]
    if everything is not None:
        wanted += everything or versions
    links.measure(measured, offered, wanted, cache, tell)
    return {KNOWLEDGE / "links.toml": links.written(offered, measured, cache, today)}


def of_kernels(offered: Published, cache: Path, today: str) -> dict[Path, str]:
    """The tables of all plugins: one a release, or one for each of its libraries that registers something else."""
    files: dict[Path, str] = {}
    for release in offered.plugins:
        tell(f"registering the kernels of {release.version}")
        texts: dict[str, list[str]] = {}
        by_library: dict[str, str] = {}
        for wheel in release.wheels:
            library = links.plugin_library(wheel, cache)
            content = library.read_bytes().hex()
            if content not in by_library:
                by_library[content] = kernels.table(release.version, library)
            texts.setdefault(by_library[content], []).append(wheel.python)
        for text, pythons in texts.items():
            name = release.version if len(texts) == 1 else f"{release.version}-py{pythons[0]}"
            files[KNOWLEDGE / "kernels" / f"{name}.toml"] = kernels.written(release.version, pythons, text, today)
    return files


def of_layers(cache: Path, today: str) -> dict[Path, str]:
    """What layers are made of, traced in one environment a release."""
    documents = []
    for version in TRACED:
        folder = cache / f"tensorflow-{version}"
        python = folder / "bin" / "python"
        if not (folder / "complete").exists():
            tell(f"making an environment with TensorFlow {version}")
            tool = uv.find_uv_bin()
            subprocess.run([tool, "venv", "--quiet", "--clear", "--python", "3.11", str(folder)], check=True)
            package = f"tensorflow{'-cpu' if sys.platform == 'linux' else ''}=={version}"
            subprocess.run([tool, "pip", "install", "--quiet", "--python", str(python), package], check=True)
            (folder / "complete").touch()
        tell(f"tracing layers in TensorFlow {version}")
        argv = [str(python), "-B", str(CHECKOUT / "scripts" / "refreshing" / "trace_layers.py"), str(CHECKOUT)]
        environ = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_HOME": os.devnull}
        done = subprocess.run(argv, env=environ, stdout=subprocess.PIPE, check=True)
        documents.append(json.loads(done.stdout))
    return {KNOWLEDGE / "layers.toml": layers.written(documents, USUAL, today)}


def changed(files: dict[Path, str]) -> Iterator[tuple[Path, str]]:
    """The files that say something else than before; a date alone is no news."""
    for path, text in files.items():
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        if _DATE.sub("", before) != _DATE.sub("", text):
            yield path, text


def show(path: Path, text: str, *, brief: bool) -> None:
    """What changes in a file."""
    before = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    difference: Iterable[str] = unified_diff(before, text.splitlines(), lineterm="", n=0)
    lines = [line for line in difference if not line.startswith(("---", "+++", "@@"))]
    print(f"{path.relative_to(CHECKOUT)}: {len(lines)} lines")
    for line in lines[: 10 if brief else None]:
        print(f"  {line}")


if __name__ == "__main__":
    sys.exit(main())
