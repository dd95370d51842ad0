"""Passages on ordered steps: how they are spread, and among whom."""

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from qualcode.analysis.suppression import Count
from qualcode.reporting.context_steps import Steps, among, steps_of
from qualcode.reporting.context_waves import NO_WAVE, shown_sizes, wave_of, wave_sizes
from qualcode.reporting.material import Material
from qualcode.reporting.sentences import for_readers
from qualcode.reporting.values import Theme
from qualcode.reporting.values_analyses import Column, Scale, Split


def scale(material: Material, themes: Sequence[Theme]) -> Scale:
    """Return the steps under the code that the study calls a scale."""
    steps = steps_of(material, material.analyses.scale or "", themes)
    order = tuple(code.id for code in steps.codes)
    return Scale(
        name=steps.parent.name,
        gist=steps.parent.gist,
        steps=tuple((code.name, for_readers(code.gist, "Det")) for code in steps.codes),
        all=Split(
            Column("alle", Count(material.people, material.people)),
            tuple(steps.counts[code] for code in order),
            steps.whole,
            _median(steps.found, order) if steps.whole.people else None,
        ),
        passages=tuple(None if steps.counts[code].hidden else steps.passages(code) for code in order),
        by_group=_by_group(material, steps),
        by_wave=_by_wave(material, steps),
    )


def _by_group(material: Material, steps: Steps) -> tuple[Split, ...]:
    if len(material.groups) < 2:
        return ()
    columns = {group.name: Column(group.plural, Count(group.size, material.people)) for group in material.groups}
    return _splits(material, steps, lambda rows: rows["level"].map(material.group_of), material.sizes, columns)


def _by_wave(material: Material, steps: Steps) -> tuple[Split, ...]:
    if not material.analyses.waves:
        return ()
    sizes = wave_sizes(material)
    columns = {wave: Column(wave, count) for wave, count in shown_sizes(material, sizes).items() if wave != NO_WAVE}
    return _splits(material, steps, lambda rows: rows["interview"].map(wave_of(material)), sizes, columns)


def _splits(
    material: Material,
    steps: Steps,
    group_of: Callable[[pd.DataFrame], pd.Series],
    sizes: Mapping[str, int],
    columns: Mapping[str, Column],
) -> tuple[Split, ...]:
    cells, wholes = among(material, steps, group_of, sizes)
    group = group_of(steps.found)
    order = tuple(code.id for code in steps.codes)
    return tuple(
        Split(
            column,
            tuple(cells[code, name] for code in order),
            wholes[name],
            _median(steps.found[group == name], order) if wholes[name].people else None,
        )
        for name, column in columns.items()
    )


def _median(found: pd.DataFrame, order: Sequence[str]) -> int | None:
    """Return the lowest step at or under which at least half of the passages lie, from 0."""
    places = sorted(order.index(step) for step in found.drop_duplicates(["interview", "start", "end", "step"])["step"])
    return places[(len(places) - 1) // 2] if places else None
