"""Fuzz the reading of bundles with atheris: any bytes give a report or a refusal in one line, and never more memory.

    python -m pip install atheris
    python scripts/fuzz_bundle.py -max_total_time=600 -timeout=10 -rss_limit_mb=1024 CORPUS

Options are those of libFuzzer. CORPUS is a folder, made if need be, that is filled with sound bundles at first. An
input that begins with ``{`` is taken for the report in a bundle that is sound but for that, so that the fuzzer need not
guess hashes; any other is the archive itself. A report that is read is judged, too.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import atheris

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "tests")]

with atheris.instrument_imports(include=["m1doctor", "zipfile"]):
    from m1doctor.checks.registry import Registry, built_in_checks
    from m1doctor.checks.selection import choose
    from m1doctor.diagnosis import judge_again
    from m1doctor.documents import to_json
    from m1doctor.errors import UserError
    from m1doctor.support.bundle import manifest
    from m1doctor.support.bundle.archive import pack
    from m1doctor.support.bundle.reader import REPORT, report_of

import reports  # noqa: E402 - found by the path set above

REGISTRY = Registry(built_in_checks())
SELECTION = choose(REGISTRY)


def around(report: bytes) -> bytes:
    """A sound bundle with this report."""
    members = {REPORT: report}
    described = manifest.describe(members, m1doctor_version="0", created="now", redacted=True)
    return pack(members | {manifest.NAME: described})


def read(content: bytes) -> None:
    """Read `content` as a bundle and judge what it holds; whatever is not a refusal comes out and is a defect."""
    with contextlib.suppress(UserError):
        report = report_of(around(content) if content.startswith(b"{") else content)
        judged = judge_again(report, REGISTRY, SELECTION)
        to_json(judged)


def main() -> None:
    """Fill the corpus and fuzz."""
    for argument in sys.argv[1:]:
        if not argument.startswith("-"):
            corpus = Path(argument)
            corpus.mkdir(parents=True, exist_ok=True)
            for name, (report, _) in {"broken": reports.broken(), "healthy": reports.healthy()}.items():
                document = to_json(report).encode()
                (corpus / f"{name}.json").write_bytes(document)
                (corpus / f"{name}.zip").write_bytes(around(document))
    atheris.Setup(sys.argv, read)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
