"""The one report context: everything a report says, as plain values, the same for every format."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from qualcode import __version__
from qualcode.analysis import counts
from qualcode.analysis.quotes import choose
from qualcode.models import Code, Codebook, Interview, Kind, Level, Status, Valence
from qualcode.reporting.danish import PLURALS, count_of, joined
from qualcode.reporting.source import SourceTexts

QUOTES_PER_CODE = 3
FINDINGS = 5


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote to print: verbatim words, line breaks turned to spaces, attributed by level only."""

    id: str
    text: str
    level: str
    valence: str
    approved: bool


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many informants; ``percent`` is rounded to whole numbers."""

    people: int
    of: int

    @property
    def percent(self) -> int:
        """Share in per cent, 0 when there is nobody."""
        return round(100 * self.people / self.of) if self.of else 0


@dataclass(frozen=True, slots=True)
class LevelShare:
    """A level's share: name in the singular and plural."""

    level: str
    plural: str
    share: Share


@dataclass(frozen=True, slots=True)
class Balance:
    """Passages by valence, with their share of all in whole per cent."""

    drivers: int
    barriers: int
    needs: int
    neutral: int

    @property
    def total(self) -> int:
        """All passages."""
        return self.drivers + self.barriers + self.needs + self.neutral

    def percent(self, count: int) -> float:
        """Return a count as per cent of all passages."""
        return round(100 * count / self.total, 1) if self.total else 0


@dataclass(frozen=True, slots=True)
class SubTheme:
    """A code under a theme, or the theme's own codings, with its quotes."""

    code: str
    name: str
    gist: str
    share: Share
    balance: Balance
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """A top-level code with all under it."""

    code: str
    name: str
    kind: str
    color: str
    gist: str
    share: Share
    by_level: tuple[LevelShare, ...]
    balance: Balance
    subthemes: tuple[SubTheme, ...]
    silent: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """Id for links."""
        return f"tema-{self.code}"


@dataclass(frozen=True, slots=True)
class RoleSpokenOf:
    """A role that informants name."""

    name: str
    share: Share
    mentions: int


