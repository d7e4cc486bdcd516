"""TF015: an own file bears the name of a module."""

from __future__ import annotations

from dataclasses import replace

from judged import judged
from m1doctor.checks.tf.tf015_own_file_shadows_module import CHECK
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.runtime import ChildEnd, ShadowingFile
from m1doctor.model.unknown import Unknown
from runs import mac, outcome, runtime


def test_an_own_random_is_a_warning_that_names_both_files() -> None:
    file = ShadowingFile(module="random", path="/Users/me/p/random.py", instead_of="/opt/python/lib/random.py")
    result = judged(CHECK, mac(replace(runtime(), shadowed_here=(file,))))
    assert result.status is Status.WARNING
    assert "/Users/me/p/random.py in place of the module random" in result.summary
    assert result.findings[0].evidence == ("import random should give /opt/python/lib/random.py",)


def test_an_own_tensorflow_is_an_error() -> None:
    file = ShadowingFile(module="tensorflow", path="/Users/me/p/tensorflow.py")
    assert judged(CHECK, mac(replace(runtime(), shadowed_here=(file,)))).status is Status.ERROR


def test_a_folder_without_such_files_passes() -> None:
    assert judged(CHECK, mac(runtime())).status is Status.PASS


def test_unknown_is_not_a_pass() -> None:
    died = replace(runtime(outcome(ChildEnd.DIED)), unknown={"import_seconds": Unknown("it died")})
    assert judged(CHECK, mac(died)).skip is SkipKind.UNKNOWN
