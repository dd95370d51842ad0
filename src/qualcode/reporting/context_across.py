"""What is seen across themes: what goes together, saturation, differences that hold, roles and front figures."""

from collections.abc import Sequence

from qualcode.analysis import counts
from qualcode.analysis.differences import Difference, borne_differences
from qualcode.analysis.saturation import Saturation, saturation
from qualcode.analysis.suppression import Count, total
from qualcode.analysis.together import spoken_together
from qualcode.reporting.context_front import front
from qualcode.reporting.context_theme import ThemeBuilder, roles
from qualcode.reporting.danish import percent, upper_first
from qualcode.reporting.material import Material
from qualcode.reporting.sentences import about
from qualcode.reporting.values import Across, CodeCount, Theme


def across(material: Material, builder: ThemeBuilder, themes: tuple[Theme, ...]) -> Across:
    """Return what is seen across themes; the builder has made them."""
    found = differences(material, themes)
    return Across(
        together=_together(material, themes),
        saturation=_saturation(material),
        differences=tuple(found),
        difference_sentences=tuple(_sentence(item, themes) for item in found),
        roles=tuple(CodeCount(code.id, code.name, count) for code, count in roles(material)),
        front=front(material, builder, themes),
    )


def differences(material: Material, themes: Sequence[Theme]) -> list[Difference]:
    """Return the differences between groups that printed numbers bear."""
    totals = {theme.code: theme.count.people for theme in themes}
    shown = {
        theme.code: {item.name: item.count.people for item in theme.by_group if item.count.people is not None}
        for theme in themes
    }
    return borne_differences(
        {code: row for code, row in shown.items() if totals[code] is not None},
        {code: people for code, people in totals.items() if people is not None},
        material.sizes,
    )


def _together(material: Material, themes: Sequence[Theme]) -> tuple[tuple[str, str, Count], ...]:
    codes = {theme.code: material.codes_of(material.codebook.by_id[theme.code]) for theme in themes}
    hidden = {theme.code for theme in themes if theme.count.hidden}
    found = spoken_together(material.counted, codes)
    return tuple(
        (
            first,
            second,
            # A printed number here would be a floor under a hidden total.
            Count(None, material.people)
            if {first, second} & hidden
            else total(people, material.people, material.small_cell),
        )
        for (first, second), people in found.items()
    )


def _saturation(material: Material) -> Saturation | None:
    codes: dict[str, set[str]] = {interview.id: set() for interview in material.interviews}
    for theme in material.themes:
        mine = counts.of_codes(material.counted, material.codes_of(theme))
        for interview, code in zip(mine["interview"], mine["code"], strict=True):
            codes[interview].add(code)
    in_order = sorted(material.interviews, key=lambda interview: (interview.facts.date or "~", interview.id))
    return saturation([codes[interview.id] for interview in in_order], material.small_cell)


def _sentence(item: Difference, themes: Sequence[Theme]) -> str:
    theme = next(theme for theme in themes if theme.code == item.theme)
    group = next(group for group in theme.by_group if group.name == item.group)
    more = "oftere" if item.share > item.others else "sjældnere"
    return (
        f"{upper_first(group.plural)} taler {more} {about(theme.name)} end de øvrige: "
        f"{percent(item.share, 1)} mod {percent(item.others, 1)}."
    )
