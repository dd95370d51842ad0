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


Picture = Prevalence | Balance | Network | Curve
