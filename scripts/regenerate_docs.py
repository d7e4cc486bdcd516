"""Write what is generated from the code: `docs/checks.md` and the JSON Schemas of the documents.

python scripts/regenerate_docs.py           write them
python scripts/regenerate_docs.py --check   exit status 1 where one is not current
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from m1doctor.checks.registry import Registry, built_in_checks
from m1doctor.cli.schema import Document, made_schema, shipped_schema
from m1doctor.lint.registry import load_rules
from m1doctor.render.manual import checks_as_markdown

CHECKOUT = Path(__file__).resolve().parents[1]


def generated() -> dict[Path, str]:
    """Each generated file and what it should hold."""
    return {
        CHECKOUT / "docs" / "checks.md": checks_as_markdown([*Registry(built_in_checks()), *load_rules()]),
        **{shipped_schema(each): json.dumps(made_schema(each), indent=2, sort_keys=True) + "\n" for each in Document},
    }


def main(arguments: list[str]) -> int:
    """Write or compare, and return the exit status."""
    stale = [
        path for path, text in generated().items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path in stale:
        if "--check" in arguments:
            print(f"{path.relative_to(CHECKOUT)} is not current: run python scripts/regenerate_docs.py")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(generated()[path], encoding="utf-8")
            print(f"wrote {path.relative_to(CHECKOUT)}")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
