"""Where a passage stands: the question it answers, and what else is said in the same turn.

People answer what they were asked and stay with a subject for a while, so both tell what a vague passage is about.
"""

from dataclasses import dataclass

from qualcode.coding.segments import FEWEST, count_words
from qualcode.models import Interview, Turn

# Characters of the turn before a passage, and after it, that count as around it.
REACH = 600


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The interviewer's question, and the talk around a passage; each empty where there is none."""

    asked: str
    around: str


def surroundings(interview: Interview, start: int, end: int) -> Surroundings:
    """Return where the span ``[start, end)`` stands, which begins within a respondent's turn."""
    turn = next(turn for turn in interview.turns if turn.start <= start < turn.end)
    return Surroundings(
        question(interview, turn), around(interview.quote(turn.start, turn.end), turn.start, start, end)
    )


def question(interview: Interview, turn: Turn) -> str:
    """Return the interviewer's last words before a turn that are more than a *mm, ja*."""
    for earlier in reversed([other for other in interview.turns if other.start < turn.start and other.interviewer]):
        text = interview.quote(earlier.start, earlier.end)
        if count_words(text) >= FEWEST:
            return text
    return ""


def around(text: str, offset: int, start: int, end: int) -> str:
    """Return whole words of a turn before and after a span.

    Args:
        text: the turn's
        offset: where it begins in the interview
        start: of the span, in the interview
        end: of the span

    >>> around("Det er koldt. Vi har brug for tid. Det siger alle.", 100, 114, 134)
    'Det er koldt. Det siger alle.'
    """
    before, after = text[: start - offset], text[end - offset :]
    if len(before) > REACH:
        before = before[-REACH:].partition(" ")[2]
    if len(after) > REACH:
        after = after[:REACH].rpartition(" ")[0]
    return f"{before.strip()} {after.strip()}".strip()
