"""Front figures: how many act as one, what they meet, and – for the project only – who they are and what says so."""

import pandas as pd

from qualcode.analysis import counts
from qualcode.analysis.counts import PERSON
from qualcode.analysis.frontfigures import acting
from qualcode.analysis.suppression import Count, addends, total
from qualcode.reporting.context_theme import ThemeBuilder
from qualcode.reporting.danish import joined, lower_first
from qualcode.reporting.material import Material
from qualcode.reporting.sentences import who
from qualcode.reporting.values import Front, FrontFigure, Theme

THEME, ROLE = "frontfigur", "rolle.frontfigur"
QUOTES = 3
# As many barriers as the text names.
NAMED = 3


def front(material: Material, builder: ThemeBuilder, themes: tuple[Theme, ...]) -> Front | None:
    """Return what may be told of front figures; None where the codebook has none."""
    if THEME not in material.codebook.by_id:
        return None
    mine = front_codings(material)
    people = total(counts.people(mine), material.people, material.small_cell)
    if _hides_a_way(themes):
        # Each front figure counts under two ways at least: their number would be a floor under the hidden ones.
        people = Count(None if people.people else people.people, people.of, people.below)
    named = counts.of_codes(material.counted, [ROLE])
    naming = total(counts.people(named), material.people, material.small_cell)
    sentences = []
    if people.people != 0:
        sentences.append(f"{who(people)} taler selv som frontfigur.")
    if people.people:
        sentences += _ways(material, mine, themes)
        sentences += _barriers(material, mine, people.people, themes)
    if naming.people != 0:
        sentences.append(f"{who(naming)} nævner en bestemt tovholder eller brobygger.")
    quotes = (
        builder.more(THEME, set(zip(mine["interview"], mine["speaker"], strict=True)), QUOTES) if people.people else ()
    )
    return Front(people, tuple(sentences), quotes)


def _hides_a_way(themes: tuple[Theme, ...]) -> bool:
    return any(part.count.hidden for theme in themes if theme.code == THEME for part in theme.parts if not part.own)


def front_codings(material: Material) -> pd.DataFrame:
    """Return the codings that show somebody acting as a front figure."""
    if THEME not in material.codebook.by_id:
        return material.standing.iloc[:0]
    ways = [code.id for code in material.codebook.children(THEME)]
    return acting(material.standing, ways)


def _ways(material: Material, mine: pd.DataFrame, themes: tuple[Theme, ...]) -> list[str]:
    """Return what front figures most often tell of, from sub-themes whose numbers are printed anyhow."""
    theme = next((theme for theme in themes if theme.code == THEME), None)
    shown = [part for part in theme.parts if part.count.people and not part.own] if theme else []
    most = sorted(shown, key=lambda part: -counts.people(mine[mine["code"] == part.code]))[:2]
    told = [f"»{lower_first(part.name)}«" for part in most if (mine["code"] == part.code).any()]
    return [f"De fortæller især om {joined(told)}."] if told else []


def _barriers(material: Material, mine: pd.DataFrame, people: int, themes: tuple[Theme, ...]) -> list[str]:
    """Return the barriers that most front figures meet; those of the others must not follow from them."""
    persons = pd.MultiIndex.from_frame(mine[PERSON].drop_duplicates())
    found = []
    for theme in themes:
        whole = theme.ways.barrier
        if theme.code == THEME or not whole.people:
            continue
        rows = counts.of_codes(material.counted, material.codes_of(material.codebook.by_id[theme.code]))
        rows = rows[rows["valence"] == "barriere"]
        heard = counts.people(rows[pd.MultiIndex.from_frame(rows[PERSON]).isin(persons)])
        parts = {"front": heard, "rest": whole.people - heard}
        shown = addends(whole, parts, {"front": people, "rest": material.people - people}, material.small_cell)
        if shown["front"].people:
            found.append((shown["front"], theme))
    found.sort(key=lambda item: (-(item[0].people or 0), item[1].number))
    told = [f"{lower_first(theme.name)} ({_share(count)})" for count, theme in found[:NAMED]]
    return [f"Det, de oftest beskriver som noget, der står i vejen, er {joined(told)}."] if told else []


def _share(count: Count) -> str:
    return f"alle {count.of}" if count.people == count.of else f"{count.people} af {count.of}"


def front_figures(material: Material) -> tuple[FrontFigure, ...]:
    """Return who acts as a front figure, with the passages that say so."""
    interviews = {interview.id: interview for interview in material.interviews}
    return tuple(
        FrontFigure(
            interview=str(interview),
            speaker=str(speaker),
            role=interviews[str(interview)].informant(str(speaker)).role,
            passages=tuple(
                (int(row["turn"]), material.codebook.by_id[row["code"]].name, " ".join(row["quote"].split()))
                for row in rows.to_dict("records")
            ),
        )
        for (interview, speaker), rows in front_codings(material).groupby(PERSON, sort=False)
    )


def others_on_front_figures(material: Material) -> tuple[str, ...]:
    """Return the other interviews with passages on front figures."""
    codes = [ROLE, *(code.id for code in material.codebook.codes if code.id.split(".")[0] == THEME)]
    found = set(counts.of_codes(material.counted, codes)["interview"])
    return tuple(sorted(found - set(front_codings(material)["interview"])))
