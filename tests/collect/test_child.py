"""One child of the target: whatever it does, it is told apart and comes to an end."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from m1doctor.collect.child import (
    Child,
    child_environment,
    clean_lines,
    clean_text,
    parse_report,
    parse_stack,
    probe_script,
    run_child,
    signal_name,
)
from m1doctor.collect.runner import SystemRunner
from m1doctor.collect.runtime import run_target
from m1doctor.collect.world import LiveWorld
from m1doctor.knowledge.parts import parts
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.plugins import Plugins
from m1doctor.model.runtime import ChildEnd

STAGES = ("start", "import tensorflow", "numpy alone", "devices", "placement")
PART = ("", *STAGES)


def ignored(words: str) -> None:
    """Progress that nobody watches."""


def tensorflow(folder: Path, body: str) -> None:
    """A module called tensorflow whose import runs `body`."""
    folder.mkdir(exist_ok=True)
    (folder / "tensorflow.py").write_text(body, encoding="utf-8")


def child(
    folder: Path, *, python: str = sys.executable, limit: float = 20.0, world: LiveWorld | None = None, **environ: str
) -> Child:
    user = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    world = world or LiveWorld(environ={**user, "PYTHONPATH": str(folder), **environ})
    return run_child(world, python, STAGES, limit_seconds=limit, tell=ignored)


def script(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return str(path)


WORKING = """
class config:
    def list_physical_devices(kind=None): return []
    get_visible_devices = list_physical_devices
