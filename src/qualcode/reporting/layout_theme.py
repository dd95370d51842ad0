"""A theme's page."""

from collections.abc import Iterator, Sequence

from qualcode.analysis.suppression import Count
from qualcode.reporting.blocks import Bar, Bars, Block, Heading, Paragraph, Run, plain
from qualcode.reporting.danish import lower_first, upper_first
from qualcode.reporting.sentences import speak_of_it
from qualcode.reporting.values import GroupCount, Part, Theme, Ways

HIDDEN = "skjult"


def theme_page(theme: Theme) -> Iterator[Block]:
    """Yield a theme: what it is, who speaks of it and how, its sub-themes with quotes, voices against."""
    yield Heading(
        1, theme.name, theme.anchor, kicker=f"Tema {theme.number} · {theme.kind}", color=theme.color, new_page=True
    )
    yield plain(theme.gist, "definition")
    yield plain(theme.lead, "lead")
    if theme.thin:
        yield plain(theme.thin, "note")
    yield from theme_figures(theme)
    if theme.silent:
        yield plain(theme.silent, "fine")
    yield from theme.text
    for part in theme.parts:
        yield from _part(part, theme)
    if theme.against:
        yield Heading(2, theme.against_title, f"mod-{theme.code}")
        yield from theme.against


def theme_figures(theme: Theme) -> Iterator[Block]:
    """Yield who speaks of a theme, and how, as small bars."""
    if theme.count.hidden:
        return
    if len(theme.by_group) > 1 and not all(group.count.hidden for group in theme.by_group):
        yield Bars("Interviewpersoner, der taler om temaet", _group_bars(theme.by_group), theme.color)
    yield Bars("Hvordan de taler om det", tuple(_way_bars(theme.ways)), theme.color)


def _group_bars(groups: Sequence[GroupCount]) -> tuple[Bar, ...]:
    return tuple(_bar(group.plural, group.count) for group in groups)


def _way_bars(ways: Ways) -> Iterator[Bar]:
    for name, count in (
        ("som barriere", ways.barrier),
        ("som drivkraft", ways.driver),
        ("som behov", ways.need),
        ("neutralt", ways.neutral),
    ):
        yield _bar(name, count)


def _bar(name: str, count: Count) -> Bar:
    told = f"{HIDDEN} (af {count.of})" if count.hidden else f"{count.people} af {count.of}"
    return Bar(upper_first(name), told, None if count.hidden else count.share)


def _part(part: Part, theme: Theme) -> Iterator[Block]:
    if not part.own:
        yield Heading(2, part.name, f"kode-{part.code}")
        yield Paragraph((Run(f"{part.gist} "), Run(speak_of_it(part.count), bold=True)), "definition")
    elif len(theme.parts) > 1:
        yield Heading(2, f"Andet om {lower_first(theme.name)}", f"kode-{part.code}")
        yield Paragraph((Run(speak_of_it(part.count), bold=True),), "definition")
    yield from part.text
    yield from part.quotes
    if not part.quotes:
        yield plain("Passagerne herom er ikke citeret her: de er brugt andetsteds eller kan ikke stå alene.", "fine")
