"""What was left uncoded: how much of the respondents' speech, and which turns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from qualcode.coding.segments import count_words
from qualcode.models import Interview


@dataclass(frozen=True, slots=True)
class Uncoded:
    """A respondent's turn without any coding."""

    interview: str
    turn: int
    start: int
    end: int
    level: str
    words: int


def words_coded(interviews: Iterable[Interview], codings: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """Return level → (words with a coding, words in all) of the respondents' speech."""
    spans = _spans(codings)
    words: dict[str, tuple[int, int]] = {}
    for interview in interviews:
        merged = _merged(spans.get(interview.id, []))
        for turn in interview.responses():
            level = interview.informant(turn.speaker).level.value
            cuts = [(max(start, turn.start), min(end, turn.end)) for start, end in merged]
            coded = sum(count_words(interview.quote(start, end)) for start, end in cuts if start < end)
            before = words.get(level, (0, 0))
            words[level] = (before[0] + coded, before[1] + count_words(interview.quote(turn.start, turn.end)))
    return words


def uncoded_turns(interviews: Iterable[Interview], codings: pd.DataFrame, at_least: int) -> list[Uncoded]:
    """Return the respondents' turns of some length that no coding touches, the longest first."""
    spans = _spans(codings)
    found = []
    for interview in interviews:
        mine = spans.get(interview.id, [])
        for turn in interview.responses():
            if any(start < turn.end and turn.start < end for start, end in mine):
                continue
            words = count_words(interview.quote(turn.start, turn.end))
            if words >= at_least:
                level = interview.informant(turn.speaker).level.value
                found.append(Uncoded(interview.id, turn.number, turn.start, turn.end, level, words))
    return sorted(found, key=lambda item: (-item.words, item.interview, item.turn))


def _spans(codings: pd.DataFrame) -> dict[str, list[tuple[int, int]]]:
    spans: dict[str, list[tuple[int, int]]] = {}
    for interview, start, end in zip(codings["interview"], codings["start"], codings["end"], strict=True):
        spans.setdefault(interview, []).append((int(start), int(end)))
    return spans


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
