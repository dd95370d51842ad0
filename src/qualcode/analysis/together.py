"""Themes that are spoken of together, counted in people.

Two themes go together for a person who has a passage of each in one and the same turn: the turn is what answers one
question, and passages themselves are too short to carry two themes often.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations

import pandas as pd

from qualcode.analysis.counts import PERSON


def spoken_together(codings: pd.DataFrame, themes: Mapping[str, Sequence[str]]) -> dict[tuple[str, str], int]:
    """Return how many people speak of both themes in one turn, for each pair in the order of the themes.

    Args:
        codings: frame of codings
        themes: theme → its codes
    """
    theme_of = {code: theme for theme, codes in themes.items() for code in codes}
    rows = codings.assign(theme=codings["code"].map(theme_of)).dropna(subset=["theme"])
    order = {theme: place for place, theme in enumerate(themes)}
    people: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for (interview, speaker, _), found in rows.groupby([*PERSON, "turn"], sort=False)["theme"]:
        for pair in combinations(sorted(set(found), key=order.__getitem__), 2):
            people.setdefault(pair, set()).add((str(interview), str(speaker)))
    return {pair: len(people.get(pair, ())) for pair in combinations(themes, 2)}