@dataclass(frozen=True, slots=True)
class Method:
    """How the material was made and coded."""

    interviews: int
    informants: int
    words: int
    by_level: tuple[LevelShare, ...]
    departments: tuple[str, ...]
    units: int
    codings: int
    reviewed: int
    codebook: str
    codebook_version: str
    version: str


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report."""

    title: str
    date: str
    method: Method
    findings: tuple[tuple[str, str], ...]
    themes: tuple[Theme, ...]
    levels: tuple[str, ...]
    roles: tuple[RoleSpokenOf, ...]


def build_report(
    title: str,
    date: datetime.date,
    codebook: Codebook,
    interviews: Sequence[Interview],
    informants: pd.DataFrame,
    codings: pd.DataFrame,
    units: int,
    sources: SourceTexts,
) -> Report:
    """Return the report on a study's codings.

    Args:
        title: heading
        date: printed on the front
        codebook: gives the order of the themes
        interviews: all of the study
        informants: see :func:`qualcode.analysis.frames.informants_frame`
        codings: see :func:`qualcode.analysis.frames.codings_frame`
        units: meaning units looked at
        sources: re-reads each quote where it stands

    Raises:
        QuoteError: a quote is no longer in its source.
    """
    builder = _Builder(codebook, informants, counts.standing(codings), sources)
    themes = tuple(
        theme for code in codebook.top if code.kind is not Kind.ROLLE if (theme := builder.theme(code)).share.people
    )
    return Report(
        title=title,
        date=f"{date.day}. {_MONTHS[date.month - 1]} {date.year}",
        method=_method(codebook, interviews, informants, codings, units),
        findings=tuple(_findings(themes)),
        themes=themes,
        levels=tuple(level.value for level in builder.levels),
        roles=builder.roles(),
    )


_MONTHS = "januar februar marts april maj juni juli august september oktober november december".split()


class _Builder:
    """Builds themes; remembers which passages are quoted, so that none is printed twice."""

    def __init__(
        self, codebook: Codebook, informants: pd.DataFrame, codings: pd.DataFrame, sources: SourceTexts
    ) -> None:
        self.codebook = codebook
        self.codings = codings
        self.sources = sources
        self.levels: Mapping[Level, int] = counts.by_level(informants)
        self.everybody = len(informants)
        self.taken: set[tuple[str, int, int]] = set()

    def theme(self, code: Code) -> Theme:
        children = self.codebook.children(code.id)
        mine = counts.of_codes(self.codings, [code.id, *(child.id for child in children)])
        heard = counts.by_level(mine)
        by_level = tuple(
            LevelShare(level.value, PLURALS[level], Share(heard.get(level, 0), of)) for level, of in self.levels.items()
        )
        subthemes = [self._subtheme(child) for child in children]
        own = self._subtheme(code)
        return Theme(
            code=code.id,
            name=code.name,
            kind=code.kind.value,
            color=code.color or "#4a5568",
            gist=code.gist,
            share=Share(counts.people(mine), self.everybody),
            by_level=by_level,
            balance=_balance(mine),
            subthemes=tuple(part for part in (own, *subthemes) if part.share.people),
            silent=tuple(
                item.plural for item in by_level if not item.share.people and item.level != Level.UKENDT.value
            ),
        )

    def _subtheme(self, code: Code) -> SubTheme:
        mine = counts.of_codes(self.codings, [code.id])
        rows = choose(mine, QUOTES_PER_CODE, self.taken)
        return SubTheme(
            code=code.id,
            name=code.name,
            gist=code.gist,
            share=Share(counts.people(mine), self.everybody),
            balance=_balance(mine),
            quotes=tuple(self._quote(row) for _, row in rows.iterrows()),
        )

    def _quote(self, row: pd.Series) -> Quote:
        text = self.sources.quote(row["interview"], int(row["start"]), int(row["end"]), row["quote"])
        return Quote(
            id=row["coding_id"],
            text=" ".join(text.split()),
            level=row["level"] if row["level"] != Level.UKENDT.value else "informant",
            valence=row["valence"],
            approved=row["status"] == Status.GODKENDT.value,
        )

    def roles(self) -> tuple[RoleSpokenOf, ...]:
        """Return the roles spoken of, the most widely named first."""
        found = []
        for code in self.codebook.codes:
            mine = counts.of_codes(self.codings, [code.id])
            if code.kind is Kind.ROLLE and len(mine):
                found.append(RoleSpokenOf(code.name, Share(counts.people(mine), self.everybody), len(mine)))
        return tuple(sorted(found, key=lambda role: (-role.share.people, -role.mentions, role.name)))


def _balance(codings: pd.DataFrame) -> Balance:
    passages = counts.balance(codings)
    return Balance(
        drivers=passages[Valence.DRIVKRAFT],
        barriers=passages[Valence.BARRIERE],
        needs=passages[Valence.BEHOV],
        neutral=passages[Valence.NEUTRAL],
    )


def _method(
    codebook: Codebook,
    interviews: Sequence[Interview],
    informants: pd.DataFrame,
    codings: pd.DataFrame,
    units: int,
) -> Method:
    levels = counts.by_level(informants)
    return Method(
        interviews=len(interviews),
        informants=len(informants),
        words=int(informants["words"].sum()),
        by_level=tuple(
            LevelShare(level.value, count_of(count, level), Share(count, len(informants)))
            for level, count in levels.items()
        ),
        departments=tuple(sorted(informants["department"].dropna().unique())),
        units=units,
        codings=len(codings),
        reviewed=int((codings["status"] != Status.FORESLAAET.value).sum()),
        codebook=codebook.title,
        codebook_version=codebook.version,
        version=__version__,
    )


def _findings(themes: Sequence[Theme]) -> list[tuple[str, str]]:
    """Return (anchor, sentence) for the themes that most people speak of."""
    carried = sorted(themes, key=lambda theme: -theme.share.people)[:FINDINGS]
    return [(theme.anchor, _finding(theme)) for theme in carried]


def _finding(theme: Theme) -> str:
    sentence = f"{theme.share.people} af {theme.share.of} interviewpersoner taler om {theme.name.lower()}"
    counted = [
        (theme.balance.barriers, "som barriere"),
        (theme.balance.drivers, "som drivkraft"),
        (theme.balance.needs, "som behov"),
    ]
    strongest, how = max(counted, key=lambda item: item[0])
    if strongest > theme.balance.total / 2:
        sentence += f", oftest {how}"
    named = sorted((part for part in theme.subthemes if part.code != theme.code), key=lambda part: -part.share.people)[
        :2
    ]
    if named:
        sentence += f"; mest fremme er {joined([part.name.lower() for part in named])}"
    return sentence + "."
