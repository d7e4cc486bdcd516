"""Compare a warm `m1doctor lock` with uv alone on the same question, start-up included.

    python scripts/benchmarks/lock_speed.py [--pairs 15]

Both resolve TensorFlow with the GPU for Python 3.12 on macOS from this host, with the cache warm and the same date, and
take turns, so that whatever else the machine does falls on both. Prints the median of each and of the ratios of the
pairs (the aim is at most 1.1), and what m1doctor adds in seconds: it starts a Python, judges, and writes.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uv

from m1doctor.knowledge.pairings import installs_as, load, recommended_pair

PYTHON, UNTIL = "3.12", "2026-11-23"
WARM_UPS = 2


def timed(argv: list[str], environ: dict[str, str]) -> float:
    """Seconds of one run; it must succeed."""
    start = time.perf_counter()
    done = subprocess.run(argv, env=environ, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"{argv[0]} ended with {done.returncode}:\n{done.stderr}")
    return seconds


def main() -> None:
    """Take turns and print."""
    parser = argparse.ArgumentParser(description="Compare m1doctor lock with uv alone.")
    parser.add_argument("--pairs", type=int, default=15)
    pairs = parser.parse_args().pairs
    pair = recommended_pair(PYTHON)
    if pair is None:
        sys.exit(f"the table has no pair for Python {PYTHON}")
    environ = {**os.environ, "MACOSX_DEPLOYMENT_TARGET": "12.1"}
    with tempfile.TemporaryDirectory() as folder:
        asked = Path(folder, "asked.in")
        asked.write_text(f"{installs_as(pair[0])}\n{load().apple_distribution}=={pair[1]}\nsetuptools<82\n")
        out = ["--output-file", str(Path(folder, "uv.txt"))]
        options = ["--python-platform", "aarch64-apple-darwin", "--python-version", PYTHON, "--only-binary", ":all:"]
        options += ["--generate-hashes", "--exclude-newer", "2026-11-24T00:00:00Z", "--python", sys.executable]
        contestants = {
            "uv pip compile": [uv.find_uv_bin(), "pip", "compile", str(asked), *out, *options],
            "m1doctor lock": [
                *(str(Path(sys.executable).with_name("m1doctor")), "lock", "--exclude-newer", UNTIL),
                *("--python-version", PYTHON, "-o", str(Path(folder, "m1doctor.txt"))),
            ],
        }
        seconds: dict[str, list[float]] = {name: [] for name in contestants}
        for number in range(WARM_UPS + pairs):
            for name, argv in contestants.items():
                Path(folder, "uv.txt").unlink(missing_ok=True)  # uv would take it for preferences
                took = timed(argv, environ)
                if number >= WARM_UPS:
                    seconds[name].append(took)
    ours, theirs = seconds["m1doctor lock"], seconds["uv pip compile"]
    ratios = [mine / its for mine, its in zip(ours, theirs, strict=True)]
    for name, taken in seconds.items():
        print(f"{name:15} median {statistics.median(taken):.3f} s, least {min(taken):.3f} s")
    more = statistics.median(mine - its for mine, its in zip(ours, theirs, strict=True))
    print(f"ratio {statistics.median(ratios):.2f} (aim: at most 1.10), {more:.3f} s more, over {pairs} pairs")


if __name__ == "__main__":
    main()
