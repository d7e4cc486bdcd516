"""TF001: the import raises, leaves in silence, or cannot be tried."""

from __future__ import annotations

from dataclasses import replace

import pytest

from judged import judged
from m1doctor.checks.tf.tf001_import_fails import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.remedy import StepKind
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.runtime import ChildEnd
from m1doctor.model.unknown import not_asked
from runs import FINISHED, LOAD_LIBRARY, PYTHON, SITE, linux, mac, outcome, raised, runtime

DLOPEN = (
    f"dlopen({SITE}/tensorflow-plugins/libmetal_plugin.dylib, 0x0006): Symbol not found: "
    "__ZN3tsl8internal10LogMessageC1EPKcii\n  Referenced from: <0C6A> libmetal_plugin.dylib\n  Expected in: <1F2B> x.so"
)


def test_a_plugin_that_does_not_fit_is_named_with_its_symbol_and_can_be_replaced_or_removed() -> None:
    ended = raised("NotFoundError", DLOPEN, python_stack=(LOAD_LIBRARY,))
    run = replace(runtime(ended), without_plugins=FINISHED, numpy_alone="NumPy 2.0.2 imports")
    result = judged(CHECK, mac(run, metal="1.1.0"))
    assert result.status is Status.ERROR
    assert "__ZN3tsl8internal10LogMessageC1EPKcii, which this TensorFlow does not have" in result.summary
    finding = result.findings[0]
    assert finding.evidence[0] == f"NotFoundError: {DLOPEN.splitlines()[0]}"
    assert LOAD_LIBRARY in finding.evidence
    assert any("kept from the plugins" in line for line in finding.evidence)
    assert "import numpy, by itself: NumPy 2.0.2 imports" in finding.evidence
    assert finding.remedy is not None
    assert [step.argv for step in finding.remedy.steps if step.argv] == [
        (PYTHON, "-m", "pip", "install", "tensorflow-metal==1.2.0"),
        (PYTHON, "-m", "pip", "uninstall", "--yes", "tensorflow-metal"),
    ]
    assert finding.remedy.steps[-1].text.startswith("Or remove the plugin: ")


def test_a_strange_error_under_a_plugin_is_blamed_on_it_where_the_import_works_without() -> None:
    ended = raised("RuntimeError", "something new", python_stack=(LOAD_LIBRARY,))
    result = judged(CHECK, mac(replace(runtime(ended), without_plugins=FINISHED)))
    assert "while the plugin libmetal_plugin.dylib is loaded: RuntimeError: something new" in result.summary


@pytest.mark.parametrize(
    ("kind", "message", "words"),
    [
        ("TypeError", "Descriptors cannot be created directly.\nIf this call came", "protobuf does not go with"),
        ("ImportError", "cannot import name 'runtime_version' from 'google.protobuf' (x)", "protobuf does not go with"),
        ("AttributeError", "_ARRAY_API not found", "built for another NumPy"),
        ("ImportError", "numpy.core.multiarray failed to import", "built for another NumPy"),
        ("ValueError", "numpy.dtype size changed, may indicate binary incompatibility", "built for another NumPy"),
        ("AttributeError", "module 'ml_dtypes' has no attribute 'float8_e4m3b11'", "ml_dtypes does not go with"),
        ("ModuleNotFoundError", "No module named 'wrapt'", "module wrapt, which the import asks for"),
        ("ModuleNotFoundError", "No module named 'tensorflow'", "TensorFlow is not installed for this Python"),
        ("ModuleNotFoundError", "No module named 'tensorflow.python'", "a part of TensorFlow is missing"),
        ("ModuleNotFoundError", "No module named 'distutils'", "distutils is gone from this Python"),
        ("AttributeError", "module 'tensorflow' has no attribute 'config'", "is not TensorFlow"),
        ("ImportError", "dlopen(x.so): mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64')",
         "built for another processor"),
        ("ImportError", "code signature in <X> '/x.so' not valid for use in process: library load disallowed",
         "refuses a library for its code signature"),
        ("ImportError", "dlopen(/a/h5py/x.so): Library not loaded: @rpath/libhdf5.dylib", "does not load"),
        ("PermissionError", "[Errno 13] Permission denied: '/x'", "may not be read by this user"),
        ("OSError", "[Errno 2] The file or folder to load pluggable device libraries from does not exist.: '/x'",
         "TF_PLUGGABLE_DEVICE_LIBRARY_PATH names a path"),
        ("SyntaxError", "invalid syntax (x.py, line 3)", "does not suit this version of Python"),
    ],
)  # fmt: skip
def test_known_words_are_put_into_a_sentence(kind: str, message: str, words: str) -> None:
    result = judged(CHECK, mac(runtime(raised(kind, message))))
    assert result.status is Status.ERROR
    assert words in result.summary
    assert result.summary.startswith(f"import tensorflow raises {kind}: ")
    assert result.findings[0].remedy is not None


