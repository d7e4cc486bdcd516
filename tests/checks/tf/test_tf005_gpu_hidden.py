"""TF005: something hides the GPU."""

from __future__ import annotations

from dataclasses import replace

from judged import judged
from m1doctor.checks.tf.tf005_gpu_hidden import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.plugins import Provider
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.runtime import Device, HidingCause
from runs import CPU, linux, mac, plugin, runtime

HIDDEN = replace(runtime(), visible_devices=(CPU,))
NO_GPU = replace(HIDDEN, devices=(Device(name=CPU, kind="CPU"),))
VARIABLE = HidingCause(source="environment", what="TF_DISABLE_METAL=1", provider="community")
FILE = HidingCause(source="/x/sitecustomize.py", what="tf.config.set_visible_devices([], 'GPU')", line=3)
SESSION = replace(FILE, source="/Users/me/.ipython/profile_default/startup/0.py", when="in interactive sessions")


def test_a_start_up_file_is_named_with_its_line() -> None:
    result = judged(CHECK, mac(replace(HIDDEN, hidden_by=(FILE,))))
    assert result.status is Status.WARNING
    assert result.summary.startswith("/x/sitecustomize.py, line 3, hides the GPU from TensorFlow in every process")
    location = result.findings[0].location
    assert location is not None
    assert (location.path, location.line) == ("/x/sitecustomize.py", 3)


def test_a_variable_is_told_where_its_plugin_is_installed() -> None:
    facts = mac(replace(NO_GPU, hidden_by=(VARIABLE,)), plugins=plugin(Provider.COMMUNITY))
    assert judged(CHECK, facts).summary == "The environment variable TF_DISABLE_METAL=1 hides the GPU from TensorFlow."


def test_a_variable_that_the_installed_plugin_does_not_heed_is_not_blamed() -> None:
    assert judged(CHECK, mac(replace(NO_GPU, hidden_by=(VARIABLE,)))).status is Status.PASS


def test_what_did_not_hide_the_gpu_is_not_blamed() -> None:
    assert judged(CHECK, mac(replace(runtime(), hidden_by=(FILE,)))).status is Status.PASS


def test_a_file_of_interactive_sessions_is_a_note() -> None:
    result = judged(CHECK, mac(replace(runtime(), hidden_by=(SESSION,))))
    assert result.status is Status.NOTE
    assert "in interactive sessions" in result.summary


def test_a_gpu_that_is_hidden_by_an_unknown_hand_is_told() -> None:
    result = judged(CHECK, mac(HIDDEN))
    assert result.status is Status.WARNING
    assert "is not allowed to use it" in result.summary


def test_a_visible_gpu_passes() -> None:
    assert judged(CHECK, mac(runtime())).status is Status.PASS


def test_where_there_is_no_gpu_nothing_can_hide_it() -> None:
    assert judged(CHECK, linux(replace(NO_GPU, hidden_by=(FILE,)))).skip is SkipKind.NOT_APPLICABLE


def test_unknown_is_not_a_pass() -> None:
    assert judged(CHECK, Facts()).skip is SkipKind.UNKNOWN
