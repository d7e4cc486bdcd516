"""The reader: bounded, exact in its line numbers, and indifferent to how the bytes arrive."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import logs
from m1doctor.knowledge.log_lines import wordings
from m1doctor.support.log import reader
from m1doctor.support.log.clean import clean
from m1doctor.support.log.literals import Automaton, OneByOne
from m1doctor.support.log.reader import read_log

DEATH = "zsh: illegal hardware instruction  python"
EXAMPLES = [example for wording in wordings().values() for example in wording.examples]


class Dripping(io.RawIOBase):
    """A stream that gives as little as it likes."""

    def __init__(self, content: bytes, seed: int) -> None:
        self._content = content
        self._chance = random.Random(seed)  # noqa: S311 - a test

    def read(self, size: int = -1) -> bytes:
        piece = self._content[: min(self._chance.randint(1, 40), size if size > 0 else 40)]
        self._content = self._content[len(piece) :]
        return piece


class Endless(io.RawIOBase):
    """A long stream that is never in memory as a whole."""

    def __init__(self, block: bytes, times: int) -> None:
        self._blocks: Iterator[bytes] = iter([block] * times)

    def read(self, size: int = -1) -> bytes:
        del size
        return next(self._blocks, b"")


@given(st.binary(max_size=4000))
def test_no_bytes_are_too_strange(content: bytes) -> None:
    log = logs.read(content)
    assert log.bytes == len(content)
    assert log.lines == content.count(b"\n") + (not content.endswith(b"\n") and content != b"")
    assert log.known_lines + log.unknown_lines <= log.lines


@given(st.text(max_size=2000))
def test_text_that_holds_nothing_known_names_nothing(text: str) -> None:
    log = logs.read(text)
    assert [sighting for sighting in log.sightings if sighting.kind not in wordings()] == []


@given(st.lists(st.sampled_from([*EXAMPLES, "", "x", "\r", "\ufffd"]), max_size=12), st.integers(0, 2**16))
@settings(max_examples=60)
def test_how_the_bytes_arrive_changes_nothing(parts: list[str], seed: int) -> None:
    content = "\n".join(parts).encode()
    assert read_log(Dripping(content, seed), "x") == read_log(io.BytesIO(content), "x")


@given(st.lists(st.sampled_from(EXAMPLES), max_size=6))
@settings(max_examples=60)
def test_both_searches_find_the_same(parts: list[str]) -> None:
    literals = sorted({literal.encode() for wording in wordings().values() for literal in wording.literals})
    fast, slow = Automaton(literals), OneByOne(literals)
    for line in "\n".join(parts).encode().split(b"\n"):
        assert fast.within(line) == slow.within(line)
        assert bool(fast.positions(line)) == bool(slow.positions(line))
        assert set(fast.positions(line)) <= set(slow.positions(line))


@pytest.mark.parametrize("before", [0, 1, 11, 12, 13, 1000, 40_000])
def test_a_line_is_named_by_its_number(before: int) -> None:
    log = logs.read("nothing\n" * before + DEATH + "\nnothing\n")
    (sighting,) = log.sightings
    assert sighting.line == before + 1
    assert sighting.quote[0].text == DEATH
    assert log.lines == before + 2
    assert log.known_lines == 1
    assert log.unknown_lines == before + 1


def test_a_literal_on_the_edge_of_two_blocks_is_found() -> None:
    for shift in range(-40, 40, 7):
        filler = b"x" * (reader.BLOCK - len(DEATH) // 2 + shift) + b"\n"
        assert [sighting.line for sighting in logs.read(filler + DEATH.encode()).sightings] == [2]


@pytest.mark.parametrize("length", [5_000, 100_000, 3_000_000])
def test_a_literal_in_a_very_long_line_is_found(length: int) -> None:
    line = "x " * (length // 2)
    for text in (f"{line}\n{line}{DEATH}", f"{line}\n{line}{DEATH} {line}\nend"):
        sightings = logs.read(text).sightings
        assert {(sighting.kind, sighting.line) for sighting in sightings} == {("death-by-illegal-instruction", 2)}


def test_a_long_log_is_read_in_little_memory() -> None:
    import tracemalloc  # noqa: PLC0415 - only here

    line = b"2024-01-01 10:00:00: I tensorflow/core/x.cc:1] MatMul " + b"y" * 10_000 + b"\n"
    block = line * (reader.BLOCK // len(line))
    logs.read(DEATH)  # what is built once
    tracemalloc.start()
    try:
        log = read_log(Endless(block, 400), "x")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert log.bytes == 400 * len(block)
    assert most < 12 * 2**20


def test_a_log_full_of_one_wording_keeps_few_sightings_and_the_right_count() -> None:
    line = "Failed to get CPU frequency: 0 Hz\n"
    (sighting,) = logs.read(line * 30_000).sightings
    assert sighting.count == 30_000
    log = logs.read(
        "".join(f"No registered 'Op{number}' OpKernel for 'GPU' devices compatible\n" for number in range(9000))
    )
    assert len(log.sightings) <= 20
    assert log.known_lines == 9000


def test_the_count_of_a_frequent_cause_is_that_of_its_lines() -> None:
    log = logs.read("Error: command buffer exited with error status.\n" * 5000)
    assert sum(sighting.count for sighting in log.sightings) == 5000


def test_unknown_errors_are_counted_and_sampled_and_others_are_not_called_errors() -> None:
    log = logs.read("all is well\nFooError: the bar broke\nall is well\nBazError: again\n")
    assert log.unknown_lines == 4
    assert log.unknown_errors == 2
    assert [quote.line for quote in log.unknown_sample] == [2, 4]
    calm = logs.read("all is well\n\nstill well\n")
    assert (calm.unknown_lines, calm.unknown_errors) == (2, 0)
    assert [quote.text for quote in calm.unknown_sample] == ["all is well", "still well"]


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (b"\x1b[0;31mImportError\x1b[0m: no", ["ImportError: no"]),
        (b"[0;31mImportError[0m: no", ["ImportError: no"]),
        (b"  1%\r  2%\r  3% done\r\n", ["  1%", "  2%", "  3% done"]),
        (b'    "\\u001b[0;31mNotFoundError\\u001b[0m: dlopen\\n",', ["NotFoundError: dlopen"]),
        (b'"a\\nb"', ["a", "b"]),
        ("\u2018x\u2019 \u201cy\u201d\u00a0z".encode(), ["'x' \"y\" z"]),
        (b"a &lt;b&gt; &#39;c&#39;", ["a <b> 'c'"]),
        (b"\x1b]0;title\x07text", ["text"]),
        (b"caf\xe9", ["caf\N{REPLACEMENT CHARACTER}"]),
        (b"", [""]),
        (b"array[0] and matrix[1;2]", ["array[0] and matrix[1;2]"]),
        (b"2024-05-01T12:00:00.1234567Z ##[error]Killed: 9", ["Killed: 9"]),
        (b"build\tInstall\t2024-05-01T12:00:00Z   File", ["  File"]),
        (b"[12:00:01] Killed: 9", ["Killed: 9"]),
        (b"trainer-1  | Killed: 9", ["Killed: 9"]),
        (b"#12 3.456 Killed: 9", ["Killed: 9"]),
        (b"May  1 12:00:00 mac python[123]: Killed: 9", ["Killed: 9"]),
        (b"> > Killed: 9", ["Killed: 9"]),
        (b">>> import x", [">>> import x"]),
        (b">       import x", [">       import x"]),
        (b'{"log":"Killed: 9\\n","stream":"stderr","time":"2024-05-01T12:00:00Z"}', ["Killed: 9"]),
        (b'<span class="ansi-red-fg">E</span>: in &lt;module&gt;<br/>', ["E: in <module>"]),
        (b"Referenced from: <D2EF42E3> /x", ["Referenced from: <D2EF42E3> /x"]),
        (b"2024-01-01 10:00:00.1: I tensorflow/core/x.cc:1] y", ["2024-01-01 10:00:00.1: I tensorflow/core/x.cc:1] y"]),
    ],
)
def test_a_line_is_cleaned_of_what_a_terminal_or_a_page_added(raw: bytes, wanted: list[str]) -> None:
    assert clean(raw) == wanted


@given(st.binary(max_size=600))
def test_cleaning_never_fails_and_leaves_no_line_end(raw: bytes) -> None:
    assert all("\n" not in line and "\r" not in line for line in clean(raw.replace(b"\n", b" ")))


@pytest.mark.parametrize(
    "unit",
    [
        "a-",
        "'",
        ":",
        "= ",
        "/a",
        "but ",
        "python -a ",
        "A1 ",
        "a.b-c 1.2 requires ",
        '"  ',
        "[",
        "Because ",
        "F ",
        "0 ",
        "list_physical_devices('GPU') ",
        "dlopen(",
        "tried: '",
        "Referenced from: ",
        "Could not find a version that satisfies the requirement ",
        "exit code ",
        "\x1b[",
        "\\n",
    ],
)
def test_hostile_repetition_comes_to_an_end(unit: str) -> None:
    prefix = (
        "Library not loaded: is not a supported wheel No registered ' exit code bad interpreter perhaps a typo Error: "
    )
    assert logs.read(f"{prefix}{unit * (20_000 // len(unit))}\n" * 3).lines == 3
