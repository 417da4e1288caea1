"""Prints the table. Names of measures as arguments; all of them without."""

import sys

from tests.benchmarks.measures import ALL, Figure
from tests.support.installation import Installation


def main(names: list[str]) -> int:
    """Measure on one installation of its own, and say which targets are missed."""
    unknown = set(names) - set(ALL)
    if unknown:
        sys.exit(f"There is no measure {', '.join(sorted(unknown))}. There are: {', '.join(ALL)}.")
    here = Installation()
    figures: list[Figure] = []
    try:
        here.start()
        here.admin()
        for name in names or ALL:
            figures.append(ALL[name](here))
            print(f"measured {name}", file=sys.stderr)
    finally:
        here.stop()
        here.remove()
    print(table(figures))
    return 0 if all(figure.is_met for figure in figures) else 1


def table(figures: list[Figure]) -> str:
    """Write the figures as a Markdown table."""
    lines = ["| figure | found | beside | ratio | target | met |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {each.name} | {each.value} | {each.yardstick} | {each.ratio} | {each.target} | {'yes' if each.is_met else 'NO'} |"
        for each in figures
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
