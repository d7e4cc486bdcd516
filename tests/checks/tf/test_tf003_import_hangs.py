"""TF003: the import gives no answer."""

from __future__ import annotations

from dataclasses import replace

from judged import judged
from m1doctor.checks.tf.tf003_import_hangs import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.runtime import ChildEnd
from runs import FINISHED, LOAD_LIBRARY, SITE, mac, outcome, runtime

FRAME = f'File "{SITE}/pkg/wait.py", line 7, in wait'


def test_a_hang_is_told_with_the_frame_it_stands_in() -> None:
    result = judged(CHECK, mac(runtime(outcome(ChildEnd.HUNG, seconds=60.2, python_stack=(FRAME,)))))
    assert result.summary == f"import tensorflow gave no answer in 60 s in {FRAME}."
    assert FRAME in result.findings[0].evidence


def test_a_plugin_that_hangs_is_blamed_where_the_import_works_without_it() -> None:
    ended = outcome(ChildEnd.HUNG, seconds=60.0, python_stack=(LOAD_LIBRARY,))
    result = judged(CHECK, mac(replace(runtime(ended), without_plugins=FINISHED)))
    assert (
        result.summary == "import tensorflow gave no answer in 60 s while the plugin libmetal_plugin.dylib is loaded."
    )


def test_colliding_libraries_are_told_by_their_last_line() -> None:
    ended = outcome(ChildEnd.HUNG, seconds=60.0, last_lines=("[mutex.cc : 452] RAW: Lock blocking 0x6000   @",))
    assert "their locks collide" in judged(CHECK, mac(runtime(ended))).summary


def test_a_python_that_hangs_before_the_import_is_told_as_that() -> None:
    result = judged(CHECK, mac(runtime(outcome(ChildEnd.HUNG, seconds=60.0, stage=None))))
    assert result.summary == "The target's Python gave no answer in 60 s, not even before the import."


def test_a_hang_at_work_is_not_of_this_check() -> None:
    later = outcome(ChildEnd.HUNG, stage="matmul")
    assert judged(CHECK, mac(runtime(later, imports=True))).status is Status.PASS


def test_a_death_is_not_of_this_check() -> None:
    assert judged(CHECK, mac(runtime(outcome(ChildEnd.DIED, signal="SIGILL")))).status is Status.PASS


def test_unknown_is_not_a_pass() -> None:
    assert judged(CHECK, Facts()).skip is SkipKind.UNKNOWN
