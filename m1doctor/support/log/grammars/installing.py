"""What pip, uv, Poetry and conda say when they cannot install.

The rules:

1. pip's *Could not find a version … (from versions: LIST)*: an empty list says that nothing fits, not why. A list that
   ends where the x86_64 macOS wheels of that name end, and begins before the arm64 ones, is an x86_64 process. A list
   that begins where the arm64 wheels of that name begin, for a version before that, is an arm64 process. Every other
   list says only that the wanted version is not in it. *No matching distribution found* repeats the line before it.
   Where the x86_64 wheels of a name are older than its arm64 ones, a list that begins before those is x86_64, too.
   An empty list after a connection that broke says that the index was not reached.
2. tensorflow-metal and a Python for which there is none (which a path or banner of the text names): PY003.
3. A wheel that is *not a supported wheel* names three tags; the line does not tell which of them was refused.
4. A build is told by the package, once, however many lines speak of it; a build that succeeded is none.
5. conda's *not available from current channels*: Apple's channel, or tensorflow-deps, looked for in osx-64, is an Intel
   conda. osx-64 beside words that prove Apple silicon is one, too. Else nothing fits.
6. uv: the first *Because* decides: wheels or versions that do not exist are a missing wheel, all else is a conflict.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from packaging.version import InvalidVersion, Version

from m1doctor.knowledge.log_lines.wheels import wheels
from m1doctor.model.names import distribution_name
from m1doctor.support.log.clues import Clues
from m1doctor.support.log.passage import Found, Line, lines_of, trimmed

_NO_VERSION = re.compile(
    r"[Cc]ould not find a version that satisfies the requirement\s+(?P<requirement>[^\n]+?)"
    r"(?:\s+\(from (?!versions)(?P<via>[^)]*)\))?\s*(?:\(from\s+versions:(?P<versions>[^)]*)\)|$)"
)
_NO_MATCH = re.compile(r"No matching distribution found for\s+(?P<requirement>[^\n(]+)")
_WHEEL = re.compile(r"(?P<wheel>[^\s/'\"`]{1,300}\.whl)['\"`]?\s+is not a supported wheel")
_BUILD = (
    re.compile(r"[Ff]ailed building wheels? for (?P<package>[\w.-]+)"),
    re.compile(r"[Ff]ailed to build installable wheels for [^\n]{0,60}\((?P<package>[\w.-]+(?:, [\w.-]+)*)\)"),
    re.compile(r"[Cc]ould not build wheels for (?P<package>[\w.-]+(?:, [\w.-]+)*?)(?:,? which|\s*$)"),
    re.compile(r"Building wheel for (?P<package>[\w.-]+) \([^)]*\)(?: \.\.\.|:)[^\n]{0,40}\berror\b"),
    re.compile(r"Building wheel for (?P<package>[\w.-]+) \([^)]*\) did not run successfully"),
    re.compile(
        r"[Ff]ailed to build `?(?P<package>[A-Za-z][\w.-]*?)(?:==[\w.]+)?[`'\"]?(?:\s|$|,)(?!from|image|target|the\b)"
    ),
    re.compile(r"[Rr]unning setup\.py (?:install|bdist_wheel|develop) for (?P<package>[\w.-]+)[ .:]+\berror\b"),
    re.compile(r"ChefBuildError|PEP517 build of a dependency failed|build backend returned an error"),
    re.compile(r"Getting requirements to build wheel did not run successfully"),
    re.compile(r"[Pp]reparing metadata \([^)]*\) did not run successfully"),
    re.compile(r"legacy-install-failure|metadata-generation-failed|subprocess-exited-with-error"),
    re.compile(r"[Cc]ommand errored out with exit status"),
    re.compile(r"(?:error|CompileError|ExecError): command '?[^\n]{0,200}(?:clang|gcc|cc|c\+\+|cmake|cargo)'? failed"),
)
_NOT_A_PACKAGE = frozenset({"wheel", "wheels", "from", "image", "target", "docker", "package", "installable"})
_COLLECTING = re.compile(
    r"(?:Collecting|Building wheel for|Preparing metadata[^\n]{0,60} for|Installing collected packages:|Using cached) "
    r"(?P<package>[A-Za-z][\w.-]*)"
)
_STEP = re.compile(r"fatal error: '?(?P<header>[\w./+-]+\.h)'? file not found")
_CONFLICT = re.compile(
    r"Cannot install (?P<packages>[^\n]+?) because these package versions have conflicting dependencies"
    r"|(?P<solving>Because[^\n]+version solving failed)|version solving failed|ResolutionImpossible"
    r"|(?<!LibMamba)UnsatisfiableError: (?P<conda>[^\n]+)|found to be incompatible with each other|SolverProblemError"
)
_DOES_NOT_MATCH = re.compile(
    r"which doesn't match any versions|no versions of \S+ match\b[^,]*, version solving failed"
)
_UV = re.compile(r"No solution found when resolving")
_UV_NONE = re.compile(
    r"no wheels? with a matching|has no (?:usable )?wheels|(?:is|are) no versions? of|was not found"
    r"|not found in the (?:package )?(?:registry|index)|no (?:source distribution|wheels?) (?:or|for)"
)
_CONDA_MISSING = re.compile(
    r"PackagesNotFoundError|ResolvePackageNotFound|packages are not available from current channels"
)
_CONDA_SOLVING = re.compile(
    r"LibMambaUnsatisfiableError|Encountered problems while solving|Could not solve for environment specs"
)
_CONDA_NOTHING = re.compile(r"nothing provides(?: requested)? (?P<package>[\w.:-]+)")
_CONDA_TYPO = re.compile(r"(?P<package>[\w.:=-]+)(?: [^\s]+){0,3} does not exist \(perhaps a typo")
_ITEM = re.compile(r"^\s*(?:-|└─|├─|•)\s*(?P<package>[A-Za-z][\w.:*-]*(?:[=<>!~ ][^\s,]*)?)")
_INTEL = re.compile(r"\bosx-64\b")
_APPLE = re.compile(r"(?:anaconda\.org/apple\b|\bapple/(?:osx|noarch)|apple::|\btensorflow-deps\b)")
_TREE = " ╰─▶│|>-\N{MULTIPLICATION SIGN}"
"""What uv draws its reasons with."""
_REACH = 40
_CONDA_KINDS = frozenset({"conda-intel-channel", "conda-not-found"})
_PARTS = 4
"""Of a wheel's name: what it is, and its three tags."""


