"""What a report says, as plain values: numbers that may be printed, chosen quotes, sentences.

Own templates see these values by these names (``docs/report.md``).
"""

from dataclasses import dataclass

from qualcode.analysis.differences import Difference
from qualcode.analysis.groups import Group
from qualcode.analysis.saturation import Saturation
from qualcode.analysis.suppression import Count
from qualcode.reporting.blocks import Block, Finding, Quote
from qualcode.reporting.values_analyses import Analyses


@dataclass(frozen=True, slots=True)
class GroupCount:
    """People of one group: its name in the singular and plural."""

    name: str
    plural: str
    count: Count


@dataclass(frozen=True, slots=True)
class Ways:
    """People who speak of a theme as driver, barrier, need, or neutrally; one person may count several times."""

    driver: Count
    barrier: Count
    need: Count
    neutral: Count


@dataclass(frozen=True, slots=True)
class Part:
    """A code of a theme: a sub-theme, or the theme's own codings (``own``)."""

    code: str
    name: str
    gist: str
    own: bool
    count: Count
    quotes: tuple[Quote, ...]
    text: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """A top-level code with all under it.

    Attributes:
        lead: how many speak of it, and how, in a sentence or two
        thin: a warning where it rests on very few people, else empty
        silent: who does not speak of it, else empty
        against: the opposite of how the theme is mostly spoken of, with quotes that say so
        needs: passages that want something, not quoted elsewhere
        text: the writer's own
    """

    number: int
    code: str
    name: str
    kind: str
    color: str
    gist: str
    count: Count
    by_group: tuple[GroupCount, ...]
    ways: Ways
    parts: tuple[Part, ...]
    lead: str
    thin: str
    silent: str
    against_title: str
    against: tuple[Quote, ...]
    needs: tuple[Quote, ...]
    text: tuple[Block, ...]

    @property
    def anchor(self) -> str:
        """Id for links."""
        return f"tema-{self.code}"

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """All quotes of the theme's page."""
        return (*(quote for part in self.parts for quote in part.quotes), *self.against)


@dataclass(frozen=True, slots=True)
class Method:
    """How the material was made and coded.

    Attributes:
        codings: those that count, rejected ones left out
        suggested: codings that nobody has looked at
        reviewed: codings that an analyst has accepted, rejected or made
        paragraphs: the method in words
        by_group, departments, waves: name → people; departments and waves may be empty
        facts: what else there is to know: (what, how much)
        agreement: what is known of agreement between coders; empty where nobody measured it
    """

    interviews: int
    informants: int
    words: int
    units: int
    codings: int
    suggested: int
    reviewed: int
    analysts: int
    codebook: str
    codebook_version: str
    version: str
    paragraphs: tuple[str, ...]
    by_group: tuple[GroupCount, ...]
    departments: tuple[tuple[str, Count], ...]
    waves: tuple[tuple[str, Count], ...]
    facts: tuple[tuple[str, str], ...]
    agreement: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodeCount:
    """People who have a passage with a code."""

    code: str
    name: str
    count: Count


@dataclass(frozen=True, slots=True)
class Front:
    """People who act as front figures: how many, what they tell of in sentences, quotes not printed elsewhere."""

    people: Count
    sentences: tuple[str, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class FrontFigure:
    """Somebody who acts as a front figure, and the passages that say so: (turn, way of working, words)."""

    interview: str
    speaker: str
    role: str
    passages: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True, slots=True)
class Across:
    """What is seen across themes.

    Attributes:
        together: theme × theme (by code), people who speak of both in one turn; each pair once
        differences: those the numbers bear, and the same in sentences
        front: what may be told of front figures; None where the codebook has none
    """

    together: tuple[tuple[str, str, Count], ...]
    saturation: Saturation | None
    differences: tuple[Difference, ...]
    difference_sentences: tuple[str, ...]
    roles: tuple[CodeCount, ...]
    front: Front | None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A barrier and the place for what should be done about it."""

    theme: Theme
    sentence: str
    slot: str
    text: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """A line of the codebook appendix."""

    code: str
    name: str
    kind: str
    gist: str
    depth: int


@dataclass(frozen=True, slots=True)
class Appendix:
    """What stands behind the report.

    Attributes:
        codebook: all codes
        approved: theme → all approved quotes
        coverage: group → words coded, words in all
        coreq: number, item, what is known
    """

    codebook: tuple[CodeEntry, ...]
    approved: tuple[tuple[str, tuple[Quote, ...]], ...]
    coverage: tuple[tuple[str, int, int], ...]
    coreq: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote stands, for the local view of the sources: question before, the turn around the quote."""

    quote: str
    code: str
    coding: str
    interview: str
    turn: int
    role: str
    question: str
    before: str
    text: str
    after: str


@dataclass(frozen=True, slots=True)
class Sources:
    """For those who work with the study only: where quotes stand, and what the report may not tell.

    Attributes:
        front: those who act as front figures
        front_others: other interviews with passages on front figures
        lonely: codes that rest on one person: (name, interview)
        uncoded: long turns without a coding: (interview, turn, words, beginning of the text)
        lost_pins: ids in the writer's list of pins that no passage that may be quoted has
    """

    places: tuple[Place, ...]
    front: tuple[FrontFigure, ...]
    front_others: tuple[str, ...]
    lonely: tuple[tuple[str, str], ...]
    uncoded: tuple[tuple[str, int, int, str], ...]
    lost_pins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report."""

    title: str
    study: str
    date: str
    year: int
    draft: bool
    small_cell: int
    people: int
    groups: tuple[Group, ...]
    method: Method
    findings: tuple[Finding, ...]
    summary: tuple[Block, ...]
    themes: tuple[Theme, ...]
    across: Across
    analyses: Analyses
    recommending: tuple[Block, ...]
    recommendations: tuple[Recommendation, ...]
    appendix: Appendix
    sources: Sources

    def theme(self, code: str) -> Theme | None:
        """Return the theme with that code."""
        return next((theme for theme in self.themes if theme.code == code), None)
