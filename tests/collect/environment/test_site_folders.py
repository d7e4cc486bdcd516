from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from m1doctor.collect.environment.site_folders import parse_pth


def test_only_lines_that_name_a_folder_count() -> None:
    text = "# comment\n/opt/a\n\nimport os; os.system('no')\nimport\tsite\n../b  \nimportant/folder\nnul\0\n"
    assert parse_pth(text) == ["/opt/a", "../b", "important/folder"]


def test_a_line_longer_than_any_path_is_no_folder() -> None:
    assert parse_pth("x" * 5000) == []


@given(st.text())
def test_any_text_gives_lines_that_run_nothing(text: str) -> None:
    for line in parse_pth(text):
        assert line.strip()
        assert not line.startswith(("import ", "import\t", "#"))
        assert "\n" not in line
