"""The summary's findings: the themes that carry most, one sentence each, built from counts and roles."""

from collections.abc import Sequence

from qualcode.models import Kind
from qualcode.reporting.blocks import Finding
from qualcode.reporting.danish import how_many, joined, lower_first, upper_first
from qualcode.reporting.values import Theme, Ways

FEWEST, MOST = 3, 7
# A theme carries the report when this share of the people speak of it.
CARRIES = 1 / 3


def findings(themes: Sequence[Theme]) -> tuple[Finding, ...]:
    """Return the main findings, the most widely shared first; themes with hidden numbers are none."""
    ranked = sorted((theme for theme in themes if theme.count.people), key=lambda theme: -(theme.count.people or 0))
    carrying = [theme for theme in ranked if theme.count.share >= CARRIES]
    chosen = carrying[:MOST] if len(carrying) >= FEWEST else ranked[:FEWEST]
    return tuple(Finding(theme.name, _sentence(theme), theme.anchor) for theme in chosen)


def _sentence(theme: Theme) -> str:
    """Return a sentence such as "Næsten alle (17 af 18 interviewpersoner) taler om frontfigurer, især »mod«"."""
    verb = "fortæller om" if theme.kind == Kind.EKSEMPEL.value else "taler om"
    sentence = f"{upper_first(how_many(theme.count.people or 0, theme.count.of))} {verb} {lower_first(theme.name)}"
    sentence += _everywhere(theme)
    named = [part for part in theme.parts if not part.own and part.count.people]
    named.sort(key=lambda part: -(part.count.people or 0))
    told = [f"især fylder {joined([f'»{lower_first(part.name)}«' for part in named[:2]])}"] if named else []
    told += _valued(theme.ways)
    return f"{sentence}; {_clauses(told)}." if told else f"{sentence}."


def _clauses(told: Sequence[str]) -> str:
    """Join clauses with a comma before the last, too: each may end in a subordinate clause."""
    *most, last = told
    return f"{', '.join(most)}, og {last}" if most else last


def _everywhere(theme: Theme) -> str:
    """Name the groups in which everybody speaks of it."""
    full = [group.plural for group in theme.by_group if group.count.people == group.count.of > 0]
    if not full or len(full) == len(theme.by_group):
        return ""
    return f", herunder alle {joined(full)}"


def _valued(ways: Ways) -> list[str]:
    barrier, driver, need = ways.barrier.people or 0, ways.driver.people or 0, ways.need.people or 0
    against, helps = f"{barrier} beskriver det som noget, der står i vejen", f"{driver} som noget, der hjælper"
    told = []
    if barrier and driver and max(barrier, driver) < 2 * min(barrier, driver):
        told += [against, helps]
    elif barrier > driver:
        told.append(against)
    elif driver:
        told.append(f"{driver} beskriver det som noget, der hjælper")
    if need:
        told.append(f"{need} giver udtryk for et behov")
    return told
