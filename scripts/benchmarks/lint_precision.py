"""What `m1doctor lint` says of a tree of code: findings of each rule, and how many for every 5,000 lines.

    python scripts/benchmarks/lint_precision.py FOLDER [--list] [--hints]

Judged for no version in particular, so that every rule speaks that may. `--list` prints each error and warning with its
line of source, to be judged by hand: what is true of good code is no false alarm. Tests in the tree count as lines, but
rules on speed say nothing of them.
"""

from __future__ import annotations

import argparse
from collections import Counter

from m1doctor.lint.engine import Wanted, lint_paths
from m1doctor.lint.registry import load_rules
from m1doctor.model.finding import Level
from m1doctor.render.lint.words import LEVEL_WORDS, place

LINES = 5_000


def main() -> None:
    """Lint and count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--list", action="store_true", help="print every error and warning")
    parser.add_argument("--hints", action="store_true", help="count hints, too")
    options = parser.parse_args()
    rules = {rule.id: rule for rule in load_rules()}
    answer = lint_paths([options.folder], wanted=Wanted(ids=frozenset(rules), hints=options.hints))
    if options.list:
        for each in answer.findings:
            if each.level is not Level.NOTE:
                condition = f" if {each.only_if}" if each.only_if else ""
                print(f"{each.rule} {place(each)}{condition}\n    {each.source_line.strip()}")
    count = Counter((each.rule, each.level) for each in answer.findings)
    for (rule, level), number in sorted(count.items()):
        print(f"{rule} {rules[rule].slug:32} {LEVEL_WORDS[level]:8} {number:6} {number * LINES / answer.lines:8.3f}")
    told = sum(number for (_, level), number in count.items() if level is not Level.NOTE)
    print(f"{answer.files} files, {answer.lines} lines, {len(answer.passed)} passed over")
    print(f"{told} errors and warnings: {told * LINES / max(answer.lines, 1):.3f} for every {LINES} lines")


if __name__ == "__main__":
    main()
