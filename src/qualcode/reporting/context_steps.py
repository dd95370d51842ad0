"""Codes under one parent among groups of people who divide the study: levels or waves.

Used where a study asks for a scale, or for levels against codes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from qualcode.analysis import counts
from qualcode.analysis.crosstab import Crosstab, protected
from qualcode.analysis.suppression import Count, addends, cover, total
from qualcode.models import Code
from qualcode.reporting.material import Material
from qualcode.reporting.values import Theme


@dataclass(frozen=True)
class Steps:
    """The codes under a parent, and how many people have each.

    Attributes:
        parent: the code above
        codes: those under it, in the codebook's order
        found: codings with one of them or what is under it; column ``step`` names which
        whole: people with any of them
        counts: code → people
    """

    parent: Code
    codes: tuple[Code, ...]
    found: pd.DataFrame
    whole: Count
    counts: Mapping[str, Count]

    def passages(self, code: str) -> int:
        """Return how many passages have a code."""
        return passages(self.found[self.found["step"] == code])


def passages(found: pd.DataFrame) -> int:
    """Return how many passages some codings stand on."""
    return len(found[["interview", "start", "end"]].drop_duplicates())


def steps_of(material: Material, parent: str, themes: Sequence[Theme]) -> Steps:
    """Return the codes under a parent with the people who have each; what a theme's page hides is hidden here, too."""
    codes = material.codebook.children(parent)
    step_of = {below: code.id for code in codes for below in material.codes_of(code)}
    found = material.counted.assign(step=material.counted["code"].map(step_of)).dropna(subset=["step"])
    whole = total(counts.people(found), material.people, material.small_cell)
    people = {code.id: counts.people(found[found["step"] == code.id]) for code in codes}
    hidden = {part.code for theme in themes for part in theme.parts if part.count.hidden}
    shown = {
        code: Count(None, count.of, count.below) if code in hidden else count
        for code, count in cover(whole, people, material.small_cell).items()
    }
    return Steps(material.codebook.by_id[parent], codes, found, whole, shown)


def among(
    material: Material, steps: Steps, group_of: Callable[[pd.DataFrame], pd.Series], sizes: Mapping[str, int]
) -> tuple[dict[tuple[str, str], Count], dict[str, Count]]:
    """Return people by (code, group), and by group with any of the codes.

    Args:
        material: of the report
        steps: the codes
        group_of: gives the group of each coding
        sizes: group → people; groups that divide everybody
    """
    group = group_of(steps.found)
    heard = {name: counts.people(steps.found[group == name]) for name in sizes}
    wholes = addends(steps.whole, heard, sizes, material.small_cell)
    cells = {
        (code.id, name): counts.people(steps.found[(group == name) & (steps.found["step"] == code.id)])
        for code in steps.codes
        for name in sizes
    }
    return protected(
        Crosstab(cells, steps.counts, wholes, {cell: sizes[cell[1]] for cell in cells}), material.small_cell
    ), wholes
