"""Shows how every check judges every machine, and what changed: `python tests/machines/review.py [--write]`.

With `--write` the expectations of `test_matrix.py` become what is shown. Read the changes first: each is a promise.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from machines import loading


def current() -> dict[str, Any]:
    """Verdict, causes and results of every machine, by name."""
    found = {}
    for name in loading.names():
        with tempfile.TemporaryDirectory() as root:
            results, verdict = loading.examine(name, Path(root))
        found[name] = {
            "verdict": str(verdict.status),
            "causes": list(verdict.causes),
            "results": {result.id: loading.shortly(result) for result in results},
        }
    return found


def expected() -> dict[str, Any]:
    """What the matrix test holds the checks to."""
    return json.loads(loading.EXPECTED.read_text()) if loading.EXPECTED.exists() else {}


def main() -> None:
    """Print the changes and write them where that was asked for."""
    now, before = current(), expected()
    changes: dict[str, list[str]] = {}
    for name, machine in now.items():
        old = before.get(name, {"results": {}})
        for key in ("verdict", "causes"):
            if old.get(key) != machine[key]:
                changes.setdefault(f"{key}: {old.get(key)} -> {machine[key]}", []).append(name)
        for check in sorted(old["results"].keys() | machine["results"].keys()):
            was, is_now = old["results"].get(check), machine["results"].get(check)
            if was != is_now:
                changes.setdefault(f"{check}: {was} -> {is_now}", []).append(name)
    for change, names in sorted(changes.items()):
        print(f"{change}  ({'all' if len(names) == len(now) else ', '.join(names)})")  # noqa: T201 - a script tells
    if "--write" in sys.argv[1:]:
        loading.EXPECTED.parent.mkdir(exist_ok=True)
        loading.EXPECTED.write_text(json.dumps(now, indent=1) + "\n")


if __name__ == "__main__":
    main()
