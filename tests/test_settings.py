from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from m1doctor import settings as module
from m1doctor.model.finding import Level
from m1doctor.settings import FailOn, Ignore, Settings, SettingsError, find_settings


def pyproject(folder: Path, table: str) -> Settings:
    (folder / "pyproject.toml").write_text(f"[project]\nname = 'x'\n[tool.m1doctor]\n{table}\n")
    return find_settings(folder)


def test_everything_that_can_be_said_is_read(tmp_path: Path) -> None:
    settings = pyproject(
        tmp_path,
        """
        select = ["LNK", "TF001"]
        ignore = { MAC004 = "the build machine is a VM" }
        fail-on = "warning"
        limit = 30
        bench = false
        deep = true
        offline = true
        history = false
        lock = "locks/requirements.txt"
        """,
    )
    assert settings.file == tmp_path / "pyproject.toml"
    assert settings.select == ("LNK", "TF001")
    assert settings.ignore == (Ignore(name="MAC004", reason="the build machine is a VM"),)
    assert settings.fail_on is FailOn.WARNING
    assert (settings.limit, settings.bench, settings.deep, settings.offline) == (30.0, False, True, True)
    assert settings.history is False
    assert settings.lock == tmp_path / "locks/requirements.txt"


def test_our_own_file_needs_no_table(tmp_path: Path) -> None:
    (tmp_path / "m1doctor.toml").write_text('select = ["LNK"]')
    assert find_settings(tmp_path).select == ("LNK",)


def test_our_own_file_goes_before_pyproject(tmp_path: Path) -> None:
    (tmp_path / "m1doctor.toml").write_text('select = ["LNK"]')
    assert pyproject(tmp_path, 'select = ["TF"]').select == ("LNK",)


def test_the_nearest_folder_that_says_something_is_the_only_one_that_counts(tmp_path: Path) -> None:
    pyproject(tmp_path, 'select = ["TF"]\nlimit = 9')
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "a" / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    assert find_settings(inner).select == ("TF",)
    (inner / "m1doctor.toml").write_text("limit = 5")
    assert (find_settings(inner).select, find_settings(inner).limit) == ((), 5.0)


def test_no_settings_say_nothing(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("# for m1doctor\n[project]\nname = 'x'\n")
    settings = find_settings(tmp_path)
    assert (settings.select, settings.ignore, settings.fail_on, settings.lock) == ((), (), None, None)


def test_an_ignore_may_be_a_list_of_tables(tmp_path: Path) -> None:
    assert pyproject(tmp_path, 'ignore = [{ id = "MAC", reason = "no Mac" }]').ignore == (
        Ignore(name="MAC", reason="no Mac"),
    )


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (
            'ignore = ["MAC004"]',
            "tool.m1doctor.ignore.MAC004: an ignored check carries its reason; write ignore = { MAC004 =",
        ),
        ('ignore = { MAC004 = "" }', "tool.m1doctor.ignore.MAC004: an ignored check carries its reason"),
        ('ignore = { MAC004 = "  " }', "tool.m1doctor.ignore.MAC004"),
        (
            "ignore = { MAC004 = true }",
            "tool.m1doctor.ignore.MAC004: an ignored check carries its reason, and True is none",
        ),
        ('ignore = [{ id = "MAC004" }]', "tool.m1doctor.ignore.MAC004"),
        ('ignore = [{ id = "MAC004", why = "x" }]', "tool.m1doctor.ignore: a check and its reason are expected"),
        ('ignore = "MAC004"', "tool.m1doctor.ignore: a table of check = reason is expected, not 'MAC004'"),
        ('select = "LNK"', "tool.m1doctor.select: a list of check ids, prefixes or slugs is expected, not 'LNK'"),
        ("select = [1]", "tool.m1doctor.select"),
        ('select = [""]', "tool.m1doctor.select"),
        ('fail-on = "fatal"', "tool.m1doctor.fail-on: one of note, warning, error, never is expected, not 'fatal'"),
        ("fail-on = 1", "tool.m1doctor.fail-on"),
        ("limit = 0", "tool.m1doctor.limit: a number of seconds above 0 is expected, not 0"),
        ("limit = true", "tool.m1doctor.limit"),
        ("limit = nan", "tool.m1doctor.limit"),
        ("limit = inf", "tool.m1doctor.limit"),
        ('bench = "no"', "tool.m1doctor.bench: true or false is expected, not 'no'"),
        ("lock = 1", "tool.m1doctor.lock: a path is expected, not 1"),
        ('fail_on = "error"', "tool.m1doctor.fail_on: unknown key; did you mean fail-on?"),
        ("x = 1", "tool.m1doctor.x: unknown key; known are select, ignore,"),
    ],
)
def test_what_is_not_understood_is_refused_with_file_and_key(tmp_path: Path, table: str, told: str) -> None:
    with pytest.raises(SettingsError) as error:
        pyproject(tmp_path, table)
    assert str(error.value).startswith(f"{tmp_path / 'pyproject.toml'}, ")
    assert told in str(error.value)


def test_a_table_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool]\nm1doctor = 3\n")
    with pytest.raises(SettingsError, match=r"tool\.m1doctor: a table is expected"):
        find_settings(tmp_path)


def test_broken_toml_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"pyproject.toml: not TOML: .*\(at line 4, column 12\)"):
        pyproject(tmp_path, "select = [ = ]")


def test_a_broken_pyproject_without_a_word_for_us_is_not_our_business(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project\n")
    assert find_settings(tmp_path).file is None


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "m1doctor.toml").write_bytes(b"select = '\xff'")
    with pytest.raises(SettingsError, match=r"m1doctor\.toml: not UTF-8 text"):
        find_settings(tmp_path)


def test_a_folder_of_that_name_is_no_settings(tmp_path: Path) -> None:
    (tmp_path / "m1doctor.toml").mkdir()
    assert find_settings(tmp_path).file is None


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m1doctor.toml").write_text(f"select = {'[' * 5000}{']' * 5000}")
    with pytest.raises(SettingsError):
        find_settings(tmp_path)


def test_no_level_reaches_never() -> None:
    assert all(level.weight < FailOn.NEVER.weight for level in Level)
    assert all(FailOn(level.value).weight == level.weight for level in Level)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(
    st.dictionaries(
        st.sampled_from(["select", "ignore", "fail-on", "limit", "bench", "deep", "offline", "history", "lock", "x"]),
        _VALUES,
    )
)
def test_no_table_makes_another_error_than_ours(table: str) -> None:
    with contextlib.suppress(SettingsError):
        module._settings(Path("m1doctor.toml"), table)
