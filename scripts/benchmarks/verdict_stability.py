"""How steady the verdicts of the smoke benchmark are: `python scripts/benchmarks/verdict_stability.py --python PATH`.

Runs the parts of a diagnosis again and again in the environment of PATH, first with the machine left alone, then with
one core kept busy, and prints how often each verdict was reached, how long a run took, and what m1doctor adds to the
measured work. Nothing else may run meanwhile: the first half is about a quiet machine.

With `--double tensorflow-cpu==2.18.1` the environment is made for it, with the stand-in for the Metal plugin of the
tests; `M1DOCTOR_DOUBLE=slow-launch=20000` in the environment gives that a fault.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from m1doctor.bench.statistics import estimate, median
from m1doctor.bench.verdicts import verdicts
from m1doctor.collect.host import collect_host
from m1doctor.collect.runtime import run_target
from m1doctor.collect.target import choose_target
from m1doctor.collect.world import LiveWorld
from m1doctor.knowledge.parts import parts
from m1doctor.model.facts import Facts
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.runtime import ChildEnd

CHECKOUT = Path(__file__).resolve().parents[2]
LIMIT_SECONDS = 180.0
BUSY = "while True: pass"


class Run:
    """One run of the smoke benchmark."""

    def __init__(self, python: str) -> None:
        """Run it now."""
        world = LiveWorld()
        begin, own = time.perf_counter(), _own_seconds()
        runtime, sections = run_target(
            world,
            Interpreter(executable=python, site_folders=()),
            None,
            parts=parts(),
            limit_seconds=LIMIT_SECONDS,
            tell=[].append,
        )
        self.seconds = time.perf_counter() - begin
        self.own_seconds = _own_seconds() - own
        self.work_seconds = sum(end.seconds for end in runtime.parts)
        self.imported_seconds = runtime.import_seconds or 0.0
        facts = Facts(host=collect_host(world, None, deep=False), runtime=runtime, **sections)
        found = verdicts(facts)
        self.sure = " + ".join(each.holding for each in found if each.sure) or "nothing sure"
        self.unsure = tuple(each.holding.value for each in found if not each.sure)
        self.failed = tuple(f"{end.stage} {end.end}" for end in runtime.parts if end.end is not ChildEnd.FINISHED)


def _own_seconds() -> float:
    """Processor time of this process: its child's is not in it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


@contextmanager
def busy_core() -> Iterator[None]:
    """Keep one core busy."""
    process = subprocess.Popen([sys.executable, "-c", BUSY])
    try:
        yield
    finally:
        process.kill()
        process.wait()


def measure(python: str, count: int, what: str) -> list[Run]:
    """Run it `count` times and print each line as it comes."""
    runs = []
    for number in range(1, count + 1):
        run = Run(python)
        runs.append(run)
        more = f"; unsure: {', '.join(run.unsure)}" if run.unsure else ""
        ends = f"; {', '.join(run.failed)}" if run.failed else ""
        print(f"{what} {number:>2}: {run.seconds:5.1f} s  {run.sure}{more}{ends}", flush=True)
    return runs


def report(what: str, runs: list[Run]) -> None:
    """Print the counts of one half."""
    if not runs:
        return
    print(f"\n{what}, {len(runs)} runs")
    for verdict, count in Counter(run.sure for run in runs).most_common():
        print(f"  {count:>3} x {verdict}")
    for verdict, count in Counter(name for run in runs for name in run.unsure).most_common():
        print(f"  {count:>3} x unsure: {verdict}")
    walls = estimate([run.seconds for run in runs])
    if walls is not None:
        print(f"  wall time {walls.value:.1f} s (interval {walls.low:.1f} to {walls.high:.1f})")
    print(f"  of it importing TensorFlow {median([run.imported_seconds for run in runs]):.1f} s")
    overhead = median([run.own_seconds / run.work_seconds for run in runs if run.work_seconds > 0] or [0.0])
    print(f"  m1doctor's own processor time while the work ran: {overhead:.1%} of the work's time")


def main() -> None:
    """Read the options, run both halves."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--python", help="the interpreter of the environment to measure (else as diagnose chooses)")
    parser.add_argument("--double", metavar="REQUIREMENT", help="make an environment with the stand-in for the plugin")
    parser.add_argument("--runs", type=int, default=20, help="runs in each half (20)")
    parser.add_argument("--quiet-only", action="store_true", help="leave the half with a busy core out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="m1doctor-stability-") as folder:
        python = options.python
        if options.double is not None:
            python = str(doubled(options.double, Path(folder) / "venv"))
        both_halves(
            choose_target(LiveWorld(), python=python, site_packages=None).path, options.runs, options.quiet_only
        )


def doubled(requirement: str, folder: Path) -> Path:
    """The interpreter of an environment of its own with the stand-in for the Metal plugin."""
    sys.path.insert(0, str(CHECKOUT / "tests"))
    from double import double  # noqa: PLC0415 - of the tests

    double.clone(requirement, folder)
    double.plug_in(folder)
    return double.python(folder)


def both_halves(python: str, runs: int, quiet_only: bool) -> None:  # noqa: FBT001 - one caller, above
    """Run both halves and print their counts."""
    print(f"{python}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}\n")
    quiet = measure(python, runs, "quiet")
    busy: list[Run] = []
    if not quiet_only:
        with busy_core():
            busy = measure(python, runs, "busy ")
    report("Quiet", quiet)
    report("One core busy", busy)


if __name__ == "__main__":
    main()