def read(passage: Sequence[Line], clues: Clues) -> Iterator[Found]:
    """Find what installers could not do."""
    yield from _versions(passage, clues)
    yield from _wheels(passage)
    yield from _builds(passage)
    yield from _conflicts(passage)
    yield from _conda(passage, clues)


# -- pip's lists of versions


def _versions(passage: Sequence[Line], clues: Clues) -> Iterator[Found]:
    told: dict[str, Found] = {}
    for index, _ in lines_of(passage, ("pip-no-such-version",)):
        text, used = _joined(passage, index)
        found = _NO_VERSION.search(text)
        if found is not None:
            requirement = _requirement(found["requirement"])
            result = _list(index, requirement, found["versions"], clues)
            _unless_offline(result, passage, clues)
            result.lines = frozenset(range(index, index + used))
            told[distribution_name(requirement)] = result
            continue
        repeated = _NO_MATCH.search(text)
        if repeated is not None:
            requirement = _requirement(repeated["requirement"])
            before = told.get(distribution_name(requirement))
            if before is not None:
                before.quote = (*before.quote, index)
                before.lines |= {index}
            else:
                told[distribution_name(requirement)] = _list(index, requirement, None, clues)
    yield from told.values()


def _joined(passage: Sequence[Line], index: int) -> tuple[str, int]:
    """A line of pip's with what a narrow terminal broke off it, and the number of lines that took."""
    text = passage[index].text
    if "(from" not in text and "could not find a version" not in text.lower():
        return text, 1
    used = 1
    while (
        (text.count("(") > text.count(")") or ("(from" not in text and used == 1))
        and index + used < len(passage)
        and used < _REACH
    ):
        following = passage[index + used].text
        if "No matching distribution" in following or following.lstrip().startswith(("ERROR", "WARNING", "Traceback")):
            break
        if "(from" not in text and "from versions" not in following and "(from" not in following:
            break
        text = f"{text.rstrip()} {following.strip()}"
        used += 1
    return text, used


def _requirement(text: str) -> str:
    return trimmed(text.partition(";")[0].strip(" .'\"`"), 80)


