"""Checking and reloading the charters of a whole county: 43 files, and one changed file."""

from __future__ import annotations

import statistics
from pathlib import Path

from bench.measuring import Figure, is_smoke, report, seconds

FOLDER = Path(__file__).resolve().parent.parent / "charters"
COUNT = 43


def forty_three() -> list[tuple[str, str]]:
    """Return 43 different charter texts: the shipped ones, under as many names as it takes."""
    texts = [(path.stem, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))]
    chosen = []
    for number in range(COUNT):
        name, text = texts[number % len(texts)]
        chosen.append((f"{name}-{number}", text.replace(f"charter: {name}", f"charter: {name}-{number}", 1)))
    return chosen


def main() -> None:
    """Load all 43 afresh, then one with a changed line, again and again."""
    from zhangfa.charter.load import load_charter

    files = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.csv")}
    charters = forty_three()

    def load_all() -> None:
        for name, text in charters:
            assert load_charter(text, name=name, files=files).charter is not None

    cold = seconds(load_all)
    rounds = 2 if is_smoke() else 7
    warm = statistics.median(seconds(load_all) for _ in range(rounds))
    name, text = charters[0]
    changed = [seconds(lambda n=n: load_charter(text + f"\n# {n}\n", name=name, files=files)) for n in range(20)]
    lines = sum(text.count("\n") for _, text in charters)
    report(
        Figure("charters", "first check of 43 charters in a process", cold * 1000, "ms", note=f"{lines:,} lines"),
        Figure("charters", "check and reload of 43 charters", warm * 1000, "ms", at_most=100),
        Figure("charters", "one changed file", statistics.median(changed) * 1000, "ms", at_most=3),
    )


if __name__ == "__main__":
    main()
