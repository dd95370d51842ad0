"""What a report is built from, and how a chosen passage becomes a printed quote."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from qualcode.analyses import AnalysisSettings
from qualcode.analysis import counts
from qualcode.analysis.groups import SOMEBODY, Group, group_names, grouped
from qualcode.analysis.quotes import CUT, Candidate, Pins, candidates
from qualcode.models import Code, Codebook, Interview, Kind
from qualcode.privacy.decisions import Gate
from qualcode.reporting.blocks import Quote
from qualcode.reporting.prose import Notes
from qualcode.reporting.source import SourceTexts

# Sounds of somebody thinking; the pause that goes with them goes as well.
_FILLER = re.compile(r"(?<!\w)(?:øh+m?|ehm?|hm+|mm+)(?!\w)(?:\s*(?:\.{2,}|…|,))?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Material:
    """All that a report is built from.

    Attributes:
        study: name of the study
        date: printed on the front
        informants: see :func:`qualcode.analysis.frames.informants_frame`
        codings: see :func:`qualcode.analysis.frames.codings_frame`; rejected ones count nowhere
        units: meaning units looked at
        sources: re-reads each quote where it stands
        small_cell: fewer people than this are not told
        thin_fillers: leave *øh* and the like out of quotes
        agreement: sentences on agreement between coders
        gate: the study's privacy gate, which looks at all that will be printed
        analyses: what the report has besides
    """

    title: str
    study: str
    date: datetime.date
    codebook: Codebook
    interviews: Sequence[Interview]
    informants: pd.DataFrame
    codings: pd.DataFrame
    units: int
    sources: SourceTexts
    notes: Notes
    small_cell: int = 3
    thin_fillers: bool = False
    agreement: tuple[str, ...] = ()
    gate: Gate = field(default_factory=Gate)
    analyses: AnalysisSettings = field(default_factory=AnalysisSettings)

    @cached_property
    def standing(self) -> pd.DataFrame:
        """The codings that count."""
        return counts.standing(self.codings)

    @cached_property
    def counted(self) -> pd.DataFrame:
        """The codings that count, with what counting needs; words are heavy to carry along."""
        return self.standing[["interview", "speaker", "turn", "start", "end", "level", "code", "valence"]]

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Groups of levels that may be named."""
        return grouped(counts.by_level(self.informants), self.small_cell)

    @cached_property
    def group_of(self) -> dict[str, str]:
        """Level → name of its group."""
        return group_names(self.groups)

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Group → how many people there are."""
        return {group.name: group.size for group in self.groups}

    @property
    def people(self) -> int:
        """How many informants there are."""
        return len(self.informants)

    @cached_property
    def themes(self) -> tuple[Code, ...]:
        """The codes that have a page: all at the top but the roles."""
        return tuple(code for code in self.codebook.top if code.kind is not Kind.ROLLE)

    def codes_of(self, theme: Code) -> tuple[str, ...]:
        """Return a theme's code and all under it."""
        return tuple(
            code.id for code in self.codebook.codes if code.id == theme.id or code.id.startswith(f"{theme.id}.")
        )

    @cached_property
    def pins(self) -> Pins:
        """The writer's list of quotes."""
        return self.notes.pins()

    @cached_property
    def candidates(self) -> Mapping[str, Sequence[Candidate]]:
        """Code → passages that may be quoted."""
        themed = {code for theme in self.themes for code in self.codes_of(theme)}
        found: dict[str, list[Candidate]] = {}
        for row in candidates(counts.of_codes(self.standing, themed), self.group_of, self.pins):
            found.setdefault(row.code, []).append(row)
        return found

    def quote(self, row: Candidate, *, anonymous: bool = False, tell_valence: bool = True) -> Quote:
        """Return a passage as it is printed, re-read from its transcript.

        Args:
            row: the passage
            anonymous: leave the group out
            tell_valence: say how it speaks of its theme

        Raises:
            QuoteError: the transcript no longer says so.
        """
        printed = self.sources.quote(row.person[0], row.start, row.end, row.quote)
        text = " ".join(printed.split())
        if self.thin_fillers:
            text = without_fillers(text)
        return Quote(
            id=row.id,
            text=f"{f'{CUT} ' if row.start > row.whole[1] else ''}{text}{f' {CUT}' if row.end < row.whole[2] else ''}",
            attribution=SOMEBODY if anonymous else row.group,
            valence=row.valence if tell_valence else "",
            approved=row.approved,
        )


def without_fillers(text: str) -> str:
    """Return a quote without sounds of thinking.

    >>> without_fillers("Øh, det er, øhm .. det er svært")
    'Det er, det er svært'
    """
    thinned = _FILLER.sub("", text).strip()
    return thinned[:1].upper() + thinned[1:] if text[:1].isupper() else thinned
