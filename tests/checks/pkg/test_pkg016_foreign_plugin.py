from __future__ import annotations

from interpreters import interpreter
from judged import judged
from m1doctor.checks.pkg.pkg016_foreign_plugin import CHECK
from m1doctor.model.plugins import Provider
from m1doctor.model.report import SkipKind, Status
from plugged import apple, community, environment, nothing


def test_the_communitys_plugin_is_a_note_with_its_conditions() -> None:
    result = judged(CHECK, environment(community(), tensorflow="2.21.0"))
    assert result.status is Status.NOTE
    assert "the community's plugin (tensorflow-metal-plugin 0.4.1)" in result.summary
    assert any("TensorFlow 2.21, macOS 15.0" in line for line in result.findings[0].evidence)


def test_a_device_of_somebody_else_is_named() -> None:
    other = apple(provider=Provider.OTHER, version=None, distributions=("npu-device 1.0",), identified_by=None)
    assert "npu-device 1.0" in judged(CHECK, environment(other)).summary


def test_a_library_that_offers_no_device_is_no_provider() -> None:
    kernels = apple(provider=Provider.OTHER, version=None, registers=("TF_InitKernel",))
    assert judged(CHECK, environment(kernels)).status is Status.PASS


def test_apples_plugin_passes() -> None:
    assert judged(CHECK, environment(apple())).status is Status.PASS


def test_on_linux_no_plugin_is_foreign() -> None:
    linux = interpreter(system="Linux", machine="x86_64")
    other = apple(provider=Provider.OTHER, version=None)
    assert judged(CHECK, environment(other, interpreter=linux)).skip is SkipKind.NOT_APPLICABLE


def test_what_is_unknown_is_not_a_pass() -> None:
    assert judged(CHECK, nothing()).skip is SkipKind.UNKNOWN
