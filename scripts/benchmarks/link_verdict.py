"""How long one link verdict takes with the files in the page cache, beside LIEF's parse of the same files.

    python scripts/benchmarks/link_verdict.py [SITE_PACKAGES]

SITE_PACKAGES holds TensorFlow and tensorflow-metal for a Mac; without it TensorFlow 2.18.1 and tensorflow-metal 1.2.0
are laid into the test cache. Needs LIEF (the `dev` extra) for the comparison.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "tests")]

from m1doctor.macho.link import judge_link  # noqa: E402 - the path to the checkout comes first

ROUNDS = 15
LIMIT_MS = 20.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site_packages", type=Path, nargs="?")
    site = parser.parse_args().site_packages or default_site()
    plugin, tensorflow = site / "tensorflow-plugins" / "libmetal_plugin.dylib", site / "tensorflow"
    first = timed(lambda: judge_link(plugin, tensorflow))
    verdict = judge_link(plugin, tensorflow)
    rounds = [timed(lambda: judge_link(plugin, tensorflow)) for _ in range(ROUNDS)]
    files = [plugin, *(site / name for name in verdict.against)]
    size = sum(path.stat().st_size for path in files) / 1e6
    print(
        f"verdict          {verdict.status.value}: {verdict.symbols_checked} symbols, {len(files)} files, {size:.0f} MB"
    )
    print(f"first            {first * 1e3:8.1f} ms")
    print(f"median of {ROUNDS}     {statistics.median(rounds) * 1e3:8.1f} ms   (limit {LIMIT_MS:.0f} ms)")
    print(f"best             {min(rounds) * 1e3:8.1f} ms")
    try:
        import lief  # noqa: PLC0415 - only the comparison needs it
    except ImportError:
        print("LIEF is not installed: no comparison")
        return
    parses = {path.name: timed(lambda path=path: lief.MachO.parse(str(path))) for path in files}
    for name, seconds in parses.items():
        print(f"LIEF parses      {seconds * 1e3:8.1f} ms   {name}")
    total = sum(parses.values())
    print(f"LIEF in all      {total * 1e3:8.1f} ms   {total / statistics.median(rounds):.0f} times the verdict")


def default_site() -> Path:
    """TensorFlow 2.18.1 and tensorflow-metal 1.2.0, in the test cache."""
    from environments import real  # noqa: PLC0415 - needs uv, which a given folder does not

    return real.mac_packages("tensorflow==2.18.1", "tensorflow-metal==1.2.0")


def timed(action: Callable[[], object]) -> float:
    """Seconds that `action` takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