def _list(index: int, requirement: str, versions: str | None, clues: Clues) -> Found:
    name = distribution_name(requirement)
    details = {"requirement": requirement, "name": name}
    entries = [] if versions is None else [entry.strip() for entry in versions.split(",") if entry.strip()]
    entries = [entry for entry in entries if entry.lower() != "none"]
    known = wheels().get(name)
    if not entries and known is not None and known.pythons and clues.pythons:
        newest = clues.pythons[-1]
        if newest not in known.pythons:
            return Found(
                kind="pip-no-plugin-for-this-python", first=index, quote=(index,), details={**details, "python": newest}
            )
    if not entries:
        kind = "pip-no-such-version" if versions is None and "=" in requirement else "pip-no-version-at-all"
        return Found(kind=kind, first=index, quote=(index,), details=details)
    details |= {"first": entries[0], "last": entries[-1], "offered": f"; it was offered {_offered(entries)}"}
    kind = "pip-no-such-version"
    if known is not None:
        parsed = sorted(filter(None, map(_version, entries)))
        wanted = _version(re.sub(r"^[^0-9]*", "", requirement.partition("=")[2]) or "0")
        if parsed and known.late_on_arm and known.arm64_first is not None and parsed[0] < known.arm64_first:
            kind = "pip-no-version-for-x86"
            details["because"] = f"begin at {entries[0]}, before there were arm64 macOS wheels ({known.arm64_first})"
        elif parsed and not known.late_on_arm and known.x86_last == parsed[-1]:
            kind = "pip-no-version-for-x86"
            details["because"] = f"end at {entries[-1]}, where the x86_64 macOS wheels of {name} end"
        elif parsed and known.arm64_first == parsed[0] and known.late_on_arm and (wanted is None or wanted < parsed[0]):
            kind = "pip-no-version-for-arm"
            details["instead"] = known.instead
    return Found(kind=kind, first=index, quote=(index,), details=details)


def _unless_offline(found: Found, passage: Sequence[Line], clues: Clues) -> None:
    """Take a list that is empty because nothing was reached for what it is."""
    lost, number = clues.connection_lost, passage[found.first].number
    if found.kind != "pip-no-version-at-all" or lost is None or not 0 <= number - lost <= _REACH:
        return
    found.kind = "index-not-reached"
    broke = next((index for index, line in enumerate(passage) if line.number == lost), found.first)
    found.first, found.quote = broke, (broke, *found.quote)


def _offered(entries: Sequence[str]) -> str:
    return ", ".join(entries) if len(entries) <= 3 else f"{entries[0]} to {entries[-1]}"  # noqa: PLR2004


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None


# -- wheels and builds


def _wheels(passage: Sequence[Line]) -> Iterator[Found]:
    for index, line in lines_of(passage, ("pip-unsupported-wheel",)):
        found = _WHEEL.search(line.text)
        details = {"wheel": "the wheel", "wanted": "what its name says"}
        if found is not None:
            tags = found["wheel"].removesuffix(".whl").rsplit("-", 3)
            details = {"wheel": trimmed(found["wheel"], 120)}
            details["wanted"] = f"{tags[1]} on {tags[3]}" if len(tags) == _PARTS else "what its name says"
        yield Found(kind="pip-unsupported-wheel", first=index, details=details, lines=frozenset({index}))


def _builds(passage: Sequence[Line]) -> Iterator[Found]:
    named: dict[str, list[int]] = {}
    unnamed: list[int] = []
    step = ""
    for index, line in enumerate(passage):
        missing = _STEP.search(line.text)
        if missing is not None and missing["header"]:
            step = f": the header {missing['header']} is not there"
        if "build-failed" not in line.kinds:
            continue
        package = _built(line.text)
        if package is None:
            continue
        if package:
            for one in re.split(r",\s*", package):
                named.setdefault(one.lower(), []).append(index)
        else:
            unnamed.append(index)
    if named:
        first, *_ = named
        lines = sorted({*unnamed, *(index for indexes in named.values() for index in indexes)})
        packages = ", ".join(named)
        yield Found(
            kind="build-failed",
            first=lines[0],
            quote=lines[:5],
            details={"package": trimmed(packages or first, 120), "step": step},
            lines=frozenset(lines),
        )
    elif unnamed:
        details = {"step": step}
        before = next(
            (found["package"] for line in reversed(passage[: unnamed[0]]) if (found := _COLLECTING.search(line.text))),
            None,
        )
        if before is not None:
            details["package"] = before
        yield Found(kind="build-failed", first=unnamed[0], quote=unnamed[:5], details=details, lines=frozenset(unnamed))


def _built(text: str) -> str | None:
    """The package whose build failed, an empty string for one that is not named, `None` for no failure."""
    for pattern in _BUILD:
        found = pattern.search(text)
        if found is None:
            continue
        package = found.groupdict().get("package")
        if package is None:
            return ""
        if package.lower() in _NOT_A_PACKAGE:
            continue
        return str(package)
    return None


# -- conflicts


def _conflicts(passage: Sequence[Line]) -> Iterator[Found]:
    told_until = -1
    for index, line in lines_of(passage, ("uv-no-fitting-wheel", "resolver-conflict")):
        if index <= told_until:
            continue
        if "uv-no-fitting-wheel" in line.kinds and _UV.search(line.text):
            words, told_until = _because(passage, index)
            kind = (
                "uv-no-fitting-wheel" if _UV_NONE.search(words) and not _also_conflicts(words) else "resolver-conflict"
            )
            yield _conflict(kind, index, told_until, words)
        elif "resolver-conflict" in line.kinds and (found := _CONFLICT.search(line.text)):
            told_until = index + 3
            if _DOES_NOT_MATCH.search(line.text):
                continue  # told as a missing candidate
            words = line.text.split("ERROR: ")[-1]
            if found["packages"] is None and found["solving"] is None and found["conda"] is None:
                words = ""
            yield _conflict("resolver-conflict", index, index, words)


