"""MAC001: a system that is not macOS is remarked on, and no more."""

from __future__ import annotations

from judged import judged
from m1doctor.checks.mac.mac001_not_a_mac import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.host import Host
from m1doctor.model.report import SkipKind, Status


def test_linux_is_a_note_with_its_name() -> None:
    host = Host(system="Linux", distribution="Debian GNU/Linux 12 (bookworm)", process_machine="x86_64", kernel="#1")
    result = judged(CHECK, Facts(host=host))
    assert result.status is Status.NOTE
    assert "Debian GNU/Linux 12 (bookworm)" in result.summary
    assert "system Linux" in result.findings[0].evidence


def test_a_mac_passes_with_its_version() -> None:
    result = judged(CHECK, Facts(host=Host(system="Darwin", macos_version="15.5")))
    assert (result.status, result.summary) == (Status.PASS, "This is a Mac with macOS 15.5.")


def test_an_unknown_system_is_not_a_pass() -> None:
    assert judged(CHECK, Facts(host=Host())).skip is SkipKind.UNKNOWN
    assert judged(CHECK, Facts()).skip is SkipKind.UNKNOWN
