"""TF004: TensorFlow lists no GPU."""

from __future__ import annotations

from dataclasses import replace

from judged import judged
from m1doctor.checks.tf.tf004_no_gpu_visible import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.plugins import Plugins, Provider
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.runtime import ChildEnd, Device
from m1doctor.model.unknown import Unknown
from runs import CPU, linux, mac, outcome, plugin, runtime

NO_GPU = replace(runtime(), devices=(Device(name=CPU, kind="CPU"),), visible_devices=(CPU,))


def test_a_plugin_that_offers_no_device_is_named_with_its_own_lines() -> None:
    run = replace(NO_GPU, log_lines=("I metal: built for TensorFlow 2.21.0, this is 2.18.1", "I something else"))
    result = judged(CHECK, mac(run))
    assert result.status is Status.ERROR
    assert result.summary == (
        "TensorFlow 2.18.1 loads libmetal_plugin.dylib, which offers no device: TensorFlow lists no GPU and works on "
        "the CPU."
    )
    assert result.findings[0].evidence == (
        f"tf.config.list_physical_devices(): {CPU}",
        "I metal: built for TensorFlow 2.21.0, this is 2.18.1",
    )


def test_apple_silicon_without_any_plugin_is_told_as_that() -> None:
    assert "no plugin offers one" in judged(CHECK, mac(NO_GPU, plugins=Plugins())).summary


def test_the_community_plugin_is_to_be_built_again() -> None:
    result = judged(CHECK, mac(NO_GPU, plugins=plugin(Provider.COMMUNITY)))
    remedy = result.findings[0].remedy
    assert remedy is not None
    assert "build it again" in remedy.steps[0].text


def test_a_listed_gpu_passes() -> None:
    result = judged(CHECK, mac(runtime()))
    assert (result.status, result.summary) == (Status.PASS, "TensorFlow lists /physical_device:GPU:0.")


def test_linux_without_a_plugin_is_not_asked_for_a_gpu() -> None:
    assert judged(CHECK, linux(NO_GPU)).skip is SkipKind.NOT_APPLICABLE


def test_linux_with_a_plugin_is() -> None:
    assert judged(CHECK, replace(linux(NO_GPU), plugins=plugin(Provider.OTHER))).status is Status.ERROR


def test_unknown_devices_are_not_a_pass() -> None:
    died = replace(
        runtime(outcome(ChildEnd.DIED, stage="devices"), imports=True),
        devices=None,
        unknown={"devices": Unknown("died")},
    )
    assert judged(CHECK, mac(died)).skip is SkipKind.UNKNOWN
    assert judged(CHECK, Facts()).skip is SkipKind.UNKNOWN
