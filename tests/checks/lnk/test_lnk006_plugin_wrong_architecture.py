from __future__ import annotations

from interpreters import PYTHON, interpreter
from judged import judged
from m1doctor.checks.lnk.lnk006_plugin_wrong_architecture import CHECK
from m1doctor.model.plugins import LinkStatus, LinkVerdict, Provider
from m1doctor.model.report import SkipKind, Status
from plugged import PATH, apple, environment, nothing

SAID = f"dlopen({PATH}, 0x0006): tried: '{PATH}' (mach-o file, but is an incompatible architecture)"
FOREIGN = LinkVerdict(status=LinkStatus.WRONG_ARCHITECTURE, dyld_message=SAID, reason="it has x86_64, not arm64")


def test_a_plugin_for_intel_beside_an_arm64_python_is_an_error() -> None:
    result = judged(CHECK, environment(apple(link=FOREIGN, architectures=("x86_64",))))
    assert result.status is Status.ERROR
    assert result.summary == "tensorflow-metal 1.2.0 is built for x86_64, and this Python runs as arm64."
    assert SAID in result.findings[0].evidence
    remedy = result.findings[0].remedy
    assert remedy is not None
    assert remedy.steps[0].argv[:4] == (PYTHON, "-m", "pip", "install")
    assert remedy.steps[0].argv[-1] == "tensorflow-metal==1.2.0"


def test_an_elf_plugin_is_compared_with_the_machine() -> None:
    linux = interpreter(system="Linux", machine="aarch64")
    plugin = apple(link=None, provider=Provider.OTHER, architectures=("x86_64",), minimum_macos=None, version=None)
    assert judged(CHECK, environment(plugin, interpreter=linux)).status is Status.ERROR
    same = apple(link=None, provider=Provider.OTHER, architectures=("aarch64",), minimum_macos=None, version=None)
    assert judged(CHECK, environment(same, interpreter=linux)).status is Status.PASS


def test_a_plugin_with_the_slice_passes() -> None:
    assert judged(CHECK, environment(apple())).status is Status.PASS


def test_what_is_unknown_is_not_a_pass() -> None:
    assert judged(CHECK, nothing()).skip is SkipKind.UNKNOWN
    assert judged(CHECK, environment(apple(), interpreter=interpreter(machine=None))).skip is SkipKind.UNKNOWN
    assert judged(CHECK, environment()).skip is SkipKind.NOT_APPLICABLE
