"""Codebook patterns as a spaCy component: ``qualcode_rules`` writes hits to ``doc.spans["rules"]``.

A codebook has hundreds of patterns and a turn few words, so each variant of a pattern is filed under its rarest
literal word, and spaCy's matcher is asked only about sentences in which all of them occur.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab
from wordfreq import zipf_frequency

from qualcode.codebook.patterns import Element, Gap, Match, Term, variants
from qualcode.language.lemmas import lemma
from qualcode.models import Codebook

# What a token pattern is called: it has no words of its own.
SPACY_PATTERN = "spaCy-mønster"
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
                        self._file(_rule(nlp.vocab, code, item, sequence))
                else:
                    self._file(_Rule(code, SPACY_PATTERN, (), _matcher(nlp.vocab, [dict(token) for token in item])))

    def __call__(self, doc: Doc) -> Doc:
        """Mark the hits in one document; a hit never crosses a sentence boundary."""
        spans: list[Span] = []
        for sentence in doc.sents:
            words: dict[str, list[int]] = defaultdict(list)
            for token in sentence:
                for key in token._.keys:
                    words[key].append(token.i)
            tried = set(self._always).union(*(self._by_key[key] for key in words if key in self._by_key))
            for number in tried:
                spans += self._rules[number].hits(sentence, words)
        doc.spans["rules"] = _longest(spans)
        return doc

    def _file(self, rule: "_Rule") -> None:
        """File a rule under its rarest literal word, or among those that are always tried."""
        number = len(self._rules)
        self._rules.append(rule)
        if rule.needed:
            for key in min(rule.needed, key=lambda keys: max(zipf_frequency(key, "da") for key in keys)):
                self._by_key[key].add(number)
        else:
            self._always.add(number)


@dataclass(frozen=True, slots=True)
class _Rule:
    """One variant of a pattern.

    Attributes:
        needed: for each literal word, the keys by which a token may be it; all must occur in a sentence
        matcher: None where one literal word is the whole of the pattern
    """

    code: str
    pattern: str
    needed: tuple[frozenset[str], ...]
    matcher: Matcher | None

    def hits(self, sentence: Span, words: Mapping[str, list[int]]) -> Iterator[Span]:
        """Yield the hits in a sentence, given its words: key → indices of tokens."""
        if self.matcher is None:
            found = {index for key in self.needed[0] for index in words.get(key, ())}
            yield from (self._span(sentence.doc, index, index + 1) for index in found)
        elif all(any(key in words for key in keys) for keys in self.needed):
            for _, first, last in self.matcher(sentence):
                yield self._span(sentence.doc, sentence.start + first, sentence.start + last)

    def _span(self, doc: Doc, start: int, end: int) -> Span:
        return Span(doc, start, end, label=self.code, span_id=self.pattern)


def _rule(vocab: Vocab, code: str, pattern: str, sequence: Sequence[Element]) -> _Rule:
    alone = len(sequence) == 1 and isinstance(sequence[0], Term) and sequence[0].match is Match.LEMMA
    needed = tuple(
        frozenset(_keys(element)) for element in sequence if isinstance(element, Term) and element.match in _ANCHORS
    )
    return _Rule(code, pattern, needed, None if alone else _matcher(vocab, [_token(element) for element in sequence]))


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
