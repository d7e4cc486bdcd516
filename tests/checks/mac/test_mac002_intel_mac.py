"""MAC002: an Intel Mac has no GPU for the plugin."""

from __future__ import annotations

from dataclasses import replace

from judged import judged
from m1doctor.checks.mac.mac002_intel_mac import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.host import Gpu, Host
from m1doctor.model.plugins import Plugin, Plugins, Provider
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.unknown import not_applicable


def test_an_intel_mac_is_an_error_that_names_it() -> None:
    host = Host(
        system="Darwin",
        apple_silicon=False,
        model="MacBookPro16,2",
        chip="Intel(R) Core(TM) i7",
        kernel="RELEASE_X86_64",
        gpu=Gpu(name="Intel Iris Plus"),
    )
    result = judged(CHECK, Facts(host=host))
    assert result.status is Status.ERROR
    assert "MacBookPro16,2 (Intel(R) Core(TM) i7)" in result.summary
    assert "GPU Intel Iris Plus" in result.findings[0].evidence


def test_a_mac_that_names_nothing_is_still_told() -> None:
    result = judged(CHECK, Facts(host=Host(system="Darwin", apple_silicon=False)))
    assert result.summary.startswith("This is an Intel Mac: it has no Apple GPU")


def test_apple_silicon_passes_also_when_translated() -> None:
    host = Host(system="Darwin", apple_silicon=True, process_machine="x86_64", chip="Apple M1 Pro")
    assert judged(CHECK, Facts(host=host)).summary == "The hardware is Apple silicon (Apple M1 Pro)."


def test_unknown_hardware_is_not_a_pass() -> None:
    assert judged(CHECK, Facts(host=Host(system="Darwin"))).skip is SkipKind.UNKNOWN
    linux = Host(system="Linux", unknown={"apple_silicon": not_applicable("this is not macOS")})
    assert judged(CHECK, Facts(host=linux)).skip is SkipKind.NOT_APPLICABLE


def test_a_plugin_with_code_for_intel_makes_it_a_note() -> None:
    host = Host(system="Darwin", apple_silicon=False, chip="Intel(R) Core(TM) i9")
    plugin = Plugin(
        path="/s/tensorflow-plugins/libmetal_plugin.dylib",
        real_path="/s/tensorflow-plugins/libmetal_plugin.dylib",
        origin="tensorflow-plugins",
        provider=Provider.APPLE,
        distributions=("tensorflow-metal 0.5.0",),
        architectures=("x86_64",),
    )
    result = judged(CHECK, Facts(host=host, plugins=Plugins(libraries=(plugin,))))
    assert result.status is Status.NOTE
    assert "tensorflow-metal 0.5.0 was still made for it" in result.summary
    arm64 = replace(plugin, architectures=("arm64",))
    assert judged(CHECK, Facts(host=host, plugins=Plugins(libraries=(arm64,)))).status is Status.ERROR
