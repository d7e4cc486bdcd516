"""What dyld says when a library cannot be loaded.

The rules, in the order in which they are applied to one message:

1. A message begins where a line says *Library not loaded*, *Symbol not found* (two-level), *symbol not found in flat
   namespace*, or gives a reason (*incompatible architecture*, *wrong architecture*, *file too short*, a signature). Its
   further parts (*Referenced from*, *Expected in*, *Reason*, *tried*) may follow on the same line or on the next ones.
2. Who asks is *Referenced from*; where that is missing, the file of ``dlopen(…)``; then the plugin, when the lines
   around speak of ``load_library(_plugin_dir)``.
3. An architecture that does not fit decides first, by the file that has it: the plugin (LNK006) or any other (PY004).
4. A library that is not there, by who asks: the plugin (LNK001; LNK003 when macOS itself should have it), the
   interpreter of an environment asking for its Python (PY005), TensorFlow asking for its own (PKG004), any other
   (PKG014).
5. A symbol that is not there, by where it was expected: in macOS (LNK003 for the plugin, MAC003 for others), which also
   shows in Objective-C classes of Apple's frameworks and in "built for a newer macOS"; elsewhere by who asks: the
   plugin (LNK002), TensorFlow (PKG004), an add-on of TensorFlow (PKG003), any other (PKG014).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from m1doctor.macho.demangle import demangle
from m1doctor.support.log.clues import Clues
from m1doctor.support.log.passage import Found, Line, trimmed

_LIBRARY = re.compile(
    r"[Ll]ibrary not loaded:?\s*(?P<path>'[^'\n]+'|[^\n]+?)\s*(?=$|\bReferenced from:|\bReason:|\btried:)"
)
_TWO_LEVEL = re.compile(r"[Ss]ymbol not found:?\s*\(?'?(?P<symbol>[_A-Za-z$][\w$.@]*)")
_FLAT = re.compile(r"[Ss]ymbol not found in flat namespace:?\s*\(?'?(?P<symbol>[_A-Za-z$][\w$.@]*)")
_REFERENCED = re.compile(
    r"Referenced from:\s*(?:<[0-9A-Fa-f-]*>\s*)?(?P<path>'[^'\n]+'|[^\n]+?)\s*"
    r"(?=$|\((?:which was )?built for|\bExpected in:|\bReason:)"
)
_EXPECTED = re.compile(r"Expected in:\s*(?:<[0-9A-Fa-f-]*>\s*)?(?P<path>'[^'\n]+'|[^\n]+?)\s*(?=$|\bin /|\bReason:)")
_DLOPEN = re.compile(r"dlopen\((?P<path>[^\n]+?),\s*(?:0x[0-9A-Fa-f]+|\d+)\)")
_BUILT_FOR = re.compile(
    r"built for (?:newer )?(?:Mac ?OS ?X|macOS)(?: version)? ?\(?(?P<version>\d+(?:\.\d+)*)?"
    r"|built for newer macOS"
)
_NEW_ARCH = re.compile(
    r"(?:'(?P<file>[^'\n]+)'\s*)?\(?(?:mach-o file|fat file|mach-o)?,? ?"
    r"but (?:is an incompatible architecture|missing compatible architecture)"
    r"(?: \(have '(?P<have>[^']*)', need '(?P<need>[^']*)'\))?"
)
_ANY_ARCH = re.compile(r"incompatible architecture(?: \(have '(?P<have>[^']*)', need '(?P<need>[^']*)'\))?")
_OLD_ARCH = re.compile(
    r"mach-o, but wrong architecture|wrong architecture|\(not a mach-o file\)"
    r"|no matching architecture in universal wrapper"
)
_FILE_BEFORE = re.compile(r"'(?P<quoted>[^'\n]+)'\s*$|(?P<plain>[^\s:'\"][^:\n'\"]*):\s*$")
"""The file that a reason speaks of, at the end of the text before it."""
_DAMAGED = re.compile(
    r"(?:'(?P<file>[^'\n]+)'\s*)?\(?"
    r"(?:file too short|truncated mach-o|malformed (?:trie|mach-o)|slice is not valid mach-o)"
)
_SIGNATURE = re.compile(
    r"(?:'(?P<file>[^'\n]+)'\s*)?\(?"
    r"(?:code signature [^\n]{0,400}not valid|code signing blocked|library load disallowed)"
)
_BAD_INTERPRETER = re.compile(r": ?bad interpreter: (?P<python>[^\n]+?): [Nn]o such file or directory")
_PLUGIN = re.compile(r"tensorflow-plugins|libmetal_plugin")
_PLUGIN_CALL = re.compile(r"load_library\(_plugin_dir\)|load_pluggable_device_library")
_TENSORFLOW_PATH = re.compile(
    r"/tensorflow/|^\.\.\./_pywrap_tensorflow|_pywrap_tensorflow_internal|libtensorflow_(?:cc|framework)"
)
_TENSORFLOW_LIBRARY = re.compile(r"_pywrap_tensorflow|libtensorflow_(?:cc|framework)|lib_pywrap_tensorflow")
_ADDON = re.compile(
    r"/(?P<name>tensorflow_(?:text|addons|io|io_gcs_filesystem|decision_forests|quantum|probability|ranking|federated"
    r"|recommenders_addons|model_optimization|compression|graphics|similarity|data_validation|transform)"
    r"|tfdf|horovod|larq_compute_engine|tfx_bsl)/"
)
_SYSTEM = re.compile(r"^/(?:System|usr/lib)/")
_PYTHON_PROGRAM = re.compile(r"/bin/python[\d.]*$|/Python\.app/|(?:^|/)Python$|(?:^|/)python[\d.]*$")
_PYTHON_LIBRARY = re.compile(r"(?:^|/)(?:Python|Python3|\.Python|libpython[\d.]+\w*\.dylib)$")
_APPLE_CLASS = re.compile(
    r"^_OBJC_(?:CLASS|METACLASS)_\$_(?:MPS|MTL|NS|ML|AG|CI|CA)\w+|^_(?:MTL|MPS|ML|NS|kIO|IOSurface|IOAccel)[A-Z]\w+"
)
_TENSORFLOW_SYMBOL = re.compile(r"^_?_Z\w*(?:10tensorflow|3tsl|3xla|4mlir|15stream_executor)|^_?_TF_|^_?_TFE_|^_?_SE_")
_C_INTERFACE = re.compile(r"^_(?:TF|TFE|SE)_")
_KINDS = frozenset(
    {
        "plugin-library-not-loaded",
        "plugin-symbol-not-found",
        "plugin-wrong-architecture",
        "foreign-architecture",
        "damaged-library",
        "code-signature-refused",
        "import-fails",
    }
)
"""The wordings whose literals bring a line here; the last tells that a plugin is being loaded."""
_REACH = 14
"""Lines after its beginning that a message may take; lists of tried paths are long, but each is one line."""
_LONGEST_PATH = 400
_NEAR = 3
"""Lines between a ``dlopen(…)`` and what dyld says of it."""


class Who(StrEnum):
    """Who asks."""

    PLUGIN = "plugin"
    TENSORFLOW = "tensorflow"
    ADDON = "addon"
    PYTHON = "python"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class _Message:
    """One message of dyld, as far as the lines tell."""

    first: int
    library: str | None = None
    symbol: str | None = None
    flat: bool = False
    asker: str | None = None
    opened: str | None = None
    expected: str | None = None
    built_for: str | None = None
    newer: bool = False
    wrong: str | None = None
    """The file of another architecture; empty where the message does not name it."""
    have: str | None = None
    need: str | None = None
    damaged: str | None = None
    refused: str | None = None
    about_plugin: bool = False
    lines: list[int] = field(default_factory=list)


def read(passage: Sequence[Line], clues: Clues) -> Iterator[Found]:
    """Find dyld's messages."""
    del clues
    for index, line in enumerate(passage):
        dead = _BAD_INTERPRETER.search(line.text) if "bad interpreter" in line.text else None
        if dead is not None:
            words = line.text[: dead.start()].split()
            details = {"asker": words[-1] if words else dead["python"], "library": dead["python"]}
            yield Found(kind="venv-python-gone", first=index, details=details, lines=frozenset({index}))
    for message in _messages(passage):
        found = _judged(message)
        if found is not None:
            yield found


