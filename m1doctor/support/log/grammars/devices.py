"""Lists of devices without a GPU.

The rules:

1. The empty list after a call of ``list_physical_devices('GPU')`` (or ``list_logical_devices``) on the same or the next
   line with text; ``False``, ``''`` and ``0`` likewise after the calls that answer with them.
2. A count or a sentence that says so: *Num GPUs Available: 0*, *GPU is NOT AVAILABLE*, *GPU device not found*; a GPU
   that was asked for by name and is an *unknown device*.
3. A whole list of devices that has a CPU and no GPU, unless only CPUs were asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from m1doctor.support.log.clues import Clues
from m1doctor.support.log.passage import Found, Line, lines_of

_ASKS_GPU = re.compile(r"list_(?:physical|logical)_devices\(\s*(?:device_type\s*=\s*)?['\"]GPU['\"]\s*\)")
_ASKS_CPU = re.compile(r"list_(?:physical|logical)_devices\(\s*(?:device_type\s*=\s*)?['\"]CPU['\"]\s*\)")
_ASKS_BOOL = re.compile(r"is_gpu_available\(")
_ASKS_NAME = re.compile(r"gpu_device_name\(\s*\)")
_ANSWER = r"(?:\s*(?:Out\s*\[\d+\]:|->|=>|[=:#]|returns?\b|gives?\b|prints?\b|is\b))*\s*"
_EMPTY = re.compile(rf"^{_ANSWER}\[\s*\]\s*\W*$")
_EMPTY_AFTER = re.compile(
    r"list_(?:physical|logical)_devices\(\s*(?:device_type\s*=\s*)?['\"]GPU['\"]\s*\)\)?`?"
    r"(?:->|=>|[=:#,]|returns?\b|gives?\b|prints?\b|is\b|\s)*`?\[\s*\]"
)
_ZERO = re.compile(rf"^{_ANSWER}0\s*$")
_FALSE = re.compile(rf"^{_ANSWER}False\s*$")
_NO_NAME = re.compile(rf"^{_ANSWER}(?:''|\"\")\s*$")
_COUNT = re.compile(
    r"(?i)\b(?:num(?:ber)?(?: of)?|#)\s*(?:physical |logical |visible )?GPUs?(?: available| found| detected)?"
    r"\s*[:=]?\s*,?\s*['\"]?\s*\b0\b(?![.\d])"
    r"|(?<![:/_\w])GPUs(?: available| found| detected)?\s*[:=]\s*(?:0\b(?![.\d])|\[\s*\])"
    r"|(?<![:/_\w])GPU (?:available|found|detected|count)\s*[:=]\s*(?:0\b(?![.\d])|\[\s*\])"
)
_SENTENCE = re.compile(
    r"(?i)\bGPU(?: is)?:? not available\b|\bGPU device not found\b|GPU available:? *(?:False|no)\b"
    r"|\bno GPUs?(?: was| were)? (?:found|available|detected)|is_gpu_available\(\)\S{0,3}\s*(?:->|=>|[=:])\s*False"
)
_REFUSED = re.compile(
    r"device:GPU:\d+ unknown device"
    r"|device:GPU:\d+[^\n]{0,40}(?:available devices are \[[^\]]*CPU:\d+ *\]"
    r"|because no devices matching that specification are registered)"
)
"""A GPU was asked for by name, and TensorFlow knows none."""
_CODE = re.compile(r"print\(|\bif\b|\belse\b|\bassert\b|\braise\b|f['\"]|format\(")
_LIST = re.compile(r"\[\s*(?:Physical|Logical)Device\(")
_DEVICE = re.compile(r"device_type=['\"](?P<type>\w+)['\"]")
_REACH = 6


def read(passage: Sequence[Line], clues: Clues) -> Iterator[Found]:
    """Find device lists without a GPU."""
    del clues
    told = -1
    for index, _ in lines_of(passage, ("no-gpu-listed",)):
        if index <= told:
            continue
        last = _without_gpu(passage, index)
        if last is not None:
            told = last
            quote = (index, last) if last != index else (index,)
            yield Found(kind="no-gpu-listed", first=index, quote=quote, lines=frozenset(range(index, last + 1)))


def _without_gpu(passage: Sequence[Line], index: int) -> int | None:
    """Index of the line that completes a list without a GPU beginning at `index`."""
    text = passage[index].text
    said = _COUNT.search(text) or _SENTENCE.search(text)
    if _EMPTY_AFTER.search(text) or _REFUSED.search(text) or (said and not _CODE.search(text)):
        return index
    if _LIST.search(text):
        return _cpu_alone(passage, index)
    following = _next(passage, index)
    if following is None:
        return None
    answer = passage[following].text
    answered = (
        (_ASKS_GPU.search(text) and (_EMPTY.match(answer) or ("len(" in text and _ZERO.match(answer))))
        or (_ASKS_BOOL.search(text) and _FALSE.match(answer))
        or (_ASKS_NAME.search(text) and _NO_NAME.match(answer))
    )
    return following if answered else None


def _next(passage: Sequence[Line], index: int) -> int | None:
    """The next line with text, near enough to be the answer."""
    for at in range(index + 1, min(index + _REACH, len(passage))):
        if passage[at].text.strip(" `>"):
            return at
    return None


def _cpu_alone(passage: Sequence[Line], index: int) -> int | None:
    if any(_ASKS_CPU.search(line.text) for line in passage[max(0, index - 3) : index + 1]):
        return None
    text = ""
    for at in range(index, min(index + _REACH, len(passage))):
        text += passage[at].text
        if "]" in passage[at].text[passage[at].text.find("Device(") if at == index else 0 :]:
            types = {found["type"] for found in _DEVICE.finditer(text)}
            return at if types and not any("GPU" in kind for kind in types) else None
    return None
