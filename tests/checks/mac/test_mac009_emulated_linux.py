"""MAC009: an amd64 container on Apple silicon."""

from __future__ import annotations

from judged import judged
from m1doctor.checks.mac.mac009_emulated_linux import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.host import Host
from m1doctor.model.report import SkipKind, Status


def test_an_emulated_userland_is_an_error_with_its_traces() -> None:
    host = Host(system="Linux", process_machine="x86_64", emulated_linux=True, emulation_traces=("/proc/self runs x",))
    result = judged(CHECK, Facts(host=host))
    assert result.status is Status.ERROR
    assert result.findings[0].evidence == ("machine x86_64", "/proc/self runs x")


def test_an_ordinary_linux_passes() -> None:
    assert judged(CHECK, Facts(host=Host(system="Linux", emulated_linux=False))).status is Status.PASS


def test_unknown_is_not_a_pass() -> None:
    assert judged(CHECK, Facts(host=Host(system="Linux"))).skip is SkipKind.UNKNOWN