def _because(passage: Sequence[Line], index: int) -> tuple[str, int]:
    """uv's reason, and the index of its last line."""
    words: list[str] = []
    at = index
    for at in range(index + 1, min(index + _REACH, len(passage))):
        text = passage[at].text.strip(_TREE)
        if not text and words:
            break
        words.append(text)
    return " ".join(words), at


def _also_conflicts(words: str) -> bool:
    first = words.partition(", we can conclude")[0].partition(" and because ")[0]
    return not _UV_NONE.search(first) and "depends on" in first


def _conflict(kind: str, index: int, last: int, words: str) -> Found:
    details = {"words": f"{trimmed(words, 240).rstrip('.')}."} if words.strip() else {}
    quote = range(index, min(last, index + 4) + 1)
    return Found(kind=kind, first=index, quote=quote, details=details, lines=frozenset(range(index, last + 1)))


# -- conda


def _conda(passage: Sequence[Line], clues: Clues) -> Iterator[Found]:
    said = False
    intel: int | None = None
    for index, line in lines_of(passage, _CONDA_KINDS):
        if _INTEL.search(line.text):
            intel = index if intel is None else intel
            clues.intel_conda = clues.intel_conda or line.number
        if said:
            continue
        if _CONDA_MISSING.search(line.text):
            said = True
            yield _conda_missing(passage, index, clues)
        elif _CONDA_SOLVING.search(line.text):
            said = True
            yield _conda_solving(passage, index)
    if not said and intel is not None and clues.apple_silicon:
        yield Found(kind="conda-intel-on-apple-silicon", first=intel, lines=frozenset({intel}))


def _conda_missing(passage: Sequence[Line], index: int, clues: Clues) -> Found:
    block = passage[index : index + _REACH]
    packages: list[str] = []
    listing = True
    for line in block[1:]:
        if "Current channels" in line.text:
            listing = False
        item = _ITEM.match(line.text)
        if listing and item is not None and "://" not in line.text:
            packages.append(item["package"].rstrip(":"))
    head = re.search(r"(?:PackagesNotFoundError|ResolvePackageNotFound):\s*(?P<rest>[\w:.=-]+)\s*$", block[0].text)
    if not packages and head is not None and head["rest"] != "The":
        packages.append(head["rest"])
    text = "\n".join(line.text for line in block)
    intel = next((at for at, line in enumerate(block) if _INTEL.search(line.text)), None)
    details = {"package": trimmed(", ".join(packages), 120)} if packages else {}
    used = frozenset(range(index, index + len(block)))
    before_intel = clues.intel_conda is not None
    if (intel is not None or before_intel) and (_APPLE.search(text) or clues.apple_silicon):
        kind = "conda-intel-channel" if _APPLE.search(text) else "conda-intel-on-apple-silicon"
        quote = (index, *(index + at for at in range(1, len(block)) if _ITEM.match(block[at].text)))[:3]
        quote = (*quote, *((index + intel,) if intel is not None else ()))
        return Found(kind=kind, first=index, quote=quote, details=details, lines=used)
    if intel is not None:
        details["where"] = " on osx-64"
    return Found(
        kind="conda-not-found", first=index, quote=range(index, index + min(4, len(block))), details=details, lines=used
    )


def _conda_solving(passage: Sequence[Line], index: int) -> Found:
    block = passage[index : index + _REACH]
    nothing = [package for line in block if (package := _nothing(line.text))]
    used = frozenset(range(index, index + len(block)))
    quote = range(index, index + min(4, len(block)))
    if nothing:
        details = {"package": trimmed(", ".join(dict.fromkeys(nothing)), 120)}
        return Found(kind="conda-not-found", first=index, quote=quote, details=details, lines=used)
    words = " ".join(line.text.strip(" -└├│─") for line in block[1:4])
    details = {"words": f"{trimmed(words, 200).rstrip('.')}."} if words.strip() else {}
    return Found(kind="resolver-conflict", first=index, quote=quote, details=details, lines=used)


def _nothing(text: str) -> str | None:
    """The package that a line says no channel has."""
    if "nothing provides" in text:
        found = _CONDA_NOTHING.search(text)
    elif "does not exist (perhaps" in text:
        found = _CONDA_TYPO.search(text)
    else:
        return None
    return found["package"] if found is not None else None
