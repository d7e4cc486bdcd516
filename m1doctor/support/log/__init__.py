"""Reading logs: from a stream of bytes to the known wordings that stand in it.

    bytes ── reader ── hit lines with their neighbours ── interpreter ── sightings (model.log.Log)
               │                                             │
           literals (one pass for all)              one-line patterns and grammars

The reader goes through the bytes once, in bounded memory, and keeps only lines that hold a literal of some wording,
with a few lines after each. The interpreter looks at these passages closely. What a sighting means is not decided here
but in `m1doctor/checks/testimony.py`, from `m1doctor/knowledge/log_lines`.
"""
