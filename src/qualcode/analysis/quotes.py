"""Choose the quotes that show a theme: strong, standing alone, spread over people and groups.

The choice is greedy and deterministic. Each next quote is the one with the best rank: pinned before all, what
analysts want shown, people not heard yet, passages of :data:`PLAIN` words, approved before suggested, passages that
stand alone, groups not heard yet, then the score. A passage is quoted once in a report; a person at most
:data:`PER_PERSON` times a theme. Where the number of people behind a code, a group or a valence is hidden (see
:mod:`qualcode.analysis.suppression`), its quotes come from one person, so that they do not tell the number.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from qualcode.coding.segments import count_words
from qualcode.models import Mark, Status, digest

PLAIN = range(20, 71)
PER_PERSON = 2
CUT = "[…]"
_ID_DIGITS = 8

Person = tuple[str, str]
Passage = tuple[str, int, int]

# Words that point back to what a quote leaves out.
_POINTS_BACK = frozenset(
    (
        "det den de han hun dem ham hende dette denne disse derfor sådan så og men for eller ja nej jo jamen okay der"
    ).split()
)
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'»«”)]*\s+(?=[^\s.])")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A coded passage that may be quoted.

    Attributes:
        id: names the words, not who said them: the same in every rendering
        coding: id of the coding
        person: interview and speaker
        start, end: what would be printed, as a span of the interview's text
        whole: the passage as coded
        group: name under which the person is quoted
        words: how many are printed
        alone: how far it is from standing alone, 0 best
    """

    id: str
    coding: str
    person: Person
    start: int
    end: int
    whole: Passage
    quote: str
    code: str
    valence: str
    group: str
    score: float
    approved: bool
    showcased: bool
    words: int
    alone: int


@dataclass(frozen=True, slots=True)
class Pins:
    """Quote ids that a writer wants printed, and those that must not be."""

    pinned: frozenset[str] = frozenset()
    unpinned: frozenset[str] = frozenset()


@dataclass
class ThemeChoice:
    """What has been quoted of one theme so far.

    Attributes:
        hidden: codes, groups and valences whose number of people is not told
    """

    hidden: Collection[str]
    people: Counter[Person] = field(default_factory=Counter)
    groups: Counter[str] = field(default_factory=Counter)
    only: dict[str, Person] = field(default_factory=dict)

    def allows(self, candidate: Candidate) -> bool:
        """Tell whether a quote keeps to the limits."""
        if self.people[candidate.person] >= PER_PERSON:
            return False
        return all(self.only.get(key, candidate.person) == candidate.person for key in self._limited(candidate))

    def add(self, candidate: Candidate) -> None:
        """Count a quote."""
        self.people[candidate.person] += 1
        self.groups[candidate.group] += 1
        for key in self._limited(candidate):
            self.only[key] = candidate.person

    def _limited(self, candidate: Candidate) -> list[str]:
        return [key for key in (candidate.code, candidate.group, candidate.valence) if key in self.hidden]


def candidates(codings: pd.DataFrame, groups: Mapping[str, str], pins: Pins = Pins()) -> list[Candidate]:
    """Return the passages that may be quoted, sorted by place; withheld and unpinned ones are left out.

    Args:
        codings: frame of codings with the column ``mark``
        groups: level → name of its group
        pins: the writer's list
    """
    seen: dict[str, dict[Passage, str]] = {}
    rows = codings.sort_values(["interview", "start", "end", "code"]).to_dict("records")
    withheld = {(row["interview"], row["start"], row["end"]) for row in rows if row["mark"] == Mark.WITHHOLD.value}
    found = []
    for row in rows:
        passage = (str(row["interview"]), int(row["start"]), int(row["end"]))
        if row["status"] == Status.AFVIST.value or _overlaps(passage, withheld):
            continue
        name = _name(passage, row["quote"], seen)
        if name in pins.unpinned:
            continue
        first, last = excerpt(row["quote"])
        printed = row["quote"][first:last]
        found.append(
            Candidate(
                id=name,
                coding=row["coding_id"],
                person=(row["interview"], row["speaker"]),
                start=passage[1] + first,
                end=passage[1] + last,
                whole=passage,
                quote=printed,
                code=row["code"],
                valence=row["valence"],
                group=groups[row["level"]],
                score=float(row["score"]),
                approved=row["status"] == Status.GODKENDT.value,
                showcased=row["mark"] == Mark.SHOWCASE.value,
                words=count_words(printed),
                alone=_leans(printed),
            )
        )
    return found


