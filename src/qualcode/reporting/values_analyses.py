"""What the chapters that a study asks for say (``analyses`` in ``study.yaml``), as plain values.

As in :mod:`qualcode.reporting.values`, numbers are those that may be printed; own templates see them by these names.
"""

from dataclasses import dataclass

from qualcode.analysis.suppression import Count


@dataclass(frozen=True, slots=True)
class Tally:
    """People, and the passages they say it in; passages are None wherever people are hidden."""

    people: Count
    passages: int | None


@dataclass(frozen=True, slots=True)
class Column:
    """People who are looked at together: all, a group of levels, a wave. ``name`` is in the plural."""

    name: str
    size: Count


@dataclass(frozen=True, slots=True)
class WaveTheme:
    """A theme from wave to wave.

    Attributes:
        change: from the first wave to the last, in shares; None where one of them is hidden or empty
        by_group: group (in the plural) → count a wave
    """

    code: str
    name: str
    anchor: str
    counts: tuple[Count, ...]
    change: float | None
    by_group: tuple[tuple[str, tuple[Count, ...]], ...]


@dataclass(frozen=True, slots=True)
class Waves:
    """Themes that grow or fade.

    Attributes:
        sentences: the changes from the first wave to the last that the numbers bear
        without: people whose interview has no wave
    """

    waves: tuple[Column, ...]
    themes: tuple[WaveTheme, ...]
    sentences: tuple[str, ...]
    without: Count


@dataclass(frozen=True, slots=True)
class Split:
    """The steps among some people.

    Attributes:
        counts: people a step, the lowest step first
        whole: people with a passage on any step
        median: place of the median passage's step, from 0; None where too few people speak of any
    """

    column: Column
    counts: tuple[Count, ...]
    whole: Count
    median: int | None


@dataclass(frozen=True, slots=True)
class Scale:
    """Passages placed on ordered steps, the lowest first.

    Attributes:
        all: everybody
        passages: passages a step, None where people are hidden
        by_group, by_wave: parts of them; empty where there is nothing to part
    """

    name: str
    gist: str
    steps: tuple[tuple[str, str], ...]
    all: Split
    passages: tuple[int | None, ...]
    by_group: tuple[Split, ...]
    by_wave: tuple[Split, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Where two sets of codes, or levels and codes, meet.

    Attributes:
        rows, columns: names
        roles: rows are roles named in the same turn; else the levels of those who speak
        cells: row × column
    """

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    roles: bool
    cells: tuple[tuple[Tally, ...], ...]


@dataclass(frozen=True, slots=True)
class ProfileCode:
    """A code among one group: passages that speak of it as driver and as barrier."""

    code: str
    name: str
    driver: Tally
    barrier: Tally

    @property
    def balance(self) -> int | None:
        """Driver passages minus barrier passages; None where one of them is hidden."""
        if self.driver.passages is None or self.barrier.passages is None:
            return None
        return self.driver.passages - self.barrier.passages


@dataclass(frozen=True, slots=True)
class Profile:
    """The balance of some codes, group by group.

    Attributes:
        by: what parts people: *niveau*, *forvaltning* or *interview*
        all: everybody
        groups: group → its codes; empty where no two groups are large enough
    """

    by: str
    all: tuple[ProfileCode, ...]
    groups: tuple[tuple[Column, tuple[ProfileCode, ...]], ...]


@dataclass(frozen=True, slots=True)
class Analyses:
    """The chapters a study asks for; None where it does not."""

    waves: Waves | None = None
    scale: Scale | None = None
    matrix: Matrix | None = None
    profile: Profile | None = None
