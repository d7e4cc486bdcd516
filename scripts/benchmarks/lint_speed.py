"""How long linting takes, beside `ast.parse` alone over the same files, in one run.

    python scripts/benchmarks/lint_speed.py FOLDER [--files 5000] [--processes N]

Copies the Python files of FOLDER, again and again under other names, into a tree of that many files in a temporary
folder. Each round reads and parses all of them with `ast.parse` and nothing else, then lints them, both in the same
number of processes (all cores, unless said otherwise) and each in a Python of its own, start-up included; three rounds,
the median ratio. Prints the most memory that one process took, for a tenth of the files and for all of them: it stays
where it is. Needs some free disk.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 3
_PARSE = """
import ast, gc, resource, sys, warnings
from multiprocessing import get_context
def parse(path):
    gc.disable()
    warnings.simplefilter("ignore")
    with open(path, "rb") as stream:
        ast.parse(stream.read())
def most():
    of = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print("most", max(of))
if __name__ == "__main__":
    files = sys.stdin.read().split("\\n")
    with get_context("spawn").Pool(int(sys.argv[1])) as pool:
        for _ in pool.imap_unordered(parse, files, chunksize=8):
            pass
        pool.close()
        pool.join()
    most()
"""
_LINT = """
import resource, sys
from m1doctor.lint.engine import lint_paths
if __name__ == "__main__":
    answer = lint_paths([sys.argv[2]], processes=int(sys.argv[1]))
    of = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print("most", max(of), "read", answer.files, "passed", len(answer.passed), "found", len(answer.findings))
"""


def lay_out(source: Path, tree: Path, number: int) -> list[Path]:
    """Fill `tree` with copies of the Python files of `source`."""
    content = [path.read_bytes() for path in sorted(source.rglob("*.py")) if path.stat().st_size]
    if not content:
        sys.exit(f"{source}: no Python files")
    written = []
    for each in range(number):
        path = tree / f"package{each // 50}" / f"module{each}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content[each % len(content)])
        written.append(path)
    return written


def timed(script: Path, *arguments: str, given: str = "") -> tuple[float, str]:
    """Seconds that a script takes, and what it prints."""
    start = time.perf_counter()
    argv = [sys.executable, str(script), *arguments]
    done = subprocess.run(argv, input=given, text=True, stdout=subprocess.PIPE, check=True)
    return time.perf_counter() - start, done.stdout.strip()


def memory(printed: str) -> float:
    """MiB of the largest process."""
    number = int(re.search(r"most (\d+)", printed)[1])  # type: ignore[index]  # the scripts above print it
    return number / (2**20 if sys.platform == "darwin" else 2**10)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=5_000)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        tree = Path(name) / "tree"
        tree.mkdir()
        files = lay_out(options.folder, tree, options.files)
        parse, lint = Path(name) / "parse.py", Path(name) / "lint.py"
        parse.write_text(_PARSE)
        lint.write_text(_LINT)
        listed = "\n".join(map(str, files))
        size = sum(path.stat().st_size for path in files) / 10**6
        print(f"{len(files)} files, {size:.1f} MB, {options.processes} processes, Python {sys.version.split()[0]}")
        processes = str(options.processes)
        few = Path(name) / "few"
        few.mkdir()
        lay_out(options.folder, few, options.files // 10)
        _, small = timed(lint, processes, str(few))
        ratios = []
        for _ in range(ROUNDS):
            alone, _ = timed(parse, processes, given=listed)
            ours, printed = timed(lint, processes, str(tree))
            ratios.append(ours / alone)
            print(f"ast.parse {alone:6.2f} s   lint {ours:6.2f} s   {ours / alone:.2f}   ({printed})")
        print(f"lint takes {statistics.median(ratios):.2f} times as long as ast.parse alone")
        print(f"memory: {memory(small):.0f} MiB for a tenth of the files, {memory(printed):.0f} MiB for all")


if __name__ == "__main__":
    main()
