"""Which passages a blind round is about, and which coder gets which; the same seed gives the same round."""

import math
import random
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from spacy.language import Language

from qualcode.agreement.units import Unit, UnitKind, cut
from qualcode.errors import UsageError
from qualcode.models import Interview


class Draw(StrEnum):
    """What is drawn: passages, whole interviews, or passages of each level alike."""

    PASSAGES = "passages"
    INTERVIEWS = "interviews"
    LEVELS = "levels"


@dataclass(frozen=True, slots=True)
class Sample:
    """How a round is drawn.

    Attributes:
        draw: what is drawn
        share: how much of it, in (0, 1]; always at least one, and with ``levels`` at least one a level
        overlap: share of what was drawn that all coders get, in (0, 1]; the rest goes round, one coder each
        seed: makes the draw reproducible

    Raises:
        UsageError: a share is outside its bounds.
    """

    draw: Draw = Draw.PASSAGES
    share: float = 0.2
    overlap: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not (0 < self.share <= 1 and 0 < self.overlap <= 1):
            raise UsageError("Andel og overlap skal være over 0 og højst 1.")


def draw_passages(interviews: Sequence[Interview], nlp: Language, sample: Sample) -> list[Unit]:
    """Return the drawn meaning units in reading order."""
    speakers = {(one.id, turn.number): turn.speaker for one in interviews for turn in one.turns}
    by_id = {interview.id: interview for interview in interviews}
    units = [unit for interview in interviews for unit in cut(interview, nlp, UnitKind.MEANING)]

    def level(unit: Unit) -> Hashable:
        interview = by_id[unit.interview]
        return interview.informant(speakers[unit.interview, turn_of(interview, unit)]).level.value

    chance = random.Random(sample.seed)  # noqa: S311 - a sample, not a secret
    if sample.draw is Draw.INTERVIEWS:
        names = sorted({unit.interview for unit in units})
        drawn = set(chance.sample(names, _part(len(names), sample.share)))
        return [unit for unit in units if unit.interview in drawn]
    groups = _grouped(units, level if sample.draw is Draw.LEVELS else lambda _: "")
    return sorted(
        (unit for group in groups for unit in chance.sample(group, _part(len(group), sample.share))),
        key=lambda unit: (unit.interview, unit.start),
    )


def assign(passages: int, coders: Sequence[str], sample: Sample) -> dict[str, list[int]]:
    """Return coder → numbers of passages, from 1."""
    order = list(range(1, passages + 1))
    random.Random(sample.seed).shuffle(order)  # noqa: S311 - as above
    shared = _part(passages, sample.overlap)
    theirs = dict.fromkeys(coders, order[:shared])
    for turn, number in enumerate(order[shared:]):
        coder = coders[turn % len(coders)]
        theirs[coder] = [*theirs[coder], number]
    return {coder: sorted(numbers) for coder, numbers in theirs.items()}


def turn_of(interview: Interview, unit: Unit) -> int:
    """Return the number of the turn that a unit lies in."""
    return next(turn.number for turn in interview.turns if turn.start <= unit.start and unit.end <= turn.end)


def _part(count: int, share: float) -> int:
    # Rounded first: 0.07 * 100 is a little more than 7 to a computer.
    return min(count, math.ceil(round(count * share, 6)))


def _grouped(units: Sequence[Unit], by: Callable[[Unit], Hashable]) -> list[list[Unit]]:
    groups: dict[Hashable, list[Unit]] = {}
    for unit in units:
        groups.setdefault(by(unit), []).append(unit)
    return list(groups.values())
