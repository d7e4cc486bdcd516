"""Repairs made in source through LibCST, which keeps every space and comment. Imported only where one is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import libcst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from m1doctor.lint.rule import Edit, Repair
from m1doctor.lint.source import PassedOver


def mended_text(text: str, edits: Sequence[Edit]) -> str:
    """Source with the repairs made. Raises `PassedOver` where it cannot be read to be mended."""
    try:
        wrapper = MetadataWrapper(libcst.parse_module(text), unsafe_skip_copy=True)
        positions = wrapper.resolve(PositionProvider)
    except (libcst.ParserSyntaxError, RecursionError) as error:
        raise PassedOver("LibCST cannot read it") from error
    return wrapper.module.visit(_Mending(positions, edits)).code


class _Mending(libcst.CSTTransformer):
    """Makes each repair at its place."""

    def __init__(self, positions: Mapping[libcst.CSTNode, CodeRange], edits: Sequence[Edit]) -> None:
        super().__init__()
        self._positions = positions
        self._repairs = {(each.line, each.column): each.repair for each in edits}

    def _at(self, node: libcst.CSTNode, kind: str) -> Repair | None:
        place = self._positions.get(node)
        found = None if place is None else self._repairs.get((place.start.line, place.start.column))
        return found if found is not None and found.kind == kind else None

    def leave_Call(self, original_node: libcst.Call, updated_node: libcst.Call) -> libcst.Call:  # noqa: N802 - LibCST's
        """Drop keywords."""
        repair = next(filter(None, (self._at(each, "drop-keywords") for each in original_node.args)), None)
        return updated_node if repair is None else _without_keywords(updated_node, repair.words)

    def leave_Attribute(  # noqa: N802 - LibCST's
        self, original_node: libcst.Attribute, updated_node: libcst.Attribute
    ) -> libcst.BaseExpression:
        """Drop a part of a dotted name."""
        repair = self._at(original_node, "drop-attribute")
        is_part = repair is not None and updated_node.attr.value in repair.words
        return updated_node.value if is_part else updated_node

    def leave_Arg(self, original_node: libcst.Arg, updated_node: libcst.Arg) -> libcst.Arg:  # noqa: N802 - LibCST's
        """Append a call to an argument."""
        repair = self._at(original_node.value, "append-call")
        if repair is None:
            return updated_node
        method, argument = repair.words
        called = libcst.Call(
            func=libcst.Attribute(value=updated_node.value, attr=libcst.Name(method)),
            args=[libcst.Arg(libcst.parse_expression(argument))],
        )
        return updated_node.with_changes(value=called)


def _without_keywords(call: libcst.Call, words: Sequence[str]) -> libcst.Call:
    kept = [each for each in call.args if each.keyword is None or each.keyword.value not in words]
    dropped = [each for each in call.args if each not in kept]
    empty = libcst.Module([])
    if any("#" in empty.code_for_node(each) for each in dropped):
        raise PassedOver("a comment stands beside what would be taken away")
    if kept and dropped and call.args[-1] is dropped[-1]:
        last = call.args[-1]
        kept[-1] = kept[-1].with_changes(comma=last.comma, whitespace_after_arg=last.whitespace_after_arg)
    return call.with_changes(args=kept)
