"""Redaction: what tells who somebody is, or opens a door, is taken out of data before anything is rendered.

A strategy (a file each) finds one sort of secret in a text by where and how it stands there. `Redactor` remembers what
was found anywhere and takes it out everywhere, under one pseudonym; `document` applies it to a report.
"""