class _Messages:
    """Collects the parts of messages, line by line."""

    def __init__(self) -> None:
        self.done: list[_Message] = []
        self._open: _Message | None = None
        self._opened: tuple[int, str] | None = None
        """The last ``dlopen(…)`` and its file."""
        self._plugin_call = -_REACH - 1

    def line(self, index: int, line: Line) -> None:
        """Take one line."""
        text = line.text
        if self._open is None and line.kinds.isdisjoint(_KINDS) and "dlopen(" not in text:
            return
        if _PLUGIN_CALL.search(text):
            self._plugin_call = index
        dlopen = _DLOPEN.search(text)
        if dlopen is not None:
            self._opened = (index, dlopen["path"].strip("'\" "))
        message = self._message(index, text)
        if message is None:
            return
        if self._opened is not None and message.opened is None and abs(self._opened[0] - index) <= _NEAR:
            message.opened = self._opened[1]
            message.first = min(message.first, self._opened[0])
        message.about_plugin = message.about_plugin or index - self._plugin_call <= _REACH
        if _take(message, text):
            message.lines.append(index)

    def end(self) -> None:
        """Close the message at hand."""
        if self._open is not None:
            self.done.append(self._open)
            self._open = None

    def _message(self, index: int, text: str) -> _Message | None:
        """The message that a line belongs to."""
        message = self._open
        begins = _begins(text)
        if message is not None and (index - message.first > _REACH or (begins and _complete(message, text))):
            self.end()
        if self._open is None and begins:
            self._open = _Message(first=index)
        return self._open


