"""What people decided, as passages to learn from."""

from collections.abc import Iterable, Mapping

from qualcode.coding.surroundings import surroundings
from qualcode.models import Coding, Example, Interview, Status

Span = tuple[str, int, int]


def taught_by(codings: Iterable[Coding], interviews: Mapping[str, Interview]) -> tuple[Example, ...]:
    """Return decided passages as examples, sorted by place; those of one interview are of one group.

    A passage that codes were accepted on carries them; one that codes were only rejected on is a near miss of them.
    Suggestions that nobody decided on teach nothing.

    Args:
        codings: effective codings
        interviews: id → interview
    """
    by_span: dict[Span, list[Coding]] = {}
    for coding in codings:
        if coding.status is not Status.FORESLAAET:
            by_span.setdefault((coding.interview, coding.start, coding.end), []).append(coding)
    return tuple(
        _example(interviews[interview], start, end, by_span[interview, start, end])
        for interview, start, end in sorted(by_span)
    )


def _example(interview: Interview, start: int, end: int, codings: list[Coding]) -> Example:
    accepted = sorted({coding.code for coding in codings if coding.status is Status.GODKENDT})
    rejected = sorted({coding.code for coding in codings if coding.status is Status.AFVIST} - set(accepted))
    valences = {coding.valence for coding in codings if coding.status is Status.GODKENDT}
    place = surroundings(interview, start, end)
    return Example(
        text=interview.quote(start, end),
        codes=tuple(accepted),
        near_miss_of=tuple(rejected),
        # Two valences on one passage belong to two codes; the example has room for one.
        valence=valences.pop() if len(valences) == 1 else None,
        group=f"interview {interview.id}",
        asked=place.asked,
        around=place.around,
    )
