"""What the figures show, as values: drawn by :mod:`qualcode.reporting.figures`, read by tests.

Numbers are those that may be printed; None stands for a hidden one.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prevalence:
    """Share of each group that speaks of each theme.

    Attributes:
        themes: (name, anchor), top down
        groups: names of the groups
        shares: theme × group, in [0, 1]
        labels: theme × group, what is written in the field
    """

    themes: tuple[tuple[str, str], ...]
    groups: tuple[str, ...]
    shares: tuple[tuple[float | None, ...], ...]
    labels: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """People who speak of each theme as barrier (to the left), driver and need (to the right)."""

    themes: tuple[tuple[str, str], ...]
    barriers: tuple[int | None, ...]
    drivers: tuple[int | None, ...]
    needs: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """Themes as nodes, people who speak of both as edges.

    Attributes:
        nodes: (name, anchor, people); None where the number is hidden
        edges: (first, second, people) by place in ``nodes``
    """

    nodes: tuple[tuple[str, str, int | None], ...]
    edges: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """Codes found after so many interviews; ``reached`` marks saturation."""

    points: tuple[tuple[int, int], ...]
    reached: int | None


@dataclass(frozen=True, slots=True)
class Slopes:
    """Share of people who speak of each theme, wave by wave.

    Attributes:
        waves: what stands under each point in time
        lines: name → share a wave, in [0, 1]; None where it is hidden
    """

    waves: tuple[str, ...]
    lines: tuple[tuple[str, tuple[float | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class Stairs:
    """Share of people with a passage on each step, a column for each group of people.

    Attributes:
        steps: names, the lowest first
        groups: names
        shares: group × step, in [0, 1]
        labels: group × step, what is written in the field
        medians: place of the median step a group
    """

    steps: tuple[str, ...]
    groups: tuple[str, ...]
    shares: tuple[tuple[float | None, ...], ...]
    labels: tuple[tuple[str, ...], ...]
    medians: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Profiles:
    """Passages that speak of each code as barrier (to the left) and driver (to the right), a column for each group.

    Attributes:
        codes, groups: names
        barriers, drivers: group × code
    """

    codes: tuple[str, ...]
    groups: tuple[str, ...]
    barriers: tuple[tuple[int | None, ...], ...]
    drivers: tuple[tuple[int | None, ...], ...]


Picture = Prevalence | Balance | Network | Curve | Slopes | Stairs | Profiles