def _messages(passage: Sequence[Line]) -> list[_Message]:
    messages = _Messages()
    for index, line in enumerate(passage):
        messages.line(index, line)
    messages.end()
    return messages.done


def _begins(text: str) -> bool:
    return bool(
        _LIBRARY.search(text)
        or _TWO_LEVEL.search(text)
        or _FLAT.search(text)
        or _ANY_ARCH.search(text)
        or ("architecture" in text and (_NEW_ARCH.search(text) or _OLD_ARCH.search(text)))
        or "no suitable image found" in text
        or "not a mach-o file" in text
        or _DAMAGED.search(text)
        or _SIGNATURE.search(text)
    )


def _complete(message: _Message, text: str) -> bool:
    """Whether `text` begins another message than the one at hand."""
    library, symbol = _LIBRARY.search(text), _FLAT.search(text) or _TWO_LEVEL.search(text)
    if library is not None:
        return message.library is not None or message.symbol is not None or message.wrong is not None
    if symbol is not None:
        return message.symbol is not None or message.library is not None or message.wrong is not None
    # A reason belongs to the message at hand, unless a new dlopen brings it.
    dlopen = _DLOPEN.search(text)
    return dlopen is not None and bool(message.lines)


def _take(message: _Message, text: str) -> bool:
    """Add what a line says to the message. Returns whether it says anything."""
    before = repr(message)
    library, flat = _LIBRARY.search(text), _FLAT.search(text)
    two_level = None if flat is not None else _TWO_LEVEL.search(text)
    if library is not None and message.library is None:
        message.library = _path(library["path"])
    if flat is not None and message.symbol is None:
        message.symbol, message.flat = flat["symbol"], True
    if two_level is not None and message.symbol is None:
        message.symbol = two_level["symbol"]
    referenced, expected = _REFERENCED.search(text), _EXPECTED.search(text)
    if referenced is not None and message.asker is None:
        message.asker = _path(referenced["path"])
    if expected is not None and message.expected is None:
        message.expected = _path(expected["path"])
        message.flat = message.flat or message.expected.startswith("flat namespace")
    built = _BUILT_FOR.search(text)
    if built is not None:
        message.built_for = message.built_for or built["version"]
        message.newer = message.newer or "newer" in text
    _take_reason(message, text)
    if _PLUGIN.search(text):
        message.about_plugin = True
    return repr(message) != before or library is not None or flat is not None or two_level is not None


def _take_reason(message: _Message, text: str) -> None:
    new = _NEW_ARCH.search(text) or _ANY_ARCH.search(text)
    if new is not None:
        named = new.groupdict().get("file")
        message.wrong = message.wrong or _path(named or "")
        message.have, message.need = message.have or new["have"], message.need or new["need"]
    elif (old := _OLD_ARCH.search(text)) is not None:
        before = _FILE_BEFORE.search(text[max(0, old.start() - _LONGEST_PATH) : old.start()])
        message.wrong = message.wrong or _path((before["quoted"] or before["plain"]) if before is not None else "")
    if (damaged := _DAMAGED.search(text)) is not None and message.damaged is None:
        message.damaged = _path(damaged["file"] or "")
    if (refused := _SIGNATURE.search(text)) is not None and message.refused is None:
        message.refused = _path(refused["file"] or "")


def _path(text: str) -> str:
    return text.strip().strip("'\"`*, ").rstrip(".") if not text.startswith("...") else text.strip("'\"`*, ")


