"""Codebook patterns as a spaCy component: ``qualcode_rules`` writes hits to ``doc.spans["rules"]``.

A codebook has hundreds of patterns and a turn few words, so each pattern is filed under its rarest-looking
literal word and tried only where that word occurs.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc, Span

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
        self._vocab = nlp.vocab
        self._matchers: list[tuple[str, str, Matcher]] = []
        self._by_key: dict[str, set[int]] = defaultdict(set)
        self._always: set[int] = set()
        for code, items in patterns.items():
            for item in items:
                self._add(code, item)

    def __call__(self, doc: Doc) -> Doc:
        """Mark the hits in one document; a hit never crosses a sentence boundary."""
        keys = {key for token in doc for key in token._.keys}
        tried = set(self._always).union(*(self._by_key[key] for key in keys & self._by_key.keys()))
        spans = []
        for number in sorted(tried):
            code, pattern, matcher = self._matchers[number]
            for _, start, end in matcher(doc):
                if doc[start].sent.end >= end:
                    spans.append(Span(doc, start, end, label=code, span_id=pattern))
        doc.spans["rules"] = _longest(spans)
        return doc

    def _add(self, code: str, item: str | Sequence[Mapping[str, object]]) -> None:
        name = item if isinstance(item, str) else "spaCy-mønster"
        matcher = Matcher(self._vocab)
        if isinstance(item, str):
            sequences = variants(item)
            matcher.add(code, [[_token(element) for element in sequence] for sequence in sequences], greedy="LONGEST")
        else:
            sequences = []
            matcher.add(code, [[dict(token) for token in item]], greedy="LONGEST")
        number = len(self._matchers)
        self._matchers.append((code, name, matcher))
        for sequence in sequences or [()]:
            anchors = [_key(element) for element in sequence if isinstance(element, Term) and element.match in _ANCHORS]
            if anchors:
                self._by_key[max(anchors, key=len)].add(number)
            else:
                self._always.add(number)


_ANCHORS = frozenset({Match.LEMMA, Match.EXACT})


def _key(term: Term) -> str:
    return lemma(term.text) if term.match is Match.LEMMA else term.text


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
            return {"_": {"keys": {"INTERSECTS": [element.text, lemma(element.text)]}}}


def _longest(spans: Iterable[Span]) -> list[Span]:
    """Keep, of overlapping hits of one code, the longest."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.label_, -len(span), span.start)):
        if not any(span.label == other.label and span.start < other.end and other.start < span.end for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: (span.start, span.end, span.label_))
