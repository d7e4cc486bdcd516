"""Parsers: one format a file, each pure `str -> value | None`.

Text that is not of the format gives `None` (or nothing found), never an exception: what a tool prints changes between
releases of macOS, and what is read may be cut, indented or commented.
"""
