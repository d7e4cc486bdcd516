"""Make `envs/` anew: one folder a supported pair and Python, resolved on the package index for macOS on Apple silicon.

    python scripts/refresh_envs.py                              # all that was published until today
    python scripts/refresh_envs.py --exclude-newer 2026-11-23   # the same files again
    python scripts/refresh_envs.py --check                      # is envs/ what its own dates give? changes nothing

It runs in the development environment and needs the network. Which pairs are published is told by the grades in
`m1doctor/knowledge/pairings.toml`: for each Python that Apple's newest plugin serves, the best pair with it and the
next best.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import tomli_w

from m1doctor.collect.world import LiveWorld
from m1doctor.knowledge.compat import Asked, Pair, answer
from m1doctor.knowledge.pairings import load, proof
from m1doctor.locks.form import Form
from m1doctor.locks.lock import Lock, Target
from m1doctor.locks.resolve import How, resolve
from m1doctor.locks.texts import text_of
from m1doctor.locks.wanted import just

ENVS = Path(__file__).resolve().parents[1] / "envs"
INTRODUCTION = ENVS / "README.md"
_LIST = "| environment |"
FORMS = (Form.REQUIREMENTS, Form.ENVIRONMENT)


def supported() -> list[tuple[str, Pair]]:
    """The pairs to publish, each with its Python: the newest Python first, the better pair first."""
    newest = load().plugins[-1].version
    return [
        (choice.python, pair)
        for choice in answer(Asked()).choices
        if choice.pair is not None and choice.pair.plugin == newest
        for pair in (choice.pair, *[other for other in choice.alternatives if other.plugin == newest][:1])
    ]


def locked(python: str, pair: Pair, date: str) -> Lock:
    """The lock of one pair, of releases that were published until `date`."""
    target = Target(python=python, macos=pair.minimum_macos)
    how = How(python=sys.executable, exclude_newer=date)
    return resolve(LiveWorld(), just(*pair.requirements), target, how)


def name_of(python: str, pair: Pair) -> str:
    """The folder of a pair."""
    return f"python{python}-tensorflow{pair.tensorflow}-metal{pair.plugin}"


def files_of(lock: Lock) -> dict[str, str]:
    """The files of one folder."""
    return {form.usual_name: text_of(lock, form) for form in FORMS}


def rows_of(environments: list[tuple[str, Pair]], date: str) -> list[dict[str, object]]:
    """The list of environments, as `m1doctor/knowledge/environments.py` reads it."""
    return [
        {
            "name": name_of(python, pair),
            "python": python,
            "provider": "apple",
            "tensorflow": pair.tensorflow,
            "plugin": pair.plugin,
            "macos": pair.minimum_macos,
            "grade": proof(pair.tensorflow, pair.plugin),
            "date": date,
            "files": [form.usual_name for form in FORMS],
        }
        for python, pair in environments
    ]


def readme_of(rows: list[dict[str, object]]) -> str:
    """The introduction as it stands, with a line a folder below it."""
    text = INTRODUCTION.read_text(encoding="utf-8").partition(_LIST)[0]
    lines = [f"{_LIST} Python | macOS | TensorFlow | {load().apple_distribution} | grade | until |", "|---" * 7 + "|"]
    for row in rows:
        cells = ("python", "macos", "tensorflow", "plugin", "grade", "date")
        lines.append(f"| [`{row['name']}`]({row['name']}) | " + " | ".join(str(row[cell]) for cell in cells) + " |")
    return text + "\n".join(lines) + "\n"


def main() -> int:
    """Write or compare; the exit status is 1 where a comparison found a difference."""
    parser = argparse.ArgumentParser(description="Make envs/ anew.")
    parser.add_argument("--exclude-newer", metavar="DATE", default=datetime.now(UTC).date().isoformat())
    parser.add_argument("--check", action="store_true", help="compare with the dates of envs/ itself, write nothing")
    arguments = parser.parse_args()
    environments = supported()
    date = arguments.exclude_newer
    if arguments.check:
        date = tomllib.loads((ENVS / "environments.toml").read_text(encoding="utf-8"))["environment"][0]["date"]
    made: dict[str, str] = {}
    for number, (python, pair) in enumerate(environments, 1):
        print(f"{number}/{len(environments)} {name_of(python, pair)}", file=sys.stderr)
        for file, text in files_of(locked(python, pair, date)).items():
            made[f"{name_of(python, pair)}/{file}"] = text
    rows = rows_of(environments, date)
    made["environments.toml"] = "# Made by scripts/refresh_envs.py.\n\n" + tomli_w.dumps({"environment": rows})
    made["README.md"] = readme_of(rows)
    return _compare(made) if arguments.check else _write(made)


def _compare(made: dict[str, str]) -> int:
    there = {path.relative_to(ENVS).as_posix() for path in ENVS.rglob("*") if path.is_file()}
    different = sorted(
        name
        for name in there | made.keys()
        if name not in made or name not in there or (ENVS / name).read_text(encoding="utf-8") != made[name]
    )
    print("\n".join(different) if different else "envs/ is what its dates give")
    return bool(different)


def _write(made: dict[str, str]) -> int:
    folders = {name.partition("/")[0] for name in made if "/" in name}
    for old in ENVS.iterdir():
        if old.is_dir() and old.name not in folders:
            shutil.rmtree(old)
    for name, text in made.items():
        path = ENVS / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
