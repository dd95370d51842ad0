"""The summary's findings: the themes that carry most, one sentence each, built from counts and roles."""

from collections.abc import Sequence

from qualcode.models import Kind
from qualcode.reporting.blocks import Finding
from qualcode.reporting.danish import joined
from qualcode.reporting.sentences import about, everywhere, how, names, who
from qualcode.reporting.values import Theme

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
    """Return a sentence such as "Næsten alle (17 af 18 interviewpersoner) taler om frontfigurer, især om »mod«"."""
    verb = "fortæller" if theme.kind == Kind.EKSEMPEL.value else "taler"
    full = everywhere(theme.by_group)
    among = f" – herunder alle {joined(full)} –" if full and theme.count.people != theme.count.of else ""
    sentence = f"{who(theme.count)}{among} {verb} {about(theme.name)}"
    named = [part for part in theme.parts if not part.own and part.count.people]
    named.sort(key=lambda part: -(part.count.people or 0))
    if named:
        sentence = f"{sentence.removesuffix(',')}, især om {joined(names([part.name for part in named[:2]]))}"
    told = how(theme.count, theme.ways)
    sentence = sentence.removesuffix(",")
    return f"{sentence}; {told}." if told else f"{sentence}."
