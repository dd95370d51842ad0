"""Valence of a passage: does it speak of the topic as driver, barrier or need?

Topic and valence are apart: *ingen opbakning fra direktionen* is about support, and a barrier. The cues of
the passage decide (see :mod:`qualcode.language.stance`); without any the code's own kind does. A wish
outweighs what it complains of, for people wish for what they lack.
"""

from collections import Counter

from spacy.tokens import Span

from qualcode.language.stance import COMPLAINT, PRAISE, WISH
from qualcode.models import Kind, Valence

_BY_KIND = {
    Kind.BARRIERE: Valence.BARRIERE,
    Kind.DRIVKRAFT: Valence.DRIVKRAFT,
    Kind.BEHOV: Valence.BEHOV,
    Kind.VAERDI: Valence.DRIVKRAFT,
    Kind.EKSEMPEL: Valence.NEUTRAL,
    Kind.ROLLE: Valence.NEUTRAL,
}


def valence_of(passage: Span, kind: Kind) -> tuple[Valence, str | None]:
    """Return the valence and the words that decided it, None when the code's kind did."""
    if kind is Kind.ROLLE:
        return Valence.NEUTRAL, None
    cues = [cue for cue in passage.doc.spans["stance"] if cue.start >= passage.start and cue.end <= passage.end]
    count = Counter(cue.label_ for cue in cues)
    if count[WISH] and count[WISH] >= count[PRAISE]:
        return Valence.BEHOV, _first(cues, WISH)
    if count[COMPLAINT] > count[PRAISE]:
        return Valence.BARRIERE, _first(cues, COMPLAINT)
    if count[PRAISE] > count[COMPLAINT]:
        return Valence.DRIVKRAFT, _first(cues, PRAISE)
    return _BY_KIND[kind], None


def _first(cues: list[Span], label: str) -> str:
    return next(cue.text for cue in cues if cue.label_ == label)