def _judged(message: _Message) -> Found | None:
    """What a message means, or `None` for one that says too little."""
    asker = message.asker or message.opened
    who = _who(asker, message)
    details = _details(message, asker)
    kind = _kind(message, who)
    if kind is None:
        return None
    return Found(
        kind=kind, first=message.first, quote=message.lines[:6], details=details, lines=frozenset(message.lines)
    )


def _kind(message: _Message, who: Who) -> str | None:
    if message.wrong is not None:
        file = message.wrong or (message.asker or message.opened or message.library or "")
        plugin = bool(_PLUGIN.search(file)) or (not file and message.about_plugin)
        return "plugin-wrong-architecture" if plugin else "foreign-architecture"
    if message.damaged is not None:
        return "damaged-library"
    if message.refused is not None:
        return "code-signature-refused"
    if message.library is not None:
        return _missing_library(message, who)
    if message.symbol is not None:
        return _missing_symbol(message, who)
    return None


def _missing_library(message: _Message, who: Who) -> str:
    library = message.library or ""
    of_tensorflow, of_system = bool(_TENSORFLOW_LIBRARY.search(library)), bool(_SYSTEM.search(library))
    if who is Who.UNKNOWN and "_pywrap_tensorflow_internal" in library:
        who = Who.PLUGIN  # the plugin is the only library outside TensorFlow that asks for it
    match who:
        case Who.PLUGIN:
            return "plugin-system-library-not-loaded" if of_system else "plugin-library-not-loaded"
        case Who.PYTHON if _PYTHON_LIBRARY.search(library):
            return "venv-python-gone"
        case Who.TENSORFLOW if of_tensorflow:
            return "tensorflow-in-pieces"
        case Who.UNKNOWN if _PYTHON_LIBRARY.search(library):
            return "venv-python-gone"
        case _ if of_system and message.built_for is not None:
            return "library-needs-newer-macos"
        case _:
            return "native-library-not-loaded"


def _missing_symbol(message: _Message, who: Who) -> str:
    symbol = message.symbol or ""
    of_system = (
        bool(message.expected and _SYSTEM.search(message.expected))
        or bool(_APPLE_CLASS.search(symbol))
        or (message.built_for is not None and not message.expected and not _TENSORFLOW_SYMBOL.search(symbol))
    )
    if who is Who.UNKNOWN and (_TENSORFLOW_SYMBOL.search(symbol) or (of_system and _APPLE_CLASS.search(symbol))):
        who = Who.PLUGIN
    if of_system:
        return "plugin-system-symbol-not-found" if who is Who.PLUGIN else "library-needs-newer-macos"
    match who:
        case Who.PLUGIN:
            return "plugin-c-interface-not-found" if _C_INTERFACE.search(symbol) else "plugin-symbol-not-found"
        case Who.TENSORFLOW:
            return "tensorflow-in-pieces"
        case Who.ADDON:
            return "addon-symbol-not-found"
        case _ if _TENSORFLOW_SYMBOL.search(symbol):
            return "addon-symbol-not-found"
        case _:
            return "native-symbol-not-found"


def _who(asker: str | None, message: _Message) -> Who:
    if asker is None:
        return Who.PLUGIN if message.about_plugin else Who.UNKNOWN
    if _PLUGIN.search(asker):
        return Who.PLUGIN
    if _ADDON.search(asker):
        return Who.ADDON
    if _TENSORFLOW_PATH.search(asker):
        return Who.TENSORFLOW
    if _PYTHON_PROGRAM.search(asker):
        return Who.PYTHON
    return Who.OTHER


def _details(message: _Message, asker: str | None) -> dict[str, str]:
    details: dict[str, str] = {}
    if message.wrong is not None:
        file = message.wrong or message.asker or message.opened or message.library
        if file:
            details["library"] = trimmed(file, 160)
        if message.have is not None and message.need is not None:
            details["sides"] = f": it has {message.have or 'none'}, and {message.need} is needed"
        return details
    if asker is not None:
        details["asker"] = asker.rsplit("/", 1)[-1] if not _PYTHON_PROGRAM.search(asker) else asker
        addon = _ADDON.search(asker)
        if addon is not None:
            details["asker"] = addon["name"].replace("_", "-")
    library = message.library or message.damaged or message.refused
    if library:
        details["library"] = trimmed(library, 160)
    if message.symbol:
        # As it stands in the source where it is C++; the evidence has it as dyld wrote it.
        details["symbol"] = trimmed(demangle(message.symbol) or message.symbol, 160)
    if "symbol" not in details and message.library:
        details["symbol"] = trimmed(message.library, 160)
    if message.built_for is not None:
        details["built"] = f" ({message.built_for})"
    return details
