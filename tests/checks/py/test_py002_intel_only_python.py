"""PY002: an interpreter without arm64 code."""

from __future__ import annotations

import pytest

from interpreters import FOLDER_ONLY, INTEL_MAC, facts, interpreter
from judged import judged
from m1doctor.checks.py.py002_intel_only_python import CHECK
from m1doctor.model.host import Host
from m1doctor.model.interpreter import Vendor
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.unknown import Unknown

INTEL_PYTHON = {"slices": ("x86_64",), "machine": "x86_64", "translated": True}


def test_an_x86_64_python_on_apple_silicon_is_an_error() -> None:
    result = judged(CHECK, facts(interpreter(**INTEL_PYTHON, vendor=Vendor.HOMEBREW)))
    assert result.status is Status.ERROR
    assert "Python 3.11.9 from Homebrew" in result.summary
    assert "has only x86_64 code, and this Mac has Apple M1 Pro" in result.summary
    assert any("/usr/local is the one for Intel" in line for line in result.findings[0].evidence)


@pytest.mark.parametrize("slices", [("arm64",), ("x86_64", "arm64"), ("x86_64", "arm64e")])
def test_arm64_code_passes_whatever_else_is_there(slices: tuple[str, ...]) -> None:
    assert judged(CHECK, facts(interpreter(slices=slices))).status is Status.PASS


def test_an_intel_mac_and_a_linux_python_are_not_concerned() -> None:
    assert judged(CHECK, facts(interpreter(**INTEL_PYTHON), host=INTEL_MAC)).skip is SkipKind.NOT_APPLICABLE
    assert judged(CHECK, facts(interpreter(system="Linux"))).skip is SkipKind.NOT_APPLICABLE


def test_unknown_hardware_or_an_unreadable_executable_is_not_a_pass() -> None:
    unknown = Host(unknown={"apple_silicon": Unknown("sysctl was denied")})
    assert judged(CHECK, facts(interpreter(**INTEL_PYTHON), host=unknown)).reason == "sysctl was denied"
    unread = interpreter(slices=None, unknown={"slices": Unknown("it is cut off")})
    assert judged(CHECK, facts(unread)).reason == "it is cut off"
    assert judged(CHECK, facts(interpreter(**INTEL_PYTHON), host=FOLDER_ONLY)).skip is SkipKind.NOT_ASKED
