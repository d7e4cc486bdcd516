"""/proc/cpuinfo: what the kernel says of the processor, under emulation too."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from m1doctor.collect.parse.cpuinfo import parse_cpuinfo


def x86(processor: int, core: int, flags: str = "fpu sse avx") -> str:
    return (
        f"processor\t: {processor}\nvendor_id\t: GenuineIntel\nmodel\t\t: 85\nmodel name\t: Intel(R) Xeon(R)\n"
        f"physical id\t: 0\nsiblings\t: 4\ncore id\t\t: {core}\ncpu cores\t: 2\nflags\t\t: {flags}\n\n"
    )


ARM = "processor\t: 0\nBogoMIPS\t: 48.00\nFeatures\t: fp asimd\nCPU implementer\t: 0x61\nCPU part\t: 0x000\n\n"


def test_an_x86_processor_with_hyper_threads() -> None:
    cpu = parse_cpuinfo(x86(0, 0) + x86(1, 1) + x86(2, 0) + x86(3, 1))
    assert (cpu.model_name, cpu.vendor, cpu.physical_cores) == ("Intel(R) Xeon(R)", "GenuineIntel", 2)
    assert cpu.hypervisor is False
    assert cpu.arm_implementer is None


def test_a_guest_is_known_by_its_flag() -> None:
    assert parse_cpuinfo(x86(0, 0, "fpu hypervisor avx")).hypervisor is True


def test_an_arm_processor_has_an_implementer_and_no_name() -> None:
    cpu = parse_cpuinfo(ARM * 4)
    assert (cpu.arm_implementer, cpu.model_name, cpu.hypervisor, cpu.physical_cores) == (0x61, None, None, None)


def test_other_text_is_unknown() -> None:
    assert parse_cpuinfo("") is None
    assert parse_cpuinfo("model name: x\n") is None


@given(st.text(max_size=300))
def test_any_text_gives_a_value_or_none(text: str) -> None:
    parse_cpuinfo("processor : 0\n" + text)