def test_wrong_versions_are_mended_by_installing_the_same_tensorflow() -> None:
    result = judged(CHECK, mac(runtime(raised("AttributeError", "_ARRAY_API not found"))))
    remedy = result.findings[0].remedy
    assert remedy is not None
    assert remedy.steps[0].kind is StepKind.RUN
    assert remedy.steps[0].argv == (PYTHON, "-m", "pip", "install", "tensorflow==2.18.1")


def test_words_that_nobody_knows_are_quoted_and_no_cause_is_made_up() -> None:
    result = judged(CHECK, mac(runtime(raised("ValueError", "first line\nthe last line"))))
    assert result.summary == "import tensorflow raises ValueError: the last line."
    assert result.findings[0].remedy is None


def test_an_own_file_in_the_stack_is_named_with_its_line() -> None:
    stack = (
        f'File "{SITE}/tensorflow/__init__.py", line 40, in <module>: import random',
        'File "/Users/me/project/random.py", line 1, in <module>: raise SystemError',
    )
    result = judged(CHECK, mac(runtime(raised("SystemError", "mine", python_stack=stack))))
    assert "runs into /Users/me/project/random.py" in result.summary
    location = result.findings[0].location
    assert location is not None
    assert (location.path, location.line) == ("/Users/me/project/random.py", 1)


def test_files_of_python_and_of_packages_are_never_called_own() -> None:
    stack = (
        'File "/opt/python/lib/python3.11/ssl.py", line 1, in <module>: import _ssl',
        f'File "{SITE}/x.py", line 2',
    )
    result = judged(CHECK, mac(runtime(raised("ImportError", "no", python_stack=stack))))
    assert "runs into" not in result.summary


def test_a_silent_end_is_told_with_its_status() -> None:
    result = judged(CHECK, mac(runtime(outcome(ChildEnd.EXITED, returncode=0))))
    assert result.summary == "import tensorflow left with status 0 in the middle, without an exception."


def test_an_interpreter_that_ends_before_it_begins_is_told() -> None:
    result = judged(CHECK, linux(runtime(outcome(ChildEnd.EXITED, returncode=1, stage=None))))
    assert result.summary.startswith("The target's Python left with status 1 before it ran anything")


def test_an_interpreter_that_cannot_be_started_is_told() -> None:
    ended = outcome(ChildEnd.NOT_STARTED, stage=None, exception_message="Exec format error")
    result = judged(CHECK, mac(runtime(ended)))
    assert result.summary == f"The target's Python {PYTHON} cannot be started: Exec format error."


@pytest.mark.parametrize("end", [ChildEnd.DIED, ChildEnd.HUNG])
def test_a_death_and_a_hang_are_not_of_this_check(end: ChildEnd) -> None:
    assert judged(CHECK, mac(runtime(outcome(end)))).status is Status.PASS


def test_a_good_import_passes_whatever_happens_later() -> None:
    later = raised("InternalError", "no", stage="placement")
    assert judged(CHECK, mac(runtime(later, imports=True))).status is Status.PASS


def test_unknown_is_not_a_pass() -> None:
    assert judged(CHECK, Facts()).skip is SkipKind.UNKNOWN
    assert judged(CHECK, Facts(unknown={"runtime": not_asked("--quick")})).skip is SkipKind.NOT_ASKED
