"""The rules, a file each; `registry` finds them by looking into this folder."""
