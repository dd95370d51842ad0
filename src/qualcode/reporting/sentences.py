"""Sentences on how many speak of a theme, and how; numbers are those that may be printed."""

import re
from collections.abc import Sequence

from qualcode.analysis.suppression import Count
from qualcode.reporting.danish import how_many, in_letters, lower_first, upper_first
from qualcode.reporting.values import GroupCount, Ways

_CLAUSE = re.compile(r"hv(?:ad|em|ordan|orfor|ornår|or)\b")


def who(count: Count) -> str:
    """Return the subject of a sentence on people, with a capital.

    >>> who(Count(18, 18)), who(Count(None, 18, 3)), who(Count(None, 18))
    ('Alle 18 interviewpersoner', 'Færre end 3 af de 18 interviewpersoner', 'Nogle af de 18 interviewpersoner')
    >>> who(Count(None, 2, 3)), who(Count(None, 1, 3))
    ('Mindst én af de to interviewpersoner', 'Interviewpersonen')
    """
    if count.of == 1 and count.people != 0:
        return "Interviewpersonen"
    if count.people is not None:
        return upper_first(how_many(count.people, count.of))
    return f"{_hidden(count)} af de {in_letters(count.of)} interviewpersoner"


def _hidden(count: Count) -> str:
    """Return what may be said of a hidden number; that two are fewer than three goes without saying."""
    if count.below > count.of:
        return "Mindst én"
    return f"Færre end {count.below}" if count.below else "Nogle"


def about(theme: str) -> str:
    """Return what people speak of; a clause needs its comma.

    >>> about("Styring og regler"), about("Hvad det førte til")
    ('om styring og regler', 'om, hvad det førte til,')
    """
    name = lower_first(theme)
    return f"om, {name}," if _CLAUSE.match(name) else f"om {name}"


def speak_of_it(count: Count) -> str:
    """Return how many speak of a sub-theme, short.

    >>> speak_of_it(Count(5, 18)), speak_of_it(Count(18, 18)), speak_of_it(Count(None, 18, 3))
    ('5 af 18 taler om det.', 'Alle 18 taler om det.', 'Færre end 3 af de 18 taler om det.')
    """
    if count.people == count.of > 1:
        return f"Alle {count.of} taler om det."
    if count.people is not None:
        return f"{count.phrase} taler om det."
    if count.of == 1:
        return "Interviewpersonen taler om det."
    return f"{_hidden(count)} af de {in_letters(count.of)} taler om det."


def how(count: Count, ways: Ways) -> str:
    """Return how those who speak of a theme do so, as clauses; empty where no number may be printed.

    >>> zero = Count(0, 18)
    >>> how(Count(17, 18), Ways(Count(17, 18), Count(5, 18), Count(3, 18), zero))
    'alle 17 beskriver noget, der hjælper, 5 noget, der står i vejen, og 3 efterlyser noget'
    >>> how(Count(17, 18), Ways(zero, zero, Count(3, 18), zero))
    '3 efterlyser noget'
    """
    described = [
        (way.people, what)
        for way, what in ((ways.barrier, "noget, der står i vejen"), (ways.driver, "noget, der hjælper"))
        if way.people
    ]
    described.sort(key=lambda item: -item[0])
    told = [
        f"{_people(people, count)}{' beskriver' if not place else ''} {what}"
        for place, (people, what) in enumerate(described)
    ]
    if ways.need.people:
        told.append(f"{_people(ways.need.people, count)} efterlyser noget")
    return _clauses(told)


def _people(people: int, count: Count) -> str:
    if people != count.people or people < 3:
        return "én" if people == 1 else str(people)
    return "alle" if people == count.of else f"alle {people}"


def _clauses(told: Sequence[str]) -> str:
    """Join clauses with a comma before the last, too: each may end in a subordinate clause."""
    if len(told) < 2:
        return "".join(told)
    *most, last = told
    return f"{', '.join(most)}, og {last}"


def everywhere(groups: Sequence[GroupCount]) -> tuple[str, ...]:
    """Return the groups in which everybody speaks of a theme, where that sets them apart."""
    full = tuple(group.plural for group in groups if group.count.people == group.count.of > 1)
    return () if len(full) == len(groups) else full


def names(parts: Sequence[str]) -> list[str]:
    """Return names of sub-themes as they stand in running text."""
    return [f"»{lower_first(part)}«" for part in parts]


def for_readers(gist: str, subject: str) -> str:
    """Return a definition that speaks to coders ("Passagen handler om …") as one that speaks to readers.

    >>> for_readers("Passagen handler om tid.", "Temaet"), for_readers("Passagen beskriver en indsats.", "Temaet")
    ('Temaet handler om tid.', 'Interviewpersonerne beskriver en indsats.')
    >>> for_readers("Passagen er et råd til andre.", "Det")
    'Det er et råd til andre.'
    """
    told = re.sub(r"^Passagen (handler om|er)\b", rf"{subject} \1", gist)
    return re.sub(r"^Passagen\b", "Interviewpersonerne", told)
