"""What another model would suggest instead: passages gained, lost, given another code."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from qualcode.models import Coding, Interview

ChangeKind = Literal["ny", "væk", "flyttet"]


@dataclass(frozen=True, slots=True)
class Change:
    """One suggestion that comes, goes, or changes its code; ``told`` says which and why, in Danish."""

    kind: ChangeKind
    interview: str
    code: str
    told: str


def changes(interview: Interview, before: Sequence[Coding], after: Sequence[Coding]) -> Iterator[Change]:
    """Yield what is different between two lists of suggestions for one interview, in the order of the text.

    A suggestion counts as moved when a passage loses one code and gains another.
    """
    kept = {_key(coding) for coding in before} & {_key(coding) for coding in after}
    lost = [coding for coding in before if _key(coding) not in kept]
    for coding in after:
        if _key(coding) in kept:
            continue
        former = next((other for other in lost if _overlap(other, coding)), None)
        if former is not None:
            lost.remove(former)
        if former is None:
            yield Change("ny", interview.id, coding.code, f"{_told(interview, coding)} ({_reason(coding)})")
        elif former.code != coding.code:
            told = f"{_told(interview, coding)} i stedet for {former.code} ({_reason(coding)})"
            yield Change("flyttet", interview.id, coding.code, told)
    for coding in lost:
        told = f"{_told(interview, coding)} (nu for usikkert; før {_percent(coding.score)})"
        yield Change("væk", interview.id, coding.code, told)


def _key(coding: Coding) -> tuple[int, int, str]:
    return coding.start, coding.end, coding.code


def _overlap(first: Coding, second: Coding) -> bool:
    return first.start < second.end and second.start < first.end


def _told(interview: Interview, coding: Coding) -> str:
    quote = " ".join(interview.quote(coding.start, coding.end).split())
    return f"{interview.id}, tur {coding.turn}: {coding.code} »{quote}«"


def _reason(coding: Coding) -> str:
    reasons = [_percent(coding.score)]
    if coding.evidence.neighbours:
        reasons.append(f"ligner »{' '.join(coding.evidence.neighbours[0].text.split())}«")
    return ", ".join(reasons)


def _percent(score: float) -> str:
    return f"{round(100 * score)} %"
