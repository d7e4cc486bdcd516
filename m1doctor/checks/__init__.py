"""Judges: each check is one file, a pure function of the facts with its manual page beside it."""
