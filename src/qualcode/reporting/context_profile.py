"""The balance of driver and barrier passages for some codes, group by group."""

from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from qualcode.analyses import BY_LEVEL, ProfileSettings
from qualcode.analysis import counts
from qualcode.analysis.suppression import Count, addends, total
from qualcode.models import Code, Valence
from qualcode.reporting.context_steps import passages
from qualcode.reporting.material import Material
from qualcode.reporting.values import Theme
from qualcode.reporting.values_analyses import Column, Profile, ProfileCode, Tally

OTHERS = "øvrige"
_BY = {"level": "niveau", "department": "forvaltning", "interview": "interview"}
Person = tuple[str, str]


def profile(material: Material, asked: ProfileSettings, themes: Sequence[Theme]) -> Profile:
    """Return the profile that the study asks for."""
    group_of = _groups(material, asked.by)
    sizes = Counter(group_of.values())
    names = [name for name in sizes if name != OTHERS] + ([OTHERS] if OTHERS in sizes else [])
    codes = [material.codebook.by_id[code] for code in asked.codes]
    counted = {
        code.id: _of_code(material, code, group_of, {name: sizes[name] for name in names}, themes) for code in codes
    }
    plural = {group.name: group.plural for group in material.groups} if asked.by == BY_LEVEL else {}
    return Profile(
        by=_BY[asked.by],
        all=tuple(counted[code.id][0] for code in codes),
        groups=tuple(
            (
                Column(plural.get(name, name), Count(sizes[name], material.people)),
                tuple(counted[code.id][1][name] for code in codes),
            )
            for name in names
        )
        if len(names) > 1
        else (),
    )


def _groups(material: Material, by: str) -> dict[Person, str]:
    """Return person → group; groups that are too small are joined, and as many others as that takes."""
    frame = material.informants
    people = list(zip(frame["interview"], frame["speaker"], strict=True))
    if by == BY_LEVEL:
        return dict(zip(people, frame["level"].map(material.group_of), strict=True))
    of = dict(zip(people, frame[by].fillna(OTHERS).astype(str), strict=True))
    sizes = Counter(of.values())
    joined = {name for name, size in sizes.items() if size < material.small_cell or name == OTHERS}
    left = sorted((name for name in sizes if name not in joined), key=lambda name: (sizes[name], name))
    while joined and left and sum(sizes[name] for name in joined) < material.small_cell:
        joined.add(left.pop(0))
    return {person: OTHERS if name in joined else name for person, name in of.items()}


def _of_code(
    material: Material, code: Code, group_of: Mapping[Person, str], sizes: Mapping[str, int], themes: Sequence[Theme]
) -> tuple[ProfileCode, dict[str, ProfileCode]]:
    found = counts.of_codes(material.counted, material.codes_of(code))
    pages = {theme.code: theme.ways for theme in themes}
    ways = pages.get(code.id)
    all_driver, driver = _tallies(material, found, Valence.DRIVKRAFT, group_of, sizes, ways.driver if ways else None)
    all_barrier, barrier = _tallies(material, found, Valence.BARRIERE, group_of, sizes, ways.barrier if ways else None)
    return ProfileCode(code.id, code.name, all_driver, all_barrier), {
        name: ProfileCode(code.id, code.name, driver[name], barrier[name]) for name in sizes
    }


def _tallies(
    material: Material,
    found: pd.DataFrame,
    valence: Valence,
    group_of: Mapping[Person, str],
    sizes: Mapping[str, int],
    printed: Count | None,
) -> tuple[Tally, dict[str, Tally]]:
    """Return everybody's tally and each group's; ``printed`` is the number on the theme's page, if it has one."""
    mine = found[found["valence"] == valence.value]
    group = pd.Series(
        [group_of[person] for person in zip(mine["interview"], mine["speaker"], strict=True)], mine.index, dtype=object
    )
    heard = {name: counts.people(mine[group == name]) for name in sizes}
    whole = printed or total(sum(heard.values()), material.people, material.small_cell)
    parts = addends(whole, heard, sizes, material.small_cell)
    # Passages add up, too: the sum would tell those of a group whose people are hidden.
    open_ = not whole.hidden and not any(count.hidden for count in parts.values())
    return Tally(whole, passages(mine) if open_ else None), {
        name: Tally(count, None if count.hidden else passages(mine[group == name])) for name, count in parts.items()
    }
