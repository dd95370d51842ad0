"""Counts for reports. Prevalence is counted in people, never in quotes: one talker is one voice."""

from collections.abc import Iterable

import pandas as pd

from qualcode.models import Level, Status, Valence

PERSON = ["interview", "speaker"]


def standing(codings: pd.DataFrame) -> pd.DataFrame:
    """Return the codings that count: all but the rejected."""
    return codings[codings["status"] != Status.AFVIST.value]


def of_codes(codings: pd.DataFrame, codes: Iterable[str]) -> pd.DataFrame:
    """Return the codings with one of some codes."""
    return codings[codings["code"].isin(set(codes))]


def people(codings: pd.DataFrame) -> int:
    """Return how many informants the codings come from."""
    return len(codings[PERSON].drop_duplicates())


def by_level(people_frame: pd.DataFrame) -> dict[Level, int]:
    """Return how many informants (rows of interview, speaker, level) there are of each level that occurs."""
    counts = people_frame.drop_duplicates(PERSON)["level"].value_counts()
    return {level: int(counts[level.value]) for level in Level if level.value in counts}


def balance(codings: pd.DataFrame) -> dict[Valence, int]:
    """Return how many passages speak of a topic as driver, barrier, need or neither."""
    counts = codings.drop_duplicates(["interview", "start", "end", "valence"])["valence"].value_counts()
    return {valence: int(counts.get(valence.value, 0)) for valence in Valence}
