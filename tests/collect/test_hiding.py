"""What hides the GPU, read from files without running them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from m1doctor.collect.hiding import hidden_in_source, hiding_causes
from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.world import Uname
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.runtime import HidingCause

SITE = "/Users/me/tf/lib/python3.11/site-packages"
LINE = "tf.config.set_visible_devices([], 'GPU')"


def world(root: Path, files: dict[str, str], **environ: str) -> RecordedWorld:
    for path, text in files.items():
        place = root / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return RecordedWorld(
        uname=Uname("Darwin", "24.0.0", "Darwin Kernel", "arm64"),
        root=root,
        environ=environ,
        cwd=Path("/Users/me/project"),
        home=Path("/Users/me"),
    )


def causes(
    root: Path, files: dict[str, str], path: tuple[str, ...] | None = None, **environ: str
) -> tuple[HidingCause, ...]:
    return hiding_causes(world(root, files, **environ), Interpreter(site_folders=(SITE,)), path)


@pytest.mark.parametrize(
    "source",
    [
        LINE,
        "tf.config.set_visible_devices([], device_type='GPU')",
        "tf.config.experimental.set_visible_devices(devices=[], device_type='GPU')",
        "tf.config.set_visible_devices((), 'GPU')",
        "tf.config.set_visible_devices([])",
        "from tensorflow.config import set_visible_devices as s, set_visible_devices\nset_visible_devices([], 'GPU')",
        "tf.config.set_visible_devices(tf.config.list_physical_devices('CPU'))",
        "try:\n    import tensorflow as tf\n    tf.config.set_visible_devices([], 'GPU')\nfinally:\n    pass",
        "import os\nos.environ['TF_DISABLE_METAL'] = '1'",
        "import os\nos.environ.setdefault('TF_DISABLE_METAL', 'yes')",
        "import os\nos.putenv('TF_DISABLE_METAL', '1')",
    ],
)
def test_every_certain_way_to_hide_the_gpu_is_seen(source: str) -> None:
    (cause,) = hidden_in_source(source, "/x.py")
    assert cause.source == "/x.py"
    assert cause.what in source
    assert cause.line is not None


@pytest.mark.parametrize(
    "source",
    [
        "",
        "# tf.config.set_visible_devices([], 'GPU')",
        "tf.config.set_visible_devices([], 'CPU')",
        "tf.config.set_visible_devices(gpus[0], 'GPU')",
        "tf.config.set_visible_devices(gpus, 'GPU')",
        "tf.config.set_visible_devices(tf.config.list_physical_devices('CPU'), 'CPU')",
        "tf.config.set_visible_devices(tf.config.list_physical_devices('GPU'))",
        "print(\"tf.config.set_visible_devices([], 'GPU')\")",
        "os.environ['TF_DISABLE_METAL'] = '0'",
        "os.environ['TF_DISABLE_METAL'] = ''",
        "os.environ['CUDA_VISIBLE_DEVICES'] = ''",
        "settings['TF_DISABLE_METAL'] = '1'",
        "this is no python (",
        "\0",
    ],
)
def test_what_is_not_certain_is_not_claimed(source: str) -> None:
    assert hidden_in_source(source, "/x.py") == []


def test_the_line_is_quoted_with_its_number() -> None:
    (cause,) = hidden_in_source(f"import tensorflow as tf\n\n    \n{LINE}  # on purpose\n", "/x.py")
    assert (cause.line, cause.what) == (4, f"{LINE}  # on purpose")


def test_an_environment_variable_is_a_cause_unless_its_value_is_harmless(tmp_path: Path) -> None:
    (cause,) = causes(tmp_path, {}, TF_DISABLE_METAL="1", CUDA_VISIBLE_DEVICES="-1")
    assert (cause.source, cause.what, cause.provider) == ("environment", "TF_DISABLE_METAL=1", "community")
    assert causes(tmp_path, {}, TF_DISABLE_METAL="0") == ()


def test_the_first_sitecustomize_on_the_path_counts(tmp_path: Path) -> None:
    files = {"/first/sitecustomize.py": "", f"{SITE}/sitecustomize.py": LINE, f"{SITE}/usercustomize.py": LINE}
    assert [cause.source for cause in causes(tmp_path, files, ("/first", SITE))] == [f"{SITE}/usercustomize.py"]
    assert [cause.source for cause in causes(tmp_path, files, (SITE, "/first"))] == [
        f"{SITE}/sitecustomize.py",
        f"{SITE}/usercustomize.py",
    ]


def test_without_a_known_path_pythonpath_and_the_site_folders_serve(tmp_path: Path) -> None:
    files = {"/Users/me/project/lib/sitecustomize.py": LINE}
    (cause,) = causes(tmp_path, files, PYTHONPATH="/nowhere:lib")
    assert cause.source == "/Users/me/project/lib/sitecustomize.py"


def test_import_lines_of_path_files_are_followed_one_step(tmp_path: Path) -> None:
    files = {
        f"{SITE}/a.pth": "/some/folder\nimport os; os.environ['TF_DISABLE_METAL'] = '1'\n",
        f"{SITE}/b.pth": "import _hide\n",
        f"{SITE}/_hide.py": f"import tensorflow as tf\n{LINE}\n",
        f"{SITE}/c.txt": f"import tensorflow as tf; {LINE}\n",
        f"{SITE}/d.pth": f"# import tensorflow as tf; {LINE}\n",
    }
    found = [(cause.source, cause.line) for cause in causes(tmp_path, files)]
    assert found == [(f"{SITE}/a.pth", 2), (f"{SITE}/_hide.py", 2)]


def test_files_of_interactive_sessions_are_told_as_that(tmp_path: Path) -> None:
    files = {
        "/Users/me/.pythonrc": LINE,
        "/Users/me/.ipython/profile_default/startup/00-tf.py": LINE,
        "/Users/me/.ipython/profile_default/startup/README": LINE,
    }
    found = causes(tmp_path, files, PYTHONSTARTUP="/Users/me/.pythonrc")
    assert [(cause.source, cause.when) for cause in found] == [
        ("/Users/me/.pythonrc", "in interactive sessions"),
        ("/Users/me/.ipython/profile_default/startup/00-tf.py", "in interactive sessions"),
    ]


def test_a_folder_a_pipe_and_a_huge_file_in_place_of_a_start_up_file_are_passed_over(tmp_path: Path) -> None:
    files = {f"{SITE}/sitecustomize.py/x": "", f"{SITE}/usercustomize.py": "#" * 300_000 + f"\n{LINE}"}
    assert causes(tmp_path, files, (SITE,)) == ()


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_exception(source: str) -> None:
    hidden_in_source(source, "/x.py")


@given(st.sampled_from(["(", "[", "-", "not ", "lambda:", "f(", "x."]), st.integers(1, 20_000))
def test_deep_nesting_is_read_without_an_exception(piece: str, times: int) -> None:
    hidden_in_source(piece * times + LINE, "/x.py")
