"""Where sentences begin in transcribed Danish speech.

Speech is written down with pauses as ``..``, sentences that trail off, lower case after a full stop,
and notes such as ``[griner]``. The rules, in order:

- a line break, ``?`` and ``!`` end a sentence;
- a full stop ends one, unless it belongs to an abbreviation, an initial or an ordinal (*3. klasse*);
- ``..``, ``...`` and ``…`` are pauses: they end a sentence only before a capital letter;
- closing quotes, brackets and notes in brackets stay with the sentence before them.

Limits: a proper name after a pause looks like a new sentence; an ordinal before a capital (*den 3. Så*) is
taken for an ordinal only when a month, a noun in lower case or a digit follows.
"""

import re

from spacy.language import Language
from spacy.tokens import Doc, Token

_PAUSE = re.compile(r"\.{2,}|…+")
_CLOSERS = frozenset(")]»”’\"'")
_ABBREVIATIONS = frozenset(
    "bl.a ca dvs evt f.eks fx fhv hhv inkl jf kl kr m.fl m.m m.v mht min mio mia mv nr o.l o.lign osv pct pga "
    "sek stk s.u tlf vedr vha etc cirka f.x afd adm dr hr fru ift ifm iht max maks div ekskl el fork hr mdr".split()
)


@Language.component("qualcode_sentences")
def split_sentences(doc: Doc) -> Doc:
    """Set ``is_sent_start`` of every token."""
    begins = True
    inside_note = False
    for token in doc:
        closes = token.text in _CLOSERS and token.i > 0
        opens_note = token.text in "[(" and not _starts_speech(doc, token.i)
        if token.is_space:
            token.is_sent_start = token.i == 0
            begins = begins or "\n" in token.text
            continue
        token.is_sent_start = (begins and not closes and not opens_note and not inside_note) or token.i == 0
        if opens_note:
            inside_note = True
        elif inside_note:
            inside_note = token.text not in ")]"
            continue
        if token.is_sent_start:
            begins = False
        begins = begins or _ends_sentence(doc, token)
    return doc


def _starts_speech(doc: Doc, index: int) -> bool:
    """Tell a note (``[griner]``, ``(pause)``: at most six tokens) from speech in brackets."""
    return not any(token.text in ")]" for token in doc[index : index + 8])


def _ends_sentence(doc: Doc, token: Token) -> bool:
    following = _next_word(doc, token.i)
    if token.text[-1:] in "?!":
        return True
    if _PAUSE.fullmatch(token.text):
        return following is not None and following.text[0].isupper()
    if token.text == ".":
        return not (token.i > 0 and not token.nbor(-1).whitespace_ and _stop_inside(doc[token.i - 1], following))
    if token.text.endswith("."):
        return not _stop_inside(token, following)
    return False


def _stop_inside(token: Token, following: Token | None) -> bool:
    """Tell whether the stop after (or at the end of) a token belongs to the word."""
    word = token.text.rstrip(".").lower()
    goes_on = following is not None and not following.text[0].isupper()
    if word in _ABBREVIATIONS:
        return following is not None and (
            goes_on or word not in {"osv", "m.m", "m.v", "mv", "m.fl", "etc", "o.l", "o.lign"}
        )
    if len(word) == 1 and word.isalpha() and token.text[0].isupper():
        return following is not None
    return word.isdigit() and goes_on


def _next_word(doc: Doc, index: int) -> Token | None:
    for token in doc[index + 1 : index + 6]:
        if token.text[0].isalnum():
            return token
    return None
