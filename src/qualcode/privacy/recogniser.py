"""Names and places that an installed Danish spaCy model sees; without one, none."""

from collections.abc import Callable, Iterator
from functools import lru_cache

import spacy
from spacy.util import get_installed_models

from qualcode.privacy.findings import Candidate, Certainty, Kind

_KINDS = {"PER": Kind.NAVN, "LOC": Kind.STED}


def find_entities(text: str) -> Iterator[Candidate]:
    """Yield persons and places as ``possible``; the model is the biggest ``da_core_news_*`` that is installed."""
    recognise = _recogniser()
    return recognise(text) if recognise else iter(())


@lru_cache(maxsize=1)
def _recogniser() -> Callable[[str], Iterator[Candidate]] | None:
    sizes = {"sm": 1, "md": 2, "lg": 3, "trf": 4}
    models = sorted(
        (name for name in get_installed_models() if name.startswith("da_core_news_")),
        key=lambda name: sizes.get(name.rpartition("_")[2], 0),
    )
    if not models:
        return None
    nlp = spacy.load(models[-1], exclude=["parser", "lemmatizer", "attribute_ruler"])

    def recognise(text: str) -> Iterator[Candidate]:
        for entity in nlp(text).ents:
            if entity.label_ in _KINDS:
                yield Candidate(entity.start_char, entity.end_char, _KINDS[entity.label_], Certainty.POSSIBLE)

    return recognise
