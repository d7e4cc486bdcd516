"""IP addresses. A version of four numbers looks like one, so that the place decides where the numbers do not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address

from m1doctor.support.redact.secret import Found, Kind, group

_FOUR = re.compile(
    r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?!\w|\.\w|-\w)"
)
_GLUED = re.compile(r"(?<=ip-)\d{1,3}-\d{1,3}-\d{1,3}-\d{1,3}(?=\.|\b)")
"""As clouds name their machines."""
_SIX = re.compile(
    r"(?<![\w:.])(?:fe[89ab][0-9a-f]|f[cd][0-9a-f]{2}|[23][0-9a-f]{3}):[0-9a-f:]*(?:\d+\.\d+\.\d+\.\d+)?(?![\w:])",
    re.IGNORECASE,
)
_PRIVATE = tuple(
    IPv4Network(net) for net in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10")
)
_NOBODYS = (
    IPv4Network("0.0.0.0/8"),
    IPv4Network("127.0.0.0/8"),
    IPv4Network("255.0.0.0/8"),
    IPv4Network("224.0.0.0/4"),
)
_VERSION_BEFORE = re.compile(
    r"(?:[=<>~!]=?\s*|(?<![A-Za-z])v|[A-Za-z0-9_]-"
    r"|(?i:versions?|release|build|driver|firmware|rom)\W{0,12}(?:[\d.]+\w*, )*)$"
)
_CUDA_BEFORE = re.compile(r"(?<![\w-])nvidia-[\w-]+[ \t]+$")
"""Libraries of NVIDIA's have versions in the ranges of private networks."""
_NAME_BEFORE = re.compile(r"(?m)^\s*[A-Za-z][\w.-]*[ \t]+$")
_ADDRESS_BEFORE = re.compile(
    r"(?i)(?://|@|\b(?:inet|addr(?:ess)?|ip(?:v4)?|host(?:name)?|server|gateway|router|dns|nameserver|netmask|broadcast|proxy|client|peer|"
    r"connect(?:ed|ing|ion)?|from|to|via|on|at|ssh|ping|listen(?:ing)?|bind|remote)\W{0,4}(?:to |from |with )?)$"
)
_ADDRESS_AFTER = re.compile(r":\d{2,5}\b|/(?:[12]?\d|3[0-2])\b(?!\.)|\s+netmask")
_SMALL = 16
"""A version rarely begins with more; an address without a place that tells is taken for a version below it."""


def find(text: str) -> Iterator[Found]:
    """IP addresses, but not those of every machine, and no versions."""
    for match in _FOUR.finditer(text):
        if _is_address(text, match):
            yield group(match, Kind.IP)
    for match in _GLUED.finditer(text):
        yield group(match, Kind.IP)
    for match in _SIX.finditer(text):
        if _is_six(match[0]):
            yield group(match, Kind.IP)


def _is_address(text: str, match: re.Match[str]) -> bool:
    try:
        address = IPv4Address(match[0])
    except AddressValueError:
        return False
    if any(address in network for network in _NOBODYS):
        return False
    before = text[max(0, match.start() - 60) : match.start()]
    if _ADDRESS_BEFORE.search(before) or _ADDRESS_AFTER.match(text, match.end()):
        return True
    if _VERSION_BEFORE.search(before) or _CUDA_BEFORE.search(before):
        return False
    if any(address in network for network in _PRIVATE):
        return not _is_listed(text, match)
    return int(address) >> 24 >= _SMALL and not _is_listed(text, match)


def _is_listed(text: str, match: re.Match[str]) -> bool:
    """Whether this is a line of an installer's list: a name, spaces, a version."""
    start = text.rfind("\n", 0, match.start()) + 1
    end = text.find("\n", match.end())
    rest = text[match.end() : len(text) if end < 0 else end]
    return _NAME_BEFORE.fullmatch(text[start : match.start()]) is not None and not rest.strip(" \t,")


def _is_six(candidate: str) -> bool:
    try:
        address = IPv6Address(candidate)
    except AddressValueError:
        return False
    return str(address) != "fe80::1" and not address.is_multicast  # the loopback of every Mac
