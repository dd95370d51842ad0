"""The appendices of a report, and the local view of its sources."""

from collections.abc import Sequence

from qualcode.analysis import counts
from qualcode.analysis.coverage import uncoded_turns, words_coded
from qualcode.analysis.quotes import Candidate
from qualcode.models import Code, Interview, Status
from qualcode.reporting.blocks import Quote
from qualcode.reporting.context_front import front_figures, others_on_front_figures
from qualcode.reporting.coreq import coreq
from qualcode.reporting.material import Material
from qualcode.reporting.values import Across, Appendix, CodeEntry, Method, Place, Sources, Theme

# Turns of fewer words that nobody coded are small talk.
UNCODED_WORDS = 20
UNCODED_SHOWN = 60
_BEGINNING = 40


def appendix(
    material: Material,
    method: Method,
    across: Across,
    themes: Sequence[Theme],
    approved: Sequence[tuple[str, list[Candidate]]],
) -> Appendix:
    """Return the appendices.

    Args:
        material: all that the report is built from
        method: the method chapter
        across: what is seen across themes
        themes: all of the report
        approved: see :func:`approved_quotes`
    """
    hidden = {part.code for theme in themes for part in theme.parts if part.count.hidden}
    return Appendix(
        codebook=tuple(_entry(code) for code in material.codebook.codes),
        approved=tuple(
            (name, tuple(_appended(material, row, hidden) for row in rows)) for name, rows in approved if rows
        ),
        coverage=_coverage(material),
        coreq=coreq(material, method, across, len(themes)),
    )


def _entry(code: Code) -> CodeEntry:
    return CodeEntry(code.id, code.name, code.kind.value, code.gist, code.id.count("."))


def approved_quotes(material: Material) -> list[tuple[str, list[Candidate]]]:
    """Return all approved passages by theme, each once, in the order of the interviews' words."""
    listed = []
    for theme in material.themes:
        once: dict[str, Candidate] = {}
        for code in material.codes_of(theme):
            for row in material.candidates.get(code, ()):
                if row.approved:
                    once.setdefault(row.id, row)
        # Sorted by id: the order of the interviews would tell who says what.
        listed.append((theme.name, sorted(once.values(), key=lambda row: row.id)))
    return listed


def _appended(material: Material, row: Candidate, hidden: set[str]) -> Quote:
    """Return a quote of the appendix; where the number of people is hidden, their groups are as well."""
    return material.quote(row, anonymous=row.code in hidden, tell_valence=False)


def _coverage(material: Material) -> tuple[tuple[str, int, int], ...]:
    themed = {code for theme in material.themes for code in material.codes_of(theme)}
    by_level = words_coded(material.interviews, counts.of_codes(material.counted, themed))
    found = []
    for group in material.groups:
        mine = [by_level[level.value] for level in group.levels if level.value in by_level]
        found.append((group.plural, sum(coded for coded, _ in mine), sum(words for _, words in mine)))
    return tuple(found)


def sources(material: Material, printed: Sequence[Candidate]) -> Sources:
    """Return the local view: where quotes stand, and what must not be told outside the project.

    Args:
        material: all that the report is built from
        printed: every passage that is quoted
    """
    interviews = {interview.id: interview for interview in material.interviews}
    once = {row.id: row for row in printed}
    return Sources(
        places=tuple(_place(material, interviews[row.person[0]], row) for row in once.values()),
        front=front_figures(material),
        front_others=others_on_front_figures(material),
        lonely=_lonely(material),
        uncoded=_uncoded(material, interviews),
        lost_pins=tuple(
            sorted(material.pins.pinned - {row.id for rows in material.candidates.values() for row in rows})
        ),
    )


def _place(material: Material, interview: Interview, row: Candidate) -> Place:
    number = next(turn.number for turn in interview.turns if turn.start <= row.start < turn.end)
    turn = interview.turns[number - 1]
    asked = next((other for other in reversed(interview.turns[: number - 1]) if other.interviewer), None)
    return Place(
        quote=row.id,
        code=material.codebook.by_id[row.code].name,
        coding=row.coding,
        interview=interview.id,
        turn=number,
        role=interview.informant(turn.speaker).role,
        question=interview.quote(asked.start, asked.end) if asked else "",
        before=interview.text[turn.start : row.start],
        text=interview.quote(row.start, row.end),
        after=interview.text[row.end : turn.end],
    )


def _lonely(material: Material) -> tuple[tuple[str, str], ...]:
    """Return themes and sub-themes that rest on one person, with the interview."""
    found = []
    for theme in material.themes:
        for code in material.codes_of(theme):
            codes = material.codes_of(theme) if code == theme.id else [code]
            mine = counts.of_codes(material.counted, codes)
            if counts.people(mine) == 1:
                found.append((material.codebook.by_id[code].name, str(mine["interview"].iloc[0])))
    return tuple(found)


def _uncoded(material: Material, interviews: dict[str, Interview]) -> tuple[tuple[str, int, int, str], ...]:
    themed = {code for theme in material.themes for code in material.codes_of(theme)}
    turns = uncoded_turns(material.interviews, counts.of_codes(material.counted, themed), UNCODED_WORDS)
    found = []
    for turn in turns[:UNCODED_SHOWN]:
        words = interviews[turn.interview].quote(turn.start, turn.end).split()
        cut = " […]" if len(words) > _BEGINNING else ""
        found.append((turn.interview, turn.turn, turn.words, " ".join(words[:_BEGINNING]) + cut))
    return tuple(found)


def is_reviewed(material: Material) -> bool:
    """Tell whether every coding has been looked at by a person."""
    return bool((material.codings["status"] != Status.FORESLAAET.value).all())
