"""How fast a log is read, beside `grep -E` with the same literals alternated, in one run.

    python scripts/benchmarks/log_speed.py [--megabytes 1000] [--line 10000] [--hits 0.02]

Writes a log of the given size with lines of the given length, in a temporary folder, of which a share holds a known
wording; reads it with `grep -E -c` and with `m1doctor log --format json`, start-up included; prints megabytes a second,
the ratio, and the most memory that m1doctor took. Needs grep, and twice the size in free disk at most.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from m1doctor.knowledge.log_lines import wordings

NOISE = (
    "2023-09-01 17:37:39.464157: I tensorflow/core/common_runtime/placer.cc:162] MatMul: (MatMul): "
    "/job:localhost/replica:0/task:0/device:CPU:0 loss: 0.4312 - accuracy: 0.8812 step 12/938 tensor shape "
    "[32, 224, 224, 3] float32 values [0.12 0.44 0.9] in /Users/kim/train.py, line 12, in step equal(model, other)"
)
SEED = 20261124


def write_log(path: Path, megabytes: int, length: int, hits: float) -> None:
    """Write the log: blocks of random words, each line with its own number."""
    chance = random.Random(SEED)  # noqa: S311 - the same log every time
    known = [literal for wording in wordings().values() for literal in wording.literals]
    noise = NOISE.split()
    bodies = []
    for _ in range(200):
        words: list[str] = []
        size = 0
        while size < length:
            word = chance.choice([*noise, f"{chance.getrandbits(48):x}"])
            words.append(word)
            size += len(word) + 1
        bodies.append(" ".join(words)[: max(length - 12, 1)])
    written = number = 0
    with path.open("w", encoding="utf-8") as out:
        while written < megabytes * 10**6:
            body = chance.choice(bodies)
            if chance.random() < hits:
                at = len(body) // 3
                body = f"{body[:at]} {chance.choice(known)} {body[at:]}"[: max(length - 12, 1)]
            number += 1
            written += out.write(f"{number:010d} {body}\n")


def timed(argv: list[str], environ: dict[str, str] | None = None) -> tuple[float, float]:
    """Seconds that a command takes, and its memory in MiB."""
    start = time.perf_counter()
    # Into a pipe: GNU grep leaves at the first match where its output is /dev/null.
    with subprocess.Popen(argv, stdout=subprocess.PIPE, env={**os.environ, **(environ or {})}) as child:
        assert child.stdout is not None  # noqa: S101 - a pipe was asked for
        child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    most = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return time.perf_counter() - start, most


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--line", type=int, default=10_000, help="characters of a line")
    parser.add_argument("--hits", type=float, default=0.02, help="share of the lines that hold a known wording")
    options = parser.parse_args()
    literals = sorted({literal for wording in wordings().values() for literal in wording.literals})
    alternation = "|".join(re.sub(r"([][\\.^$*+?(){}|])", r"\\\1", literal) for literal in literals)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "big.log"
        write_log(log, options.megabytes, options.line, options.hits)
        size = log.stat().st_size / 10**6
        with log.open("rb") as stream:
            while stream.read(1 << 20):
                pass  # into the page cache
        print(f"{size:.0f} MB, lines of {options.line} characters, {len(literals)} literals")
        grep, memory = min(
            timed(["grep", "-E", "-c", alternation, str(log)], {"LC_ALL": locale}) for locale in ("C", "C.UTF-8")
        )
        print(f"grep -E            {grep:6.2f} s  {size / grep:6.0f} MB/s  {memory:5.0f} MiB")
        ours, memory = timed([sys.executable, "-m", "m1doctor", "log", "--format", "json", str(log)])
        print(f"m1doctor log       {ours:6.2f} s  {size / ours:6.0f} MB/s  {memory:5.0f} MiB")
        print(f"m1doctor reads at {grep / ours:.2f} of grep's speed")


if __name__ == "__main__":
    main()
