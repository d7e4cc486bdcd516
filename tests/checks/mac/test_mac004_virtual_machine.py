"""MAC004: a macOS guest."""

from __future__ import annotations

from judged import judged
from m1doctor.checks.mac.mac004_virtual_machine import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.host import Gpu, Host
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.unknown import not_applicable


def test_a_guest_is_a_warning_with_its_gpu() -> None:
    host = Host(
        system="Darwin",
        macos_version="15.5",
        virtual_machine=True,
        model="VirtualMac2,1",
        chip="Apple M1 (Virtual)",
        gpu=Gpu(accelerator_class="AppleParavirtGPU"),
    )
    result = judged(CHECK, Facts(host=host))
    assert result.status is Status.WARNING
    assert "VirtualMac2,1, Apple M1 (Virtual)" in result.summary
    assert "GPU driver AppleParavirtGPU" in result.findings[0].evidence


def test_hardware_passes() -> None:
    host = Host(system="Darwin", macos_version="15.5", virtual_machine=False)
    assert judged(CHECK, Facts(host=host)).status is Status.PASS


def test_unknown_is_not_a_pass_and_linux_is_not_asked() -> None:
    assert judged(CHECK, Facts(host=Host(system="Darwin", macos_version="15.5"))).skip is SkipKind.UNKNOWN
    linux = Host(system="Linux", virtual_machine=True, unknown={"macos_version": not_applicable("this is not macOS")})
    assert judged(CHECK, Facts(host=linux)).skip is SkipKind.NOT_APPLICABLE
