"""Names and places that an installed Danish spaCy model sees; without one, none."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.util import find_spec

from qualcode.privacy.findings import Candidate, Certainty, Kind

# The best first; installing one is the user's own act.
_MODELS = ("da_core_news_trf", "da_core_news_lg", "da_core_news_md", "da_core_news_sm")
_KINDS = {"PER": Kind.NAVN, "LOC": Kind.STED}


def find_entities(text: str) -> Iterator[Candidate]:
    """Yield persons and places as ``possible``."""
    recognise = _recogniser()
    return recognise(text) if recognise else iter(())


@lru_cache(maxsize=1)
def _recogniser() -> Callable[[str], Iterator[Candidate]] | None:
    model = next((name for name in _MODELS if find_spec(name)), None)
    if model is None:
        return None
    # Imported here because it takes a second that nobody without a model should wait.
    import spacy

    nlp = spacy.load(model, exclude=["parser", "lemmatizer", "attribute_ruler"])

    def recognise(text: str) -> Iterator[Candidate]:
        for entity in nlp(text).ents:
            if entity.label_ in _KINDS:
                yield Candidate(entity.start_char, entity.end_char, _KINDS[entity.label_], Certainty.POSSIBLE)

    return recognise
