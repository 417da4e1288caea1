"""Prints the table. Names of measures as arguments; all of them without. `--write` puts it into the docs."""

import sys

from tests.benchmarks import page
from tests.benchmarks.measures import ALL, Figure
from tests.support.installation import Installation


def main(names: list[str]) -> int:
    """Measure on one installation of its own, and say which targets are missed."""
    writes = "--write" in names
    names = [name for name in names if name != "--write"]
    if writes and names:
        sys.exit("The page holds all figures: use --write without names.")
    unknown = set(names) - set(ALL)
    if unknown:
        sys.exit(f"There is no measure {', '.join(sorted(unknown))}. There are: {', '.join(ALL)}.")
    here = Installation(settings={"GREENROOM_WORKER_IDLE_SECONDS": "300"})  # as it is by default
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
    if writes:
        print(f"written to {page.write(table(figures)).name}", file=sys.stderr)
    return 0 if all(figure.is_met for figure in figures) else 1


def table(figures: list[Figure]) -> str:
    """Write the figures as a Markdown table."""
    lines = ["| figure | found | beside | ratio | target | met |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {each.name} | {each.value} | {each.yardstick} | {each.ratio or '-'} | {each.target} | {'yes' if each.is_met else 'no'} |"
        for each in figures
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
