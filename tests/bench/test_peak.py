"""The peak of a chip."""

from __future__ import annotations

from dataclasses import replace

import pytest

import benches
from m1doctor.bench.peak import Peak, peak_of
from m1doctor.model.facts import Facts
from m1doctor.model.host import Gpu, Host


def of(chip: str, cores: int | None, clock: float | None = None, **more: object) -> Peak | str:
    host = Host(**({"apple_silicon": True, "chip": chip, "gpu": Gpu(cores=cores)} | more))
    return peak_of(Facts(host=host, bench=benches.bench(load=replace(benches.load(), gpu_clock_hz=clock))))


@pytest.mark.parametrize(
    ("chip", "cores", "apple"), [("Apple M1", 8, 2.6), ("Apple M1 Pro", 16, 5.2), ("Apple M1 Max", 32, 10.4)]
)
def test_the_peak_agrees_with_what_apple_states(chip: str, cores: int, apple: float) -> None:
    peak = of(chip, cores)
    assert isinstance(peak, Peak)
    assert peak.flops_per_second / 1e12 == pytest.approx(apple, rel=0.03)
    assert peak.source == f"clock of an {chip} from m1doctor's table"


def test_the_clock_of_the_machine_itself_comes_first() -> None:
    peak = of("Apple M1", 8, 1.0e9)
    assert isinstance(peak, Peak)
    assert (peak.clock_hz, peak.source) == (1.0e9, "clock read on this machine")


def test_what_is_not_known_is_said() -> None:
    assert of("Apple M5 Max", 40) == "Apple M5 Max is unknown, and the machine does not tell its clock"
    assert of("Apple M1", None) == "the number of GPU cores is not known"
    assert of("Apple M1", 8, virtual_machine=True) == "a virtual machine has a paravirtual GPU"
    assert of("AMD EPYC", 8, apple_silicon=False) == "this is no Apple GPU"
    assert peak_of(Facts()) == "this is no Apple GPU"
