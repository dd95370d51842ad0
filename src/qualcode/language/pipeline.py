"""The Danish spaCy pipeline for transcribed speech.

Offsets are true to the canonical text: nothing here changes a character. Each token gets a lemma and, in
``token._.keys``, all that a codebook pattern may find it by: word form, lemma and compound parts.
"""

from functools import cache

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Token

from qualcode.language import sentences as _sentences  # noqa: F401 - registers its component
from qualcode.language import stance as _stance  # noqa: F401 - registers its component
from qualcode.language.compounds import parts
from qualcode.language.lemmas import lemma

# Part of every cache key that depends on what the pipeline says of a text.
VERSION = "1"

if not Token.has_extension("keys"):
    Token.set_extension("keys", default=())


@Language.component("qualcode_words")
def add_words(doc: Doc) -> Doc:
    """Set lemma and keys of each token."""
    for token in doc:
        token.lemma_ = lemma(token.text)
        token._.keys = _keys(token.lower_)
    return doc


@cache
def _keys(word: str) -> tuple[str, ...]:
    base = lemma(word)
    return tuple(dict.fromkeys((word, base, *parts(base))))


def danish() -> Language:
    """Return a new pipeline: tokens, words, sentences, stance. It loads nothing from the network."""
    nlp = spacy.blank("da")
    for component in ("qualcode_words", "qualcode_sentences", "qualcode_stance"):
        nlp.add_pipe(component)
    return nlp
