"""Compare a training script alone with the same script under `m1doctor profile`, outside and with `--inside`.

    python scripts/benchmarks/profile_overhead.py --python TARGET [--script FILE] [--rounds 5]

The three take turns, so that whatever else the machine does falls on all. What is compared is the script's own time,
which it prints itself as its last line (`steps took SECONDS`): m1doctor's start and its report stand beside the script,
not in it. Prints each median and both ratios; the aims are 1.02 outside and 1.05 inside.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

TOOK = re.compile(r"^steps took ([0-9.]+)$", re.MULTILINE)
SCRIPT = """
import time
import keras
import numpy as np

x = np.random.default_rng(0).random((16384, 256), dtype="float32")
y = x.mean(axis=1, keepdims=True)
model = keras.Sequential([keras.layers.Dense(512, activation="relu"), keras.layers.Dense(1)])
model.compile("sgd", "mse", jit_compile=False)
model.fit(x, y, batch_size=64, epochs=1, verbose=0)
start = time.perf_counter()
model.fit(x, y, batch_size=64, epochs=8, verbose=0)
print("steps took", time.perf_counter() - start)
"""


def run(argv: list[str]) -> float:
    """Run once and return the seconds that the script says its steps took."""
    environ = {**os.environ, "CI": "1"}
    done = subprocess.run(argv, capture_output=True, text=True, env=environ, check=False)
    found = TOOK.findall(done.stdout)
    if not found:
        sys.exit(f"{' '.join(argv)} ended with {done.returncode} and did not say how long it took:\n{done.stderr}")
    return float(found[-1])


def main() -> None:
    """Run the rounds and print the medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", required=True, help="an interpreter with TensorFlow")
    parser.add_argument("--script", type=Path, help="a script that prints `steps took SECONDS`")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        script = options.script or Path(folder) / "train.py"
        if options.script is None:
            script.write_text(SCRIPT)
        m1doctor = [sys.executable, "-m", "m1doctor", "profile", "--python", options.python]
        kinds = {
            "alone": [options.python, str(script)],
            "outside": [*m1doctor, str(script)],
            "inside": [*m1doctor, "--inside", str(script)],
        }
        seconds: dict[str, list[float]] = {name: [] for name in kinds}
        for number in range(options.rounds + 1):
            for name, argv in kinds.items():
                took = run(argv)
                if number:  # the first round warms the caches
                    seconds[name].append(took)
    for name, every in seconds.items():
        print(f"{name:8} median {statistics.median(every):7.3f} s   {' '.join(f'{each:.3f}' for each in every)}")
    for name in ("outside", "inside"):
        pairs = [with_it / without for with_it, without in zip(seconds[name], seconds["alone"], strict=True)]
        print(f"{name:8} ratio to alone, median of pairs: {statistics.median(pairs):.3f}")


if __name__ == "__main__":
    main()
