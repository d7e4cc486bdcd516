"""Grammars of messages that stretch over lines or need more than one pattern.

Each module has a function ``read(passage, clues)`` that goes through the lines of a passage and yields what it found.
The rules of each grammar are written at the head of its module.
"""
