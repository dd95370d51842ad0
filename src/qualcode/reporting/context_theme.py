"""The themes of a report, in the codebook's order."""

import re
from collections.abc import Collection, Iterable, Sequence

import pandas as pd

from qualcode.analysis import counts
from qualcode.analysis.quotes import Candidate, Passage, Person, ThemeChoice, choose, shorten
from qualcode.analysis.suppression import Count, addends, cover, total
from qualcode.models import Code, Kind, Valence
from qualcode.reporting.blocks import Quote
from qualcode.reporting.danish import joined
from qualcode.reporting.material import Material
from qualcode.reporting.sentences import for_readers, how, who
from qualcode.reporting.values import GroupCount, Part, Theme, Ways

QUOTES = 6
AGAINST = 2
NEEDS = 4
# The best of a code's passages that the choice looks at.
LOOKED_AT = 200
_COLOR = "#4a5568"
# How a parent code's definition names what it leaves to the codes below.
_LEFT_TO_PARTS = re.compile(
    r", uden at det (?:drejer sig om|handler om|er)\b[^.]*|, (?:og )?som ikke hører (?:til i|under) de \w+ underkoder"
)
_OPPOSITE = {Valence.DRIVKRAFT: Valence.BARRIERE, Valence.BARRIERE: Valence.DRIVKRAFT, Valence.BEHOV: Valence.DRIVKRAFT}
_AGAINST = {
    Valence.BARRIERE: "Modstemmer: når det står i vejen",
    Valence.DRIVKRAFT: "Modstemmer: når det lykkes",
}


class ThemeBuilder:
    """Builds themes; remembers which passages are quoted, so that none is printed twice.

    Attributes:
        printed: the passages that were chosen, in the order of the report
    """

    def __init__(self, material: Material) -> None:
        self._material = material
        self._taken: set[Passage] = set()
        self._best: dict[tuple[str, frozenset[Valence]], list[Candidate]] = {}
        self._choices: dict[str, ThemeChoice] = {}
        self.printed: list[Candidate] = []

    def themes(self) -> tuple[Theme, ...]:
        """Return the themes that somebody speaks of."""
        spoken_of = [
            (code, found)
            for code in self._material.themes
            if len(found := counts.of_codes(self._material.counted, self._material.codes_of(code)))
        ]
        return tuple(self._theme(place, code, found) for place, (code, found) in enumerate(spoken_of, 1))

    def more(self, theme: str, people: Collection[Person], count: int) -> tuple[Quote, ...]:
        """Return more quotes of a theme that was built, by some people only, within the theme's limits."""
        choice = self._choices.get(theme)
        if choice is None:
            return ()
        codes = self._material.codes_of(self._material.codebook.by_id[theme])
        rows = [row for code in codes for row in self._material.candidates.get(code, ()) if row.person in people]
        return self._chosen(shorten(rows, LOOKED_AT, self._material.pins), count, choice)

    def _theme(self, number: int, code: Code, found: pd.DataFrame) -> Theme:
        material = self._material
        heard = _by_group(found, material)
        count = total(sum(heard.values()), material.people, material.small_cell)
        by_group = addends(count, heard, material.sizes, material.small_cell)
        ways = cover(count, _by_valence(found), material.small_cell)
        spoken = [part for part in self._parts(code) if (found["code"] == part.id).any()]
        part_counts = cover(
            count, {part.id: counts.people(found[found["code"] == part.id]) for part in spoken}, material.small_cell
        )
        hidden = {name for block in (by_group, ways, part_counts) for name, item in block.items() if item.hidden}
        choice = self._choices[code.id] = ThemeChoice(hidden)
        quotes, against, opposite = self._quotes(found, spoken, choice)
        needs = self._chosen(self._rows(spoken, {Valence.BEHOV}), NEEDS, choice)
        groups = tuple(GroupCount(group.name, group.plural, by_group[group.name]) for group in material.groups)
        shown_ways = Ways(
            *(ways[valence] for valence in (Valence.DRIVKRAFT, Valence.BARRIERE, Valence.BEHOV, Valence.NEUTRAL))
        )
        return Theme(
            number=number,
            code=code.id,
            name=code.name,
            kind=code.kind.value,
            color=code.color or _COLOR,
            gist=for_readers(_with_parts(code.gist) if len(spoken) > 1 else code.gist, "Temaet"),
            count=count,
            by_group=groups,
            ways=shown_ways,
            parts=tuple(
                Part(
                    code=part.id,
                    name=part.name,
                    gist=for_readers(part.gist, "Det"),
                    own=part.id == code.id,
                    count=part_counts[part.id],
                    quotes=tuple(quotes[part.id]),
                    text=material.notes.text(part.id) if part.id != code.id else (),
                )
                for part in spoken
            ),
            lead=_lead(count, shown_ways),
            thin=_thin(count, material.small_cell),
            silent=_silent(groups),
            against_title=_AGAINST.get(opposite, "") if opposite and against else "",
            against=against,
            needs=needs,
            text=material.notes.text(code.id),
        )

    def _parts(self, code: Code) -> list[Code]:
        """Return the codes of a theme, its own last: what fits in no sub-theme."""
        below = [self._material.codebook.by_id[item] for item in self._material.codes_of(code) if item != code.id]
        return [*below, code]

    def _quotes(
        self, found: pd.DataFrame, parts: Sequence[Code], choice: ThemeChoice
    ) -> tuple[dict[str, list[Quote]], tuple[Quote, ...], Valence | None]:
        """Return quotes by code, those against, and the valence of the latter."""
        mostly = _mostly(found)
        opposite = _OPPOSITE[mostly] if mostly else None
        others = set(Valence) - {opposite} if opposite else set(Valence)
        against = self._chosen(self._rows(parts, {opposite}), AGAINST, choice) if opposite else ()
        quotes: dict[str, list[Quote]] = {part.id: [] for part in parts}
        # One for each sub-theme, then more until the page is full.
        room = max(QUOTES, len(parts))
        for _ in range(QUOTES):
            for part in parts:
                if sum(len(chosen) for chosen in quotes.values()) < room:
                    quotes[part.id] += self._chosen(self._rows([part], others), 1, choice)
        return quotes, against, opposite

    def _rows(self, parts: Iterable[Code], valences: set[Valence]) -> list[Candidate]:
        found = []
        for part in parts:
            key = (part.id, frozenset(valences))
            if key not in self._best:
                rows = [row for row in self._material.candidates.get(part.id, ()) if Valence(row.valence) in valences]
                self._best[key] = shorten(rows, LOOKED_AT, self._material.pins)
            found += self._best[key]
        return found

    def _chosen(self, rows: list[Candidate], count: int, choice: ThemeChoice) -> tuple[Quote, ...]:
        chosen = choose(rows, count, choice, self._taken, self._material.pins)
        self.printed += chosen
        return tuple(self._material.quote(row) for row in chosen)


