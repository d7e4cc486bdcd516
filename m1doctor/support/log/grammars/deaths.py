"""The death of a process.

The rules:

1. A signal is named by a shell (zsh, bash, fish; with or without a job number), by Python (*Fatal Python error*,
   *died with <Signals.…>*), by a run configuration, a container or CI (*exit code 134*, which is 128 + 6, or *-6*),
   by TensorFlow (*Received signal 11*), a debugger, or a crash report. Exit codes below 128 are no signals.
2. It happened at the import, where the stack printed with it leads through ``tensorflow/__init__.py``, or where the
   last thing before it is a command that imports TensorFlow, with no sign of work in between. It happened at work
   otherwise: a script that was started gives no other hint.
3. SIGILL is told by itself whatever was under way, SIGKILL comes from outside, all others are told by rule 2.
4. A library that ends its process on purpose says why: a failed check of TensorFlow or protobuf, an uncaught C++
   exception, an assertion of Metal, a complaint of malloc. Rule 2 places it.
5. A notebook's kernel that died names no signal: it is told only where rule 2 places it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from m1doctor.support.log.clues import Clues
from m1doctor.support.log.passage import Found, Line, lines_of, trimmed

_NAMES = {
    "illegal hardware instruction": "SIGILL",
    "illegal instruction": "SIGILL",
    "killed": "SIGKILL",
    "abort": "SIGABRT",
    "aborted": "SIGABRT",
    "abort trap": "SIGABRT",
    "segmentation fault": "SIGSEGV",
    "bus error": "SIGBUS",
    "trace trap": "SIGTRAP",
    "trace/bpt trap": "SIGTRAP",
    "trace/breakpoint trap": "SIGTRAP",
    "floating point exception": "SIGFPE",
    "floating-point exception": "SIGFPE",
}
_NUMBERS = {4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 8: "SIGFPE", 9: "SIGKILL", 10: "SIGBUS", 11: "SIGSEGV"}
_EXCEPTIONS = {"EXC_BAD_INSTRUCTION": "SIGILL", "EXC_BAD_ACCESS": "SIGSEGV", "EXC_BREAKPOINT": "SIGTRAP"}
_WORDS = "|".join(sorted((re.escape(name) for name in _NAMES), key=len, reverse=True))
_SHELL = re.compile(rf"(?i)(?<![a-z/_-])(?:(?:zsh|bash|sh)|fish)(?:: line \d+)?: (?:\d+ )?(?P<words>{_WORDS})(?![\w-])")
"""Not held to the beginning of a line: a progress bar may stand before it."""
_JOB = re.compile(rf"(?i)\[\d+\]\s*[+-]?\s*\d+\s+(?P<words>{_WORDS})\b")
_NUMBERED = re.compile(
    r"(?i)(?:^|[\s'\"`(])(?P<words>illegal instruction|killed|abort trap|segmentation fault|bus error|trace/BPT trap"
    r"|floating point exception): (?:4|5|6|8|9|10|11)\b"
)
_DUMPED = re.compile(rf"(?i)(?:^|[\s>:'\"`])(?P<words>{_WORDS})\s*\(core dumped\)")
_LINE_OF_SCRIPT = re.compile(rf"(?i)line \d+:\s+\d+\s+(?P<words>{_WORDS})\b")
_ALONE = re.compile(rf"(?i)^\W*(?P<words>{_WORDS})(?:[.!]|\s+python[\d.]*\b[^\n]*)?\W*$")
_HARDWARE = re.compile(r"(?i)\b(?P<words>illegal hardware instruction)\b")
_FAULTHANDLER = re.compile(rf"(?i)Fatal Python error: (?P<words>{_WORDS})\b")
_EXIT = re.compile(
    r"(?i)\b(?:exit[ _](?:code|status)|(?:return|error) code|returncode|exited with(?: code| status)?)"
    r"[:=]?\s*(?:of\s+)?\(?(?P<sign>-?)(?P<code>\d{1,3})\b(?!\.\d)"
)
_DOCKER = re.compile(r"\bExited \((?P<code>\d{3})\)")
_SIGNAL_NAME = re.compile(
    r"(?:Signals\.|signal[ :]+\d*[ :(]*|\b(?:received|caught|got|with|by|to|Exception Type:[^\n]{0,60}\()[ :(]*)"
    r"(?P<name>SIG(?:ILL|KILL|ABRT|SEGV|BUS|TRAP|FPE))\b"
)
_RECEIVED = re.compile(
    r"(?i)\b(?:received|caught|killed by|terminated by|fatal|interrupted by|got) signal:? (?P<number>4|5|6|8|9|10|11)\b"
)
_MACH = re.compile(r"\b(?P<exception>EXC_BAD_INSTRUCTION|EXC_BAD_ACCESS|EXC_BREAKPOINT)\b")
_FATAL = re.compile(
    r"""
    (?P<words>\[libprotobuf\ FATAL[^\n]{0,300}
    |\bF\d{0,4}\ [^\n]{0,120}\.(?:cc|h|mm):\d+\]\ [^\n]{0,300}
    |\.(?:cc|h|mm):\d+\]\ (?:Check\ failed:|Non-OK-status)[^\n]{0,300}
    |terminating\ (?:due\ to|with)\ uncaught\ exception\ of\ type[^\n]{0,300}
    |Terminating\ app\ due\ to\ uncaught\ exception[^\n]{0,300}
    |LLVM\ ERROR:[^\n]{0,300}
    |[^\s]{0,200}\.(?:mm|m|cc|cpp|metal):\d+:\ failed\ assertion[^\n]{0,300}
    |-\[\w+\ [^\]]+\]:\d+:\ failed\ assertion[^\n]{0,300}
    |failed\ assertion\ [`'][^\n]{0,300}
    |malloc:\ \*\*\*\ error\ for\ object[^\n]{0,200}
    |\+\[\w+\ \w+\]\ may\ have\ been\ in\ progress\ in\ another\ thread\ when\ fork[^\n]{0,200})
    """,
    re.VERBOSE,
)
_TOLD_BY_ITSELF = re.compile(r"already registered with name|mutex lock failed|Attempting to register factory")
_KERNEL = re.compile(
    r"(?i)kernel (?:for [^\n]{0,120})?appears to have died|kernel (?:has )?(?:crashed|died)|died unexpectedly"
    r"|dead kernel|kernel restarting"
)
_OF_TENSORFLOW = re.compile(r"[/\\]tensorflow[/\\]__init__\.py\"?,? line \d+,? in <module>")
_FRAME = re.compile(r'^\s*File "')
_NO_PROCESS = re.compile(
    r"(?i)command '[^'\n]{0,200}(?:clang|gcc|cc|cmake|make|ninja|ld|cargo|rustc|bazel|swig|setup\.py|git|brew)"
    r"\S{0,40}[' ]"
    r"|clang(?:\+\+)?: error|gmake|ninja: "
)
_KINDS = frozenset({"death-by-illegal-instruction", "death-at-import", "killed", "fatal-check", "kernel-died"})
"""The wordings whose literals bring a line here."""
_STACK_REACH = 60
_COMMAND_REACH = 6


def read(passage: Sequence[Line], clues: Clues) -> Iterator[Found]:
    """Find deaths."""
    last: tuple[int, str] | None = None
    for index, line in lines_of(passage, _KINDS):
        if "fatal-check" in line.kinds and not _TOLD_BY_ITSELF.search(line.text):
            fatal = _FATAL.search(line.text)
            if fatal is not None:
                importing = not clues.at_work(line.number) and _commanded(passage, index, clues)
                kind = "fatal-check-at-import" if importing else "fatal-check"
                details = {"words": trimmed(fatal["words"].lstrip("."), 240)}
                yield Found(kind=kind, first=index, details=details, lines=frozenset({index}))
                continue
        name = signal_of(line.text)
        if name is not None:
            if last is not None and last[1] == name and index - last[0] <= _COMMAND_REACH:
                yield Found(
                    kind="death-again", first=index, lines=frozenset({index})
                )  # Python, then the shell, speak of one death
                continue
            last = (index, name)
            yield _death(passage, index, name, clues)
        elif "kernel-died" in line.kinds and _KERNEL.search(line.text):
            kind = "kernel-died"
            if _commanded(passage, index, clues):
                kind = "kernel-died-at-import"
            elif clues.at_work(line.number):
                kind = "kernel-died-at-work"
            yield Found(kind=kind, first=index, lines=frozenset({index}))


def signal_of(text: str) -> str | None:
    """The signal that a line says a process died of; `None` where it says nothing of the kind."""
    for pattern in (_SHELL, _JOB, _NUMBERED, _DUMPED, _LINE_OF_SCRIPT, _FAULTHANDLER, _HARDWARE, _ALONE):
        found = pattern.search(text)
        if found is not None:
            return _NAMES[found["words"].lower()]
    found = _SIGNAL_NAME.search(text)
    if found is not None:
        return found["name"]
    found = _RECEIVED.search(text)
    if found is not None:
        return _NUMBERS[int(found["number"])]
    found = _MACH.search(text)
    if found is not None and ("stop reason" in text or "Exception Type" in text):
        return _EXCEPTIONS[found["exception"]]
    return _by_exit_code(text)


def _by_exit_code(text: str) -> str | None:
    if _NO_PROCESS.search(text):
        return None
    for found in _EXIT.finditer(text):
        code = int(found["code"])
        if found["sign"]:
            return _NUMBERS.get(code)
        if code > 128:  # noqa: PLR2004 - what shells add to the number of a signal
            return _NUMBERS.get(code - 128)
    docker = _DOCKER.search(text)
    return _NUMBERS.get(int(docker["code"]) - 128) if docker is not None else None


def _death(passage: Sequence[Line], index: int, name: str, clues: Clues) -> Found:
    importing = _stack_imports(passage, index)
    if importing is None:
        importing = not clues.at_work(passage[index].number) and _commanded(passage, index, clues)
    match name:
        case "SIGKILL":
            kind = "killed-at-import" if importing else "killed"
        case "SIGILL":
            kind = "death-by-illegal-instruction"
        case _:
            kind = "death-at-import" if importing else "death-at-work"
    return Found(kind=kind, first=index, details={"signal": name}, lines=frozenset({index}))


def _stack_imports(passage: Sequence[Line], index: int) -> bool | None:
    """Whether a stack printed with the death is importing TensorFlow; `None` without a stack."""
    if "Fatal Python error" not in passage[index].text:
        return None
    frames = [line.text for line in passage[index + 1 : index + _STACK_REACH] if _FRAME.search(line.text)]
    if not frames:
        return None
    return any(_OF_TENSORFLOW.search(frame) for frame in frames)


def _commanded(passage: Sequence[Line], index: int, clues: Clues) -> bool:
    """Whether the last thing before a line is a command that imports TensorFlow."""
    number = clues.imported_at(passage[index].number)
    if number is None:
        return False
    between = [line for line in passage[:index] if line.number > number and line.text.strip()]
    return passage[index].number - number <= 3 * _COMMAND_REACH and len(between) <= _COMMAND_REACH
