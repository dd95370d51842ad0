"""Themes from wave to wave: which grow, which fade, and among whom."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

import pandas as pd

from qualcode.analysis import counts
from qualcode.analysis.crosstab import Columns, Crosstab, protected
from qualcode.analysis.differences import ERROR, difference_interval
from qualcode.analysis.groups import SOMEBODY
from qualcode.analysis.suppression import Count, addends
from qualcode.reporting.danish import percent
from qualcode.reporting.material import Material
from qualcode.reporting.sentences import about
from qualcode.reporting.values import Theme
from qualcode.reporting.values_analyses import Column, Waves, WaveTheme

# Name of the wave of interviews that have none.
NO_WAVE = ""
OTHERS = "øvrige"


def waves(material: Material, themes: Sequence[Theme]) -> Waves:
    """Return the themes from wave to wave."""
    names = material.analyses.waves
    sizes = wave_sizes(material)
    told = shown_sizes(material, sizes)
    groups = _groups(material, sizes)
    unsaid = {name for name, count in told.items() if count.hidden}
    found = tuple(_theme(material, theme, sizes, groups, unsaid) for theme in themes)
    return Waves(
        waves=tuple(Column(name, told[name]) for name in names),
        themes=found,
        sentences=tuple(_borne(found, names)),
        without=told.get(NO_WAVE, Count(0, material.people)),
    )


def wave_of(material: Material) -> dict[str, str]:
    """Return interview → wave, :data:`NO_WAVE` where it has none."""
    return {interview.id: interview.facts.wave or NO_WAVE for interview in material.interviews}


def wave_sizes(material: Material) -> dict[str, int]:
    """Return wave → people, in the order asked for; those without one last, if there are any."""
    of = material.informants["interview"].map(wave_of(material))
    without = {NO_WAVE: int((of == NO_WAVE).sum())} if (of == NO_WAVE).any() else {}
    return {wave: int((of == wave).sum()) for wave in material.analyses.waves} | without


def shown_sizes(material: Material, sizes: Mapping[str, int]) -> dict[str, Count]:
    """Return wave → people as they may be printed."""
    whole = Count(material.people, material.people)
    return addends(whole, sizes, dict.fromkeys(sizes, material.people), material.small_cell)


def _theme(
    material: Material, theme: Theme, sizes: Mapping[str, int], groups: Mapping[str, str], unsaid: AbstractSet[str]
) -> WaveTheme:
    found = counts.of_codes(material.counted, material.codes_of(material.codebook.by_id[theme.code]))
    found = found.assign(wave=found["interview"].map(wave_of(material)))
    heard = {wave: counts.people(found[found["wave"] == wave]) for wave in sizes}
    by_wave = addends(theme.count, heard, sizes, material.small_cell)
    names = material.analyses.waves
    shown = tuple(by_wave[wave] for wave in names)
    first, last = shown[0], shown[-1]
    # A share would tell the size of a wave that is itself hidden.
    hidden = first.hidden or last.hidden or not first.of or not last.of or {names[0], names[-1]} & unsaid
    return WaveTheme(
        code=theme.code,
        name=theme.name,
        anchor=theme.anchor,
        counts=shown,
        change=None if hidden else last.share - first.share,
        by_group=_by_group(material, theme, found, by_wave, groups),
    )


def _by_group(
    material: Material, theme: Theme, found: pd.DataFrame, by_wave: Mapping[str, Count], groups: Mapping[str, str]
) -> tuple[tuple[str, tuple[Count, ...]], ...]:
    if len(set(groups.values())) < 2:
        return ()
    names = list(dict.fromkeys(groups.values()))
    mine = found["level"].map(material.group_of).map(groups)
    cells = {
        (wave, name): counts.people(found[(found["wave"] == wave) & (mine == name)])
        for wave in by_wave
        for name in names
    }
    table = Crosstab(
        people=cells,
        rows=by_wave,
        columns={name: _sum([item.count for item in theme.by_group if groups[item.name] == name]) for name in names},
        sizes=_cell_sizes(material, groups, list(by_wave)),
        sums=Columns.ADD_UP,
    )
    shown = protected(table, material.small_cell)
    plural = {group.name: group.plural for group in material.groups}
    return tuple(
        (plural.get(name, name), tuple(shown[wave, name] for wave in material.analyses.waves)) for name in names
    )


def _sum(parts: Sequence[Count]) -> Count:
    of = sum(part.of for part in parts)
    if any(part.people is None for part in parts):
        return Count(None, of)
    return Count(sum(part.people or 0 for part in parts), of)


def _cell_sizes(material: Material, groups: Mapping[str, str], names: Sequence[str]) -> dict[tuple[str, str], int]:
    wave = material.informants["interview"].map(wave_of(material))
    group = material.informants["level"].map(material.group_of).map(groups)
    return {
        (name, other): int(((wave == name) & (group == other)).sum())
        for name in names
        for other in dict.fromkeys(groups.values())
    }


def _groups(material: Material, sizes: Mapping[str, int]) -> dict[str, str]:
    """Return group → the group it is shown in: joined until each has nobody or enough people in every wave."""
    groups = {group.name: group.name for group in material.groups}

    def too_small(name: str) -> bool:
        held = _cell_sizes(material, groups, list(sizes))
        return any(0 < size < material.small_cell for (_, other), size in held.items() if other == name)

    for name in list(groups):
        if too_small(name) or name == SOMEBODY:
            groups[name] = OTHERS
    while OTHERS in groups.values() and too_small(OTHERS) and set(groups.values()) != {OTHERS}:
        smallest = min((name for name in groups if groups[name] != OTHERS), key=lambda name: material.sizes[name])
        groups[smallest] = OTHERS
    return groups


def _borne(themes: Sequence[WaveTheme], names: Sequence[str]) -> list[str]:
    """Return sentences on the changes whose interval leaves nought out, the largest first."""
    pairs = [theme for theme in themes if theme.change is not None]
    told = []
    for theme in sorted(pairs, key=lambda theme: -abs(theme.change or 0)):
        first, last = theme.counts[0], theme.counts[-1]
        low, high = difference_interval(
            last.people or 0, last.of, first.people or 0, first.of, ERROR / max(1, len(pairs))
        )
        if low > 0 or high < 0:
            more = "Flere" if low > 0 else "Færre"
            told.append(
                f"{more} taler {about(theme.name)} i bølgen »{names[-1]}« end i bølgen »{names[0]}«: "
                f"{percent(last.share, 1)} mod {percent(first.share, 1)}."
            )
    return told
