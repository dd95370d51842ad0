"""What comes out of whole interviews, as ``qualcode run`` reads and codes them, against what people found in them."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qualcode.agreement.bootstrap import Interval, bootstrap
from qualcode.coding.coder import Coder
from qualcode.coding.model import topics
from qualcode.evaluation.gold import GoldCoding
from qualcode.models import Coding, Interview


@dataclass(frozen=True)
class EndToEnd:
    """Suggestions on whole held-out interviews against gold codings; words shared and the same code make a match."""

    precision: Interval
    recall: Interval


def end_to_end(coder: Coder, interviews: Sequence[Interview], gold: Sequence[GoldCoding]) -> EndToEnd:
    """Return how suggestions on whole interviews agree with gold; roles spoken of are no part of the gold."""
    known = set(topics(coder.codebook))
    found: list[tuple[str, bool]] = []
    wanted: list[tuple[str, bool]] = []
    for interview in interviews:
        mine = [coding for coding in gold if coding.interview == interview.id]
        suggested = [coding for coding in coder.code(interview, "").codings if coding.code in known]
        found += [(interview.id, any(_matches(coding, other) for other in mine)) for coding in suggested]
        wanted += [(interview.id, any(_matches(coding, other) for coding in suggested)) for other in mine]
    return EndToEnd(_share(found), _share(wanted))


def _matches(coding: Coding, other: GoldCoding) -> bool:
    return coding.code == other.code and other.overlaps(coding.interview, coding.start, coding.end)


def _share(judged: Sequence[tuple[str, bool]]) -> Interval:
    right = np.array([verdict for _, verdict in judged])
    return bootstrap(lambda rows: float(right[rows].mean()), [interview for interview, _ in judged])


def levels_read(interviews: Sequence[Interview], path: Path) -> float | None:
    """Return the share of informants whose level is the one in a file of ``interview;speaker;level``."""
    if not path.exists():
        return None
    levels = {
        (interview.id, informant.speaker): informant.level.value
        for interview in interviews
        for informant in interview.informants
    }
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return float(np.mean([levels.get((row["interview"], row["speaker"])) == row["level"] for row in rows]))
