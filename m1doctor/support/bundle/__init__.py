"""The bundle: one archive with everything that somebody else needs to see what went wrong here.

`contents` says what is in it, `archive` writes and opens the file, `manifest` vouches for its members, and `reader`
gives the report of one that came from elsewhere.
"""
