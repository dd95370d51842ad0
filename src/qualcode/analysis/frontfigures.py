"""Who acts as a front figure, told from their own codings.

Somebody who acts as one tells, speaking of *I* or *we*, of at least :data:`WAYS` of the ways of working that the
codebook has under the theme, as something that helps. One way alone, or one told of a colleague, is not enough.
"""

import re
from collections.abc import Collection

import pandas as pd

from qualcode.analysis.counts import PERSON
from qualcode.models import Valence

WAYS = 2
_OWN = re.compile(r"\b(?:jeg|mig|min|mit|mine|vi|os|vores)\b", re.IGNORECASE)


def acting(codings: pd.DataFrame, ways: Collection[str]) -> pd.DataFrame:
    """Return the codings that show somebody acting as a front figure, in the order of the interviews.

    Args:
        codings: frame of codings with their quotes; rejected ones left out
        ways: codes of the ways of working
    """
    mine = codings[codings["code"].isin(set(ways)) & (codings["valence"] == Valence.DRIVKRAFT.value)]
    own = [bool(_OWN.search(quote)) for quote in mine["quote"]]
    mine = mine.loc[own]
    if mine.empty:
        return mine
    enough = mine.groupby(PERSON)["code"].transform("nunique") >= WAYS
    return mine[enough].sort_values(["interview", "start", "code"])
