"""The observer's report as facts: the process is the user's, and may write anything."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from m1doctor.collect.profile.inside import DOOR, read_inside, with_door
from m1doctor.model.profile import Inside
from m1doctor.model.unknown import Unknown

STATE = {
    "seconds": 9.0,
    "last": True,
    "versions": {"tensorflow": "2.18.1"},
    "fit": {"count": 100, "median_seconds": 0.02, "periods": [0.02, 0.03]},
    "loop": {"count": 0, "median_seconds": None, "periods": []},
    "wait": {"seconds": 1.5, "requests": 100, "examples": 3200},
    "first_step_seconds": 4.0,
    "last_step_seconds": 7.0,
    "devices": {"gpus": ["GPU:0"], "visible_gpus": []},
    "graph": {"operations": 300, "heavy_devices": {"CPU:0": 5}, "without_gpu_kernel": {"Einsum (float32)": 2}},
    "model": {"class": "Sequential", "optimizer": "keras.Adam", "variables": 4, "device": None},
    "functions": [{"name": "step", "site": "train.py:9", "made": 1, "traces": 40}],
    "stages": [{"name": "Map", "elements": 9, "busy_seconds": 1.0, "parallelism": None}],
    "troubles": [],
}


def report(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "report"
    path.write_text("\n".join(lines))
    return path


def test_the_last_whole_line_counts(tmp_path: Path) -> None:
    earlier = json.dumps({**STATE, "last": False, "fit": {"count": 3}})
    found = read_inside(report(tmp_path, earlier, json.dumps(STATE), '{"fit": {"cou'))
    assert isinstance(found, Inside)
    assert found.complete
    assert found.steps.count == 100
    assert found.wait_share == 0.5
    assert found.batch == 32
    assert found.visible_gpus == ()
    assert found.functions[0].traces == 40


def test_a_script_without_a_step_leaves_its_times_unknown_with_a_reason(tmp_path: Path) -> None:
    found = read_inside(report(tmp_path, json.dumps({"last": True})))
    assert isinstance(found, Inside)
    assert found.wait_share is None
    assert found.gpus is None
    assert "no training step" in found.unknown["wait_seconds"].reason


def test_an_empty_report_is_unknown(tmp_path: Path) -> None:
    assert isinstance(read_inside(report(tmp_path, "")), Unknown)
    assert isinstance(read_inside(tmp_path / "nowhere"), Unknown)


def test_the_users_pythonpath_stays_behind_the_door() -> None:
    environ = with_door({"PYTHONPATH": "/mine", "HOME": "/me"}, Path("/report"))
    assert environ["PYTHONPATH"] == f"{DOOR}:/mine"
    assert environ["M1DOCTOR_INSIDE_PYTHONPATH"] == "/mine"
    assert "M1DOCTOR_INSIDE_PYTHONPATH" not in with_door({}, Path("/report"))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.sampled_from(list(STATE)), children),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(list(STATE)), json_values))
def test_any_state_is_survived(tmp_path: Path, state: object) -> None:
    read_inside(report(tmp_path, json.dumps(state)))
