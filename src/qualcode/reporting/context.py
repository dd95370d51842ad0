"""The one report context: everything a report says, as plain values, the same for every format."""

from collections.abc import Sequence

from qualcode.reporting.context_across import across
from qualcode.reporting.context_analyses import analyses
from qualcode.reporting.context_appendix import appendix, approved_quotes, is_reviewed, sources
from qualcode.reporting.context_findings import findings
from qualcode.reporting.context_method import method
from qualcode.reporting.context_theme import ThemeBuilder
from qualcode.reporting.danish import date_in_words
from qualcode.reporting.material import Material
from qualcode.reporting.sentences import who
from qualcode.reporting.values import Recommendation, Report, Theme


def build_report(material: Material) -> Report:
    """Return the report on a study's codings.

    Raises:
        QuoteError: a quote is no longer in its source.
        InputError, InvalidFileError: one of the writer's own files cannot be read.
    """
    builder = ThemeBuilder(material)
    themes = builder.themes()
    how, seen = method(material), across(material, builder, themes)
    approved = approved_quotes(material)
    return Report(
        title=material.title,
        study=material.study,
        date=date_in_words(material.date),
        year=material.date.year,
        draft=not is_reviewed(material),
        small_cell=material.small_cell,
        people=material.people,
        groups=material.groups,
        method=how,
        findings=findings(themes),
        summary=material.notes.text("resume"),
        themes=themes,
        across=seen,
        analyses=analyses(material, themes),
        recommending=material.notes.text("anbefalinger"),
        recommendations=_recommendations(material, themes),
        appendix=appendix(material, how, seen, themes, approved),
        sources=sources(material, [*builder.printed, *(row for _, rows in approved for row in rows)]),
    )


def _recommendations(material: Material, themes: Sequence[Theme]) -> tuple[Recommendation, ...]:
    """Return a place for what should be done about each barrier, the most widely shared first."""
    barriers = [theme for theme in themes if theme.ways.barrier.people or theme.needs]
    barriers.sort(key=lambda theme: (-(theme.ways.barrier.people or 0), theme.number))
    return tuple(
        Recommendation(
            theme=theme,
            sentence=_as_barrier(theme),
            slot=f"anbefalinger/{theme.code}",
            text=material.notes.text(f"anbefalinger/{theme.code}"),
        )
        for theme in barriers
    )


def _as_barrier(theme: Theme) -> str:
    """Return a sentence on those who meet a barrier and those who want something."""
    barrier, need = theme.ways.barrier, theme.ways.need
    if not barrier.people:
        return f"{who(need)} efterlyser noget." if need.people else ""
    wanted = f", og {need.people} efterlyser noget" if need.people else ""
    return f"{who(barrier)} beskriver noget, der står i vejen{wanted}."


def slots(themes: Sequence[Theme], recommendations: Sequence[Recommendation]) -> dict[str, str]:
    """Return the writer's files of a report: name → what it is for."""
    found = {
        "resume": "Din egen indledning til resuméet.",
        "anbefalinger": "Din indledning til kapitlet om anbefalinger.",
    }
    found |= {theme.code: f"Din egen tekst til temaet »{theme.name}«." for theme in themes}
    return found | {item.slot: f"Din anbefaling til »{item.theme.name}«." for item in recommendations}
