"""Codebook patterns as a spaCy component: ``qualcode_rules`` writes hits to ``doc.spans["rules"]``.

A codebook has hundreds of patterns and a turn few words, so each variant of a pattern is filed under its longest
literal word, and spaCy's matcher is asked only about sentences in which that word occurs.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from qualcode.codebook.patterns import Element, Gap, Match, Term, variants
from qualcode.language.lemmas import lemma
from qualcode.models import Codebook

Patterns = Mapping[str, Sequence[str | Sequence[Mapping[str, object]]]]


def add_rules(nlp: Language, codebook: Codebook) -> Language:
    """Add the codebook's patterns to a pipeline, in place."""
    patterns = {code.id: list(code.patterns) for code in codebook.codes if code.patterns}
    nlp.add_pipe("qualcode_rules", config={"patterns": patterns})
    return nlp


@Language.factory("qualcode_rules", default_config={"patterns": {}})
def make_rules(nlp: Language, name: str, patterns: Patterns) -> "Rules":
    """Return the component; it needs lemmas, keys and sentences."""
    return Rules(nlp, patterns)


class Rules:
    """Finds the patterns of codes in a document."""

    def __init__(self, nlp: Language, patterns: Patterns) -> None:
        self._rules: list[_Rule] = []
        self._by_key: dict[str, set[int]] = defaultdict(set)
        self._always: set[int] = set()
        for code, items in patterns.items():
            for item in items:
                if isinstance(item, str):
                    for sequence in variants(item):
                        self._file(_rule(nlp.vocab, code, item, sequence), sequence)
                else:
                    self._file(_Rule(code, "spaCy-mønster", _matcher(nlp.vocab, [dict(token) for token in item])), ())

    def __call__(self, doc: Doc) -> Doc:
        """Mark the hits in one document; a hit never crosses a sentence boundary."""
        places: dict[int, set[int]] = defaultdict(set)
        for token in doc:
            for key in token._.keys:
                for number in self._by_key.get(key, ()):
                    places[number].add(token.i)
        spans: list[Span] = []
        for number, tokens in places.items():
            spans += self._rules[number].near(doc, tokens)
        for number in self._always:
            spans += self._rules[number].near(doc, {sentence.start for sentence in doc.sents})
        doc.spans["rules"] = _longest(spans)
        return doc

    def _file(self, rule: "_Rule", sequence: Sequence[Element]) -> None:
        """File a rule under its longest literal word, or among those that are always tried."""
        anchors = [element for element in sequence if isinstance(element, Term) and element.match in _ANCHORS]
        number = len(self._rules)
        self._rules.append(rule)
        if anchors:
            for key in _keys(max(anchors, key=lambda term: len(term.text))):
                self._by_key[key].add(number)
        else:
            self._always.add(number)


@dataclass(frozen=True, slots=True)
class _Rule:
    """One variant of a pattern; without a matcher the word it is filed under is the whole of it."""

    code: str
    pattern: str
    matcher: Matcher | None

    def near(self, doc: Doc, tokens: Iterable[int]) -> Iterator[Span]:
        """Yield the hits in the sentences of some tokens."""
        if self.matcher is None:
            yield from (self._span(doc, token, token + 1) for token in tokens)
            return
        for start, end in {(doc[token].sent.start, doc[token].sent.end) for token in tokens}:
            for _, first, last in self.matcher(doc[start:end]):
                yield self._span(doc, start + first, start + last)

    def _span(self, doc: Doc, start: int, end: int) -> Span:
        return Span(doc, start, end, label=self.code, span_id=self.pattern)


def _rule(vocab: Vocab, code: str, pattern: str, sequence: Sequence[Element]) -> _Rule:
    alone = len(sequence) == 1 and isinstance(sequence[0], Term) and sequence[0].match is Match.LEMMA
    return _Rule(code, pattern, None if alone else _matcher(vocab, [_token(element) for element in sequence]))


def _matcher(vocab: Vocab, tokens: list[dict[str, object]]) -> Matcher:
    matcher = Matcher(vocab)
    matcher.add("pattern", [tokens], greedy="LONGEST")
    return matcher


_ANCHORS = frozenset({Match.LEMMA, Match.EXACT})


def _keys(term: Term) -> list[str]:
    """Return what ``token._.keys`` may hold for a term: the form as written and, unless it is exact, the lemma."""
    return [term.text] if term.match is Match.EXACT else sorted({term.text, lemma(term.text)})


def _token(element: Element) -> dict[str, object]:
    if isinstance(element, Gap):
        return {"OP": f"{{0,{element.most}}}"}
    match element.match:
        case Match.EXACT:
            return {"LOWER": element.text}
        case Match.BEGINS:
            return {"LOWER": {"REGEX": f"^{element.text}"}}
        case Match.ENDS:
            return {"LEMMA": {"REGEX": f"{element.text}$"}}
        case Match.LEMMA:
            return {"_": {"keys": {"INTERSECTS": _keys(element)}}}


def _longest(spans: Iterable[Span]) -> list[Span]:
    """Keep, of overlapping hits of one code, the longest."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.label_, -len(span), span.start)):
        if not any(span.label == other.label and span.start < other.end and other.start < span.end for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: (span.start, span.end, span.label_))
