"""Compare `m1doctor diagnose --quick` with `pip inspect` over one real environment, start-up included.

    python scripts/benchmarks/quick_diagnosis.py [--folder DIR] [--pairs 15]

Both run from fresh virtual environments with compiled bytecode, as users have them, and take turns, so that whatever
else the machine does falls on both. Prints the median of each, the ratio (its aim is 0.7 and it must not pass 1), and
the largest memory of each. Without --folder the environment is TensorFlow 2.18.1 with tensorflow-metal 1.2.0 and all
that they require, as macOS wheels: 13,600 files, 1.3 GB.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import uv

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT / "tests"))

from environments import real  # noqa: E402 - the tests know how to lay down macOS wheels on any host

PIP = "pip>=26"
WARM_UPS = 3


@dataclass
class Contestant:
    """One command and what its runs took."""

    name: str
    argv: list[str]
    seconds: list[float] = field(default_factory=list)
    peak_bytes: int = 0

    def run(self, *, count: bool) -> None:
        """Run once, output thrown away; findings (exit status 1) are no failure."""
        with tempfile.TemporaryFile() as errors:
            start = time.perf_counter()
            process = subprocess.Popen(self.argv, stdout=subprocess.DEVNULL, stderr=errors)
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode not in (0, 1):
                errors.seek(0)
                sys.exit(f"{self.name} ended with {process.returncode}:\n{errors.read().decode()}")
        if count:
            self.seconds.append(seconds)
            self.peak_bytes = max(self.peak_bytes, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024))


def environment_with(folder: Path, *requirements: str) -> Path:
    """Make a virtual environment with compiled bytecode and return its Python."""
    _uv("venv", "--quiet", "--python", sys.executable, str(folder))
    python = folder / "bin" / "python"
    _uv("pip", "install", "--quiet", "--compile-bytecode", "--python", str(python), *requirements)
    return python


def _uv(*arguments: str) -> None:
    environ = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([uv.find_uv_bin(), *arguments], env=environ, check=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="folder of installed packages to examine")
    parser.add_argument("--pairs", type=int, default=15, help="runs of each command")
    options = parser.parse_args()
    folder = options.folder or real.mac_packages("tensorflow==2.18.1", "tensorflow-metal==1.2.0")
    with tempfile.TemporaryDirectory() as scratch:
        ours = environment_with(Path(scratch) / "ours", str(CHECKOUT))
        theirs = environment_with(Path(scratch) / "theirs", PIP)
        diagnose = [str(ours.parent / "m1doctor"), "diagnose", "--quick", "--site-packages", str(folder)]
        contestants = (
            Contestant("m1doctor diagnose --quick", [*diagnose, "--format", "json"]),
            Contestant("pip inspect", [str(theirs), "-m", "pip", "inspect", "--path", str(folder)]),
        )
        for turn in range(WARM_UPS + options.pairs):
            for each in contestants:
                each.run(count=turn >= WARM_UPS)
    medians = [statistics.median(each.seconds) for each in contestants]
    for each, median in zip(contestants, medians, strict=True):
        low, high = min(each.seconds), max(each.seconds)
        megabytes = each.peak_bytes / 1e6
        print(f"{each.name:28} median {median:.3f} s  ({low:.3f} to {high:.3f})  peak {megabytes:.0f} MB")
    pairwise = statistics.median(
        left / right for left, right in zip(*(each.seconds for each in contestants), strict=True)
    )
    print(f"{'ratio':28} of medians {medians[0] / medians[1]:.2f}, median of {options.pairs} pairs {pairwise:.2f}")


if __name__ == "__main__":
    main()