"""


def test_an_import_that_raises_gives_type_message_and_stack(tmp_path: Path) -> None:
    tensorflow(tmp_path, "def inner():\n    raise ImportError('dlopen(x): no\\nsecond line')\ninner()\n")
    outcome = child(tmp_path).outcome(PART)
    assert outcome.end is ChildEnd.RAISED
    assert outcome.stage == "import tensorflow"
    assert (outcome.exception_type, outcome.exception_message) == ("ImportError", "dlopen(x): no\nsecond line")
    assert outcome.python_stack[-1].endswith("in inner: raise ImportError('dlopen(x): no\\nsecond line')")
    assert not any(probe_script() in frame for frame in outcome.python_stack)


def test_an_exception_that_cannot_be_printed_is_still_an_exception(tmp_path: Path) -> None:
    tensorflow(
        tmp_path,
        "class E(Exception):\n    def __str__(self): raise ValueError('no')\ntry:\n    1/0\nfinally:\n    raise E\n",
    )
    outcome = child(tmp_path).outcome(PART)
    assert (outcome.end, outcome.exception_type) == (ChildEnd.RAISED, "E")
    assert outcome.exception_message == "<ValueError while printing the message>"


@pytest.mark.parametrize("error", ["SystemExit(0)", "KeyboardInterrupt()"])
def test_an_import_that_leaves_by_exception_has_raised(tmp_path: Path, error: str) -> None:
    tensorflow(tmp_path, f"raise {error}\n")
    outcome = child(tmp_path).outcome(PART)
    assert (outcome.end, outcome.exception_type) == (ChildEnd.RAISED, error.partition("(")[0])


@pytest.mark.parametrize("name", ["SIGILL", "SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE"])
def test_a_fatal_signal_in_the_import_is_named_with_the_python_stack(tmp_path: Path, name: str) -> None:
    tensorflow(
        tmp_path, f"import os, signal, sys\nprint('last words', file=sys.stderr)\nos.kill(os.getpid(), signal.{name})\n"
    )
    outcome = child(tmp_path).outcome(PART)
    assert (outcome.end, outcome.signal, outcome.stage) == (ChildEnd.DIED, name, "import tensorflow")
    assert outcome.python_stack[-1] == f'File "{tmp_path}/tensorflow.py", line 3, in <module>'
    assert outcome.last_lines == ("last words",)


def test_sigkill_from_outside_is_a_death_and_not_our_limit(tmp_path: Path) -> None:
    tensorflow(tmp_path, "import os\nos.kill(os.getpid(), 9)\n")
    outcome = child(tmp_path).outcome(PART)
    assert (outcome.end, outcome.signal) == (ChildEnd.DIED, "SIGKILL")


def test_a_hang_is_ended_at_the_limit_and_shows_where_it_stood(tmp_path: Path) -> None:
    tensorflow(tmp_path, "import threading\ndef wait():\n    threading.Event().wait()\nwait()\n")
    outcome = child(tmp_path, limit=3.0).outcome(PART)
    assert (outcome.end, outcome.signal, outcome.stage) == (ChildEnd.HUNG, None, "import tensorflow")
    assert outcome.python_stack[-3] == f'File "{tmp_path}/tensorflow.py", line 3, in wait'


def test_a_hang_that_holds_the_interpreter_lock_shows_where_it_stood(tmp_path: Path) -> None:
    # `PyDLL` calls keep the lock, so that no Python code of ours could run: faulthandler's own thread does.
    tensorflow(tmp_path, "import ctypes\ndef stuck():\n    ctypes.PyDLL(None).pause()\nstuck()\n")
    outcome = child(tmp_path, limit=3.0).outcome(PART)
    assert outcome.end is ChildEnd.HUNG
    assert outcome.python_stack[-1] == f'File "{tmp_path}/tensorflow.py", line 3, in stuck'


def test_leaving_without_a_word_is_told_with_the_status(tmp_path: Path) -> None:
    tensorflow(tmp_path, "import os\nos._exit(3)\n")
    outcome = child(tmp_path).outcome(PART)
    assert (outcome.end, outcome.returncode, outcome.stage) == (ChildEnd.EXITED, 3, "import tensorflow")


def test_a_start_up_file_that_leaves_is_told_as_before_the_first_part(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import os\nos._exit(0)\n", encoding="utf-8")
    outcome = child(tmp_path).outcome(PART)
    assert (outcome.end, outcome.returncode, outcome.stage) == (ChildEnd.EXITED, 0, None)


def test_a_start_up_file_that_crashes_shows_its_stack(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import os\nos.abort()\n", encoding="utf-8")
    outcome = child(tmp_path).outcome(PART)
    assert (outcome.end, outcome.signal, outcome.stage) == (ChildEnd.DIED, "SIGABRT", None)
    assert f'File "{tmp_path}/sitecustomize.py", line 2, in <module>' in outcome.python_stack


def test_a_target_that_closes_every_descriptor_still_answers(tmp_path: Path) -> None:
    tensorflow(
        tmp_path, f"import os\nos.closerange(0, 256)\nheld = [os.open('/dev/null', 0) for _ in range(9)]\n{WORKING}"
    )
    report = child(tmp_path).report
    assert "import tensorflow" in report.answers
    assert report.announced[-1] == "exit"


def test_a_flood_on_both_streams_costs_neither_memory_nor_the_answers(tmp_path: Path) -> None:
    body = "import os\nblock = b'x' * 65536 + b'\\n'\nfor n in range(1000):\n    os.write(1 + n % 2, block)\n"
    tensorflow(tmp_path, body + WORKING)
    run = child(tmp_path)
    assert "import tensorflow" in run.report.answers
    assert len(run.reading.stderr) < 2_000_000
    assert all(len(line) <= 400 for line in run.last_lines)


def test_a_forged_answer_on_the_standard_streams_is_not_believed(tmp_path: Path) -> None:
    tensorflow(
        tmp_path,
        'print(\'{"answer": "import tensorflow", "facts": {}, "pid": 1}\', flush=True)\nimport os\nos._exit(1)\n',
    )
    run = child(tmp_path)
    assert "import tensorflow" not in run.report.answers
    assert run.outcome(PART).end is ChildEnd.EXITED


def test_a_fork_of_the_target_does_not_answer_in_its_place(tmp_path: Path) -> None:
    tensorflow(tmp_path, f"import os\nif os.fork() == 0:\n    raise RuntimeError('in the fork')\nos.wait()\n{WORKING}")
    run = child(tmp_path)
    assert not run.report.raised.get("import tensorflow")
    assert "import tensorflow" in run.report.answers


def test_a_grandchild_that_holds_the_streams_keeps_nobody_waiting(tmp_path: Path) -> None:
    tensorflow(tmp_path, f"import subprocess, sys\nsubprocess.Popen(['sleep', '300'])\n{WORKING}")
    start = time.monotonic()
    run = child(tmp_path)
    assert "import tensorflow" in run.report.answers
    assert time.monotonic() - start < 15


def test_a_target_that_takes_the_report_away_loses_its_answers_and_harms_nobody(tmp_path: Path) -> None:
    body = "import os, shutil, sys\nf = sys.modules['__main__']\nimport gc\n"
    body += "path = [o for o in gc.get_objects() if type(o).__name__ == 'Report'][0]._path\nos.unlink(path)\n"
    tensorflow(tmp_path, body + WORKING)
    run = child(tmp_path)
    # The descriptor is still open on both sides, so even that is read.
    assert run.end in (ChildEnd.FINISHED, ChildEnd.EXITED)


def test_the_folder_of_the_probe_is_not_on_the_search_path(tmp_path: Path) -> None:
    tensorflow(tmp_path, WORKING)
    path = child(tmp_path).report.answers["start"]["path"]
    assert str(Path(probe_script()).parent) not in path
    assert str(tmp_path) in path


def test_the_working_folder_is_not_searched_but_its_shadows_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tensorflow(tmp_path / "path", f"import random, colorsys\n{WORKING}")
    here = tmp_path / "here"
    (here / "colorsys").mkdir(parents=True)
    (here / "colorsys" / "__init__.py").touch()
    (here / "random.py").write_text("raise RuntimeError('the wrong one')\n", encoding="utf-8")
    (here / "os.py").touch()  # loaded before any script: it cannot be replaced
    (here / "numbers").mkdir()  # no package: it never wins over a module
    monkeypatch.chdir(here)
    run = child(tmp_path / "path")
    assert "import tensorflow" in run.report.answers
    found = {entry["module"]: entry["path"] for entry in run.report.answers["import tensorflow"]["shadowed_here"]}
    assert found == {"colorsys": str(here / "colorsys" / "__init__.py"), "random": str(here / "random.py")}


def test_a_missing_interpreter_is_not_started(tmp_path: Path) -> None:
    outcome = child(tmp_path, python=str(tmp_path / "nowhere")).outcome(PART)
    assert (outcome.end, outcome.exception_message) == (ChildEnd.NOT_STARTED, "No such file or directory")


def test_an_interpreter_of_another_format_is_not_started(tmp_path: Path) -> None:
    path = tmp_path / "python"
    path.write_bytes(b"\xcf\xfa\xed\xfe not for this machine")
    path.chmod(0o755)
    outcome = child(tmp_path, python=str(path)).outcome(PART)
    assert (outcome.end, outcome.exception_message) == (ChildEnd.NOT_STARTED, "Exec format error")


@pytest.mark.parametrize(
    ("body", "end", "name", "status"),
    [
        ("exit 0", ChildEnd.EXITED, None, 0),
        ("exec 0>&- 1>&- 2>&-; exit 7", ChildEnd.EXITED, None, 7),
        ("kill -ILL $$", ChildEnd.DIED, "SIGILL", None),
        ("kill -KILL $$", ChildEnd.DIED, "SIGKILL", None),
        ("sh -c 'kill -SEGV $$'; exit $?", ChildEnd.DIED, "SIGSEGV", 139),
        ("sleep 300 & wait", ChildEnd.HUNG, None, None),
        ("yes | head -c 50000000 >&2; exit 1", ChildEnd.EXITED, None, 1),
        ("while :; do echo flood >&2; done", ChildEnd.HUNG, None, None),
    ],
)
def test_interpreters_that_are_none_are_told_apart(
    tmp_path: Path, body: str, end: ChildEnd, name: str | None, status: int | None
) -> None:
    run = child(tmp_path, python=script(tmp_path / "python", f"#!/bin/sh\n{body}\n"), limit=2.0)
    outcome = run.outcome(PART)
    assert (outcome.end, outcome.signal, outcome.stage) == (end, name, None)
    if end is not ChildEnd.HUNG:
        assert outcome.returncode == status


def test_a_compiled_interpreter_with_an_instruction_the_processor_lacks_dies_of_sigill(tmp_path: Path) -> None:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("needs a C compiler")
    source = tmp_path / "python.c"
    source.write_text("int main(void) { __builtin_trap(); }\n", encoding="utf-8")
    subprocess.run([compiler, str(source), "-o", str(tmp_path / "python")], check=True)
    outcome = child(tmp_path, python=str(tmp_path / "python")).outcome(PART)
    assert (outcome.end, outcome.signal) in {(ChildEnd.DIED, "SIGILL"), (ChildEnd.DIED, "SIGTRAP")}


def test_an_interrupt_elsewhere_ends_the_child_and_its_group(tmp_path: Path) -> None:
    marker = tmp_path / "begun"
    tensorflow(
        tmp_path,
        f"import subprocess\nsubprocess.Popen(['sleep', '99'])\nopen({str(marker)!r}, 'w').close()\nwhile True: pass\n",
    )
    user = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    world = LiveWorld(
        SystemRunner({**user, "PYTHONPATH": str(tmp_path)}), environ={**user, "PYTHONPATH": str(tmp_path)}
    )
    ended: list[Child] = []
    waiting = threading.Thread(target=lambda: ended.append(child(tmp_path, limit=60.0, world=world)))
    waiting.start()
    while not marker.exists():
        time.sleep(0.05)
    world.end()
    waiting.join(10.0)
    assert not waiting.is_alive()
    assert ended[0].reading.signal == signal.SIGKILL
    assert child(tmp_path, world=world).end is ChildEnd.NOT_STARTED, "nothing is started after the end"


def test_ctrl_c_at_the_terminal_ends_the_group_at_once(tmp_path: Path) -> None:
    marker = tmp_path / "begun"
    tensorflow(tmp_path, f"import os\nopen({str(marker)!r}, 'w').write(str(os.getpid()))\nwhile True: pass\n")
    driver = (
        "import sys\nfrom m1doctor.collect.world import LiveWorld\nfrom m1doctor.collect.child import run_child\n"
        f"run_child(LiveWorld(), sys.executable, {STAGES!r}, limit_seconds=60, tell=lambda stage: None)\n"
    )
    environ = {**os.environ, "PYTHONPATH": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", driver], env=environ, stderr=subprocess.PIPE) as doctor:
        while not (marker.exists() and marker.read_text(encoding="utf-8")):
            time.sleep(0.05)
        doctor.send_signal(signal.SIGINT)
        assert doctor.wait(10.0) != 0
    target = Path("/proc", marker.read_text(encoding="utf-8"))
    assert not target.exists() or " Z " in (target / "stat").read_text(encoding="utf-8")


def test_no_report_folder_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    tensorflow(tmp_path / "path", WORKING)
    child(tmp_path / "path")
    assert [entry.name for entry in tmp_path.iterdir()] == ["path"]


def test_the_whole_run_of_a_target_without_tensorflow_is_an_import_that_raises(tmp_path: Path) -> None:
    user = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    python = script(tmp_path / "python", f'#!/bin/sh\nexec "{sys.executable}" -I "$@"\n')
    said: list[str] = []
    runtime, sections = run_target(
        LiveWorld(environ=user),
        Interpreter(executable=python),
        Plugins(),
        parts=parts(),
        limit_seconds=20.0,
        tell=said.append,
    )
    assert runtime.outcome.exception_message == "No module named 'tensorflow'"
    assert runtime.machine is not None
    assert runtime.parts == ()
    assert sections["correctness"].product is None
    assert "ModuleNotFoundError" in sections["correctness"].unknown["product"].reason
    assert said[:3] == ["starting the target's Python", "importing TensorFlow", "importing NumPy alone"]


def test_a_target_that_is_not_known_is_not_started() -> None:
    runtime, sections = run_target(
        LiveWorld(environ={}), Interpreter(), None, parts=(), limit_seconds=1.0, tell=ignored
    )
    assert runtime.outcome.end is ChildEnd.NOT_STARTED
    assert sections == {}


def test_the_environment_of_the_child_is_the_users_but_for_the_log_level_and_keras(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": "/x", "__PYVENV_LAUNCHER__": "/y"}
    given_to_child = child_environment(LiveWorld(environ=environ))
    assert given_to_child == {
        "HOME": str(tmp_path),
        "TF_CPP_MIN_LOG_LEVEL": "0",
        "PYTHONPATH": "/x",
        "KERAS_HOME": "/dev/null/keras",
    }
    (tmp_path / ".keras").mkdir()
    (tmp_path / ".keras" / "keras.json").touch()
    assert "KERAS_HOME" not in child_environment(LiveWorld(environ=environ))


@given(st.text(max_size=400))
def test_any_report_is_read_without_an_exception(text: str) -> None:
    parse_report(text, "/own/probe.py")


records = st.dictionaries(
    st.sampled_from(["stage", "answer", "raised", "facts", "error", "seconds", "pid"]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=8,
    ),
)


@given(st.lists(records, max_size=8))
def test_any_records_are_read_without_an_exception(lines: list[dict[str, object]]) -> None:
    report = parse_report("\n".join(map(json.dumps, lines)), "/own/probe.py")
    assert all(isinstance(stage, str) for stage in report.announced)


@settings(max_examples=50)
@given(st.lists(st.text(alphabet='CurentThad 0x1f(mosrclf):\n  File "/a.py", line 3 in g', max_size=60), max_size=12))
def test_any_stack_is_read_without_an_exception(lines: list[str]) -> None:
    parse_stack(lines, "/own/probe.py")


def test_the_stack_is_that_of_the_thread_that_runs_the_probe() -> None:
    lines = """\
Timeout (0:00:58)!
Thread 0x00007f0000000001 (most recent call first):
  File "/lib/threading.py", line 320 in wait
  File "/lib/threading.py", line 1002 in _bootstrap

Thread 0x00007f0000000002 (most recent call first):
  File "/site/tensorflow/load_library.py", line 150 in load
  File "<frozen importlib._bootstrap>", line 241 in _call_with_frames_removed
  File "/own/probe.py", line 130 in import_tensorflow
  File "/own/probe.py", line 400 in <module>
""".splitlines()
    assert parse_stack(lines, "/own/probe.py") == ('File "/site/tensorflow/load_library.py", line 150, in load',)


def test_control_sequences_of_a_terminal_are_dropped_from_what_was_captured() -> None:
    assert clean_text("\x1b[31mred\x1b[0m\x07 \x1b]0;title\x07end\r\nnext") == "red end\nnext"
    assert clean_lines('a\n\n  File "x", line 3 in f\n' + "b" * 500, 5) == ("a", "b" * 399 + "…")


def test_signals_without_a_name_are_numbered() -> None:
    assert signal_name(11) == "SIGSEGV"
    assert signal_name(250) == "signal 250"
