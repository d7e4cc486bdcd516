from __future__ import annotations

from interpreters import PYTHON
from judged import judged
from m1doctor.checks.lnk.lnk005_duplicate_plugin import CHECK
from m1doctor.checks.plugin_words import VARIABLE
from m1doctor.model.plugins import Provider
from m1doctor.model.report import SkipKind, Status
from plugged import PATH, apple, community, environment, nothing

OTHER = "/Users/someone/Library/Python/3.11/lib/python/site-packages/tensorflow-plugins/libmetal_plugin.dylib"


def test_one_file_by_two_ways_is_an_error() -> None:
    twice = [apple(real_path="/real"), apple(path="/opt/x/site-packages/p.dylib", real_path="/real")]
    result = judged(CHECK, environment(*twice))
    assert result.status is Status.ERROR
    assert "would load tensorflow-metal 1.2.0 2 times" in result.summary
    assert "one file: /real" in result.findings[0].evidence
    assert len(result.findings) == 1


def test_a_folder_that_the_environment_names_again_is_unset() -> None:
    result = judged(CHECK, environment(apple(), apple(origin=VARIABLE)))
    remedy = result.findings[0].remedy
    assert remedy is not None
    assert f"unset {VARIABLE}" in remedy.steps[0].text


def test_two_copies_of_apples_plugin_register_metal_twice() -> None:
    result = judged(CHECK, environment(apple(), apple("1.1.0", path=OTHER, distributions=())))
    assert "2 libraries would register the METAL platform" in result.summary
    remedy = result.findings[0].remedy
    assert remedy is not None
    assert OTHER in remedy.steps[0].text


def test_two_providers_register_metal_twice_and_one_is_removed() -> None:
    result = judged(CHECK, environment(apple(), community(path=OTHER)))
    remedy = result.findings[0].remedy
    assert remedy is not None
    assert remedy.steps[0].argv == (PYTHON, "-m", "pip", "uninstall", "--yes", "tensorflow-metal-plugin")


def test_two_packages_that_claim_one_file_are_removed_and_one_is_installed() -> None:
    both = ("tensorflow-metal 1.2.0", "tensorflow-metal-plugin 0.4.1")
    result = judged(CHECK, environment(community(distributions=both)))
    assert f"both claim {PATH}" in result.summary
    remedy = result.findings[0].remedy
    assert remedy is not None
    assert [step.argv[3:] for step in remedy.steps] == [
        ("uninstall", "--yes", "tensorflow-metal", "tensorflow-metal-plugin"),
        ("install", "tensorflow-metal==1.2.0"),
    ]


def test_the_one_that_goes_with_this_tensorflow_is_kept() -> None:
    both = ("tensorflow-metal 1.2.0", "tensorflow-metal-plugin 0.4.1")
    remedy = judged(CHECK, environment(apple(distributions=both), tensorflow="2.21.0")).findings[0].remedy
    assert remedy is not None
    assert remedy.steps[1].argv[-1] == "tensorflow-metal-plugin==0.4.1"


def test_a_plugin_of_another_device_beside_apples_is_no_duplicate() -> None:
    other = apple(path=OTHER, provider=Provider.OTHER, version=None, distributions=("npu-device 1.0",))
    assert judged(CHECK, environment(apple(), other)).status is Status.PASS


def test_one_plugin_passes() -> None:
    assert judged(CHECK, environment(apple())).status is Status.PASS


def test_what_is_unknown_is_not_a_pass() -> None:
    assert judged(CHECK, nothing()).skip is SkipKind.UNKNOWN
    assert judged(CHECK, environment()).skip is SkipKind.NOT_APPLICABLE