def _with_parts(gist: str) -> str:
    """Return a parent code's definition without what it leaves to the codes below: a theme takes them in.

    >>> _with_parts("Passagen handler om toppen, uden at det drejer sig om retning eller fodslag.")
    'Passagen handler om toppen.'
    """
    return _LEFT_TO_PARTS.sub("", gist)


def _by_group(found: pd.DataFrame, material: Material) -> dict[str, int]:
    heard = dict.fromkeys(material.sizes, 0)
    for level, people in counts.by_level(found).items():
        heard[material.group_of[level.value]] += people
    return heard


def _by_valence(found: pd.DataFrame) -> dict[str, int]:
    return {valence.value: counts.people(found[found["valence"] == valence.value]) for valence in Valence}


def _mostly(found: pd.DataFrame) -> Valence | None:
    """Return how most people speak of a theme, where one way is ahead of the others."""
    people = {valence: counts.people(found[found["valence"] == valence.value]) for valence in _OPPOSITE}
    first, second, *_ = sorted(people.values(), reverse=True)
    return max(people, key=lambda valence: people[valence]) if first > second else None


def _lead(count: Count, ways: Ways) -> str:
    told = how(count, ways)
    return f"{who(count)} taler om temaet{f'; {told}' if told else ''}."


def _thin(count: Count, small_cell: int) -> str:
    if count.people == 1:
        return "Temaet hviler på én interviewperson og kan ikke bære en konklusion."
    if count.below:
        return f"Temaet hviler på færre end {small_cell} interviewpersoner og kan ikke bære en konklusion."
    return ""


def _silent(groups: Sequence[GroupCount]) -> str:
    silent = [group.plural for group in groups if group.count.people == 0]
    return f"Der er ikke fundet passager om temaet hos {joined(silent, 'eller')}." if silent else ""


def roles(material: Material) -> list[tuple[Code, Count]]:
    """Return the roles that are spoken of, the most widely named first, those with hidden numbers last."""
    found = []
    for code in material.codebook.codes:
        if code.kind is Kind.ROLLE and code.parent is not None:
            people = counts.people(counts.of_codes(material.counted, [code.id]))
            if people:
                found.append((code, total(people, material.people, material.small_cell)))
    return sorted(found, key=lambda item: (-(item[1].people or 0), item[0].name))