def choose(
    rows: Iterable[Candidate],
    count: int,
    theme: ThemeChoice,
    taken: set[Passage],
    pins: Pins = Pins(),
) -> list[Candidate]:
    """Return up to ``count`` quotes, counted in ``theme`` and added to ``taken``.

    Args:
        rows: candidates
        count: how many quotes at most
        theme: what has been quoted of the theme
        taken: passages quoted elsewhere in the report
        pins: the writer's list
    """
    free = sorted(rows, key=lambda row: (row.person, row.start, row.code))
    chosen: list[Candidate] = []
    while len(chosen) < count:
        free = [row for row in free if theme.allows(row) and not _overlaps(row.whole, taken)]
        if not free:
            break
        best = min(free, key=lambda row: _rank(row, theme, pins))
        chosen.append(best)
        theme.add(best)
        taken.add(best.whole)
    return chosen


def excerpt(text: str) -> tuple[int, int]:
    """Return what to print of a passage: all of it, or the whole sentences that fit into the length of :data:`PLAIN`.

    A passage with more words than that is cut between sentences, from the first that stands alone; one whose
    sentences are too long is left whole.

    >>> excerpt("Kort og godt.")
    (0, 13)
    """
    if count_words(text) < PLAIN.stop:
        return 0, len(text)
    starts = [0, *(match.end() for match in _SENTENCE_END.finditer(text))]
    ends = [*(match.start() for match in _SENTENCE_END.finditer(text)), len(text)]
    windows = []
    for place, start in enumerate(starts):
        fitting = [end for end in ends[place:] if count_words(text[start:end]) in PLAIN]
        if fitting:
            windows.append((_leans(text[start : fitting[-1]]), place, start, fitting[-1]))
    if not windows:
        return 0, len(text)
    _, _, start, end = min(windows)
    return start, end


def shorten(rows: Sequence[Candidate], most: int, pins: Pins = Pins()) -> list[Candidate]:
    """Return the best candidates by themselves, so that choosing among thousands stays quick."""
    return sorted(rows, key=lambda row: (_rank(row, ThemeChoice(()), pins), row.person, row.start))[:most]


def _rank(row: Candidate, theme: ThemeChoice, pins: Pins) -> tuple[bool, bool, int, bool, bool, int, int, float]:
    return (
        row.id not in pins.pinned,
        not row.showcased,
        theme.people[row.person],
        row.words not in PLAIN,
        not row.approved,
        row.alone,
        theme.groups[row.group],
        -row.score,
    )


def _leans(text: str) -> int:
    """Tell how far a quote is from standing alone: it points back, begins or ends in the middle of a sentence."""
    words = re.findall(r"\w+", text[:60])
    points_back = bool(words) and words[0].lower() in _POINTS_BACK
    begins_inside = not text[:1].isupper() and not text[:1].isdigit()
    ends_inside = not text.rstrip("\"'»«”) ").endswith((".", "!", "?", "…", "]"))
    return 2 * points_back + begins_inside + ends_inside


def _name(passage: Passage, quote: str, seen: dict[str, dict[Passage, str]]) -> str:
    """Return the id of the passage's words; the same words said twice get a number."""
    words = digest(" ".join(quote.split()))[:_ID_DIGITS]
    same = seen.setdefault(words, {})
    if passage not in same:
        same[passage] = words if not same else f"{words}-{len(same) + 1}"
    return same[passage]


def _overlaps(passage: Passage, taken: Iterable[Passage]) -> bool:
    interview, start, end = passage
    return any(other == interview and first < end and start < last for other, first, last in taken)
