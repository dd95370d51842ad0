"""Code an interview: meaning units of the respondents' speech → suggested codings.

Topics come from rules and classifier together. Roles spoken of (codes of kind ``rolle``) are named, not
meant: they come from the rules alone, their span is the words that name the role, and their probability is how
often the code's patterns are right on the codebook's examples.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.language import Language
from spacy.tokens import Doc, Span

from qualcode.coding.encoder import Encoder
from qualcode.coding.model import Model, features_of, word_view, words_of
from qualcode.coding.segments import Unit, trimmed, units
from qualcode.coding.surroundings import REACH, question
from qualcode.coding.views import Features, Scores
from qualcode.models import (
    THRESHOLD,
    Code,
    Codebook,
    Coding,
    Evidence,
    Interview,
    Neighbour,
    RuleHit,
    Source,
    Turn,
    Valence,
    coding_name,
    digest,
)

# Raise it whenever the same model would code the same interview in another way.
VERSION = "2"


@dataclass(frozen=True)
class Coded:
    """What coding an interview gave: suggestions, and how many meaning units were looked at."""

    codings: tuple[Coding, ...]
    units: int


@dataclass(frozen=True)
class _Passage:
    """A meaning unit on its way to codings."""

    turn: Turn
    unit: Unit
    doc: Doc

    @property
    def hits(self) -> list[Span]:
        """Rule hits inside the unit."""
        span = self.unit.span
        return [hit for hit in self.doc.spans["rules"] if hit.start >= span.start and hit.end <= span.end]

    @property
    def around(self) -> str:
        """The words of the turn around the unit, as the classifier sees them."""
        first, last = self.unit.span.start_char, self.unit.span.end_char
        near = [
            token
            for token in self.doc
            if first - REACH <= token.idx < first or last <= token.idx < last + REACH - len(token)
        ]
        return word_view(near)


def coder_digest(model: str, threshold: float) -> str:
    """Return what names a coder: its model's digest (codebook and encoder included) and its threshold."""
    return digest(VERSION, model, threshold)


class Coder:
    """Applies a codebook and a trained model to interviews.

    Args:
        codebook: the codes
        model: trained on that codebook
        encoder: the one the model was trained with
        nlp: pipeline with the codebook's rules
        threshold: probability under which nothing is suggested
    """

    def __init__(
        self, codebook: Codebook, model: Model, encoder: Encoder, nlp: Language, threshold: float = THRESHOLD
    ) -> None:
        self.codebook = codebook
        self.model = model
        self.encoder = encoder
        self.nlp = nlp
        self.threshold = threshold

    @property
    def digest(self) -> str:
        """Names everything besides the interview that the suggestions depend on."""
        return coder_digest(self.model.digest, self.threshold)

    def code(self, interview: Interview, study: str) -> Coded:
        """Return the suggestions for one interview, sorted by place and code."""
        passages = list(self._passages(interview))
        features = self._features(interview, passages)
        fused, alone = self.model.classifier.with_and_without_rules(features)
        topics: list[Coding] = []
        roles: list[Coding] = []
        for row, passage in enumerate(passages):
            topics += self._topics(interview, passage, fused[row], alone[row], features, row)
            roles += self._roles(interview, passage)
        topics.sort(key=lambda coding: (coding.code, coding.start))
        named = _named(_merge(topics) + roles, interview, study)
        return Coded(tuple(sorted(named, key=lambda coding: (coding.start, coding.end, coding.code))), len(passages))

    def _passages(self, interview: Interview) -> Iterator[_Passage]:
        turns = list(interview.responses())
        texts = (interview.quote(turn.start, turn.end) for turn in turns)
        for turn, doc in zip(turns, self.nlp.pipe(texts), strict=True):
            for unit in units(doc):
                yield _Passage(turn, unit, doc)

    def _features(self, interview: Interview, passages: Sequence[_Passage]) -> Features:
        vectors = self.encoder.encode([passage.unit.text for passage in passages])
        docs = [passage.unit.span.as_doc(copy_user_data=True) for passage in passages]
        for doc, passage in zip(docs, passages, strict=True):
            first = passage.unit.span.start
            doc.spans["rules"] = [
                Span(doc, hit.start - first, hit.end - first, label=hit.label_) for hit in passage.hits
            ]
        asked = words_of([question(interview, passage.turn) for passage in passages], self.nlp)
        return features_of(docs, vectors, self.codebook, asked, [passage.around for passage in passages])

    def _topics(
        self,
        interview: Interview,
        passage: _Passage,
        fused: Scores,
        alone: Scores,
        features: Features,
        row: int,
    ) -> Iterator[Coding]:
        for column, code_id in enumerate(self.model.classifier.codes):
            if fused[column] < self.threshold:
                continue
            code = self.codebook.by_id[code_id]
            hits = [hit for hit in passage.hits if hit.label_ == code.id]
            valence, cue = self.model.valence.judge(passage.unit.span, code)
            evidence = Evidence(
                rules=tuple(_rule_hit(hit, passage.turn) for hit in hits),
                neighbours=tuple(
                    Neighbour(self.model.examples[example].text, round(similarity, 4))
                    for example, similarity in self.model.classifier.nearest(features.vectors[row], column)
                ),
                valence_cue=cue,
            )
            sure_alone = alone[column] >= self.threshold
            source = Source.BEGGE if hits and sure_alone else Source.REGEL if hits else Source.MODEL
            start, end = trimmed(passage.unit, hits)
            yield _coding(interview, passage.turn, start, end, code, valence, float(fused[column]), source, evidence)

    def _roles(self, interview: Interview, passage: _Passage) -> Iterator[Coding]:
        seen: set[str] = set()
        for hit in passage.hits:
            code = self.codebook.by_id[hit.label_]
            score = self.model.rule_precision.get(code.id, 0.0)
            if code.id in seen or score == 0.0 or score < self.threshold:
                continue
            seen.add(code.id)
            evidence = Evidence(rules=(_rule_hit(hit, passage.turn),))
            yield _coding(
                interview,
                passage.turn,
                hit.start_char,
                hit.end_char,
                code,
                Valence.NEUTRAL,
                score,
                Source.REGEL,
                evidence,
            )


def _rule_hit(hit: Span, turn: Turn) -> RuleHit:
    return RuleHit(hit.id_, turn.start + hit.start_char, turn.start + hit.end_char)


def _coding(
    interview: Interview,
    turn: Turn,
    start: int,
    end: int,
    code: Code,
    valence: Valence,
    score: float,
    source: Source,
    evidence: Evidence,
) -> Coding:
    """Return a coding whose span, given within the turn, is moved to the interview's text; not yet named."""
    return Coding(
        id="",
        interview=interview.id,
        turn=turn.number,
        start=turn.start + start,
        end=turn.start + end,
        speaker=turn.speaker,
        code=code.id,
        valence=valence,
        score=round(score, 4),
        source=source,
        evidence=evidence,
    )


def _merge(codings: list[Coding]) -> list[Coding]:
    """Join neighbouring passages of one code, valence and turn.

    Args:
        codings: sorted by code and place
    """
    merged: list[Coding] = []
    for coding in codings:
        last = merged[-1] if merged else None
        if last and _adjoins(last, coding):
            merged[-1] = replace(
                last,
                end=coding.end,
                score=max(last.score, coding.score),
                source=last.source if last.source is coding.source else Source.BEGGE,
                evidence=Evidence(
                    last.evidence.rules + coding.evidence.rules,
                    max(last, coding, key=lambda part: part.score).evidence.neighbours,
                    last.evidence.valence_cue,
                ),
            )
        else:
            merged.append(coding)
    return merged


def _adjoins(first: Coding, second: Coding) -> bool:
    same = (first.code, first.turn, first.valence) == (second.code, second.turn, second.valence)
    return same and second.start - first.end <= _GAP


# Characters of white space and empty sentences ("Ja.", "[griner]") that may lie between merged passages.
_GAP = 25


def _named(codings: list[Coding], interview: Interview, study: str) -> Iterator[Coding]:
    """Give each coding its id."""
    seen: dict[tuple[str, str], int] = {}
    for coding in codings:
        quote = interview.quote(coding.start, coding.end)
        nth = seen.get((coding.code, quote), 0)
        seen[coding.code, quote] = nth + 1
        yield replace(coding, id=coding_name(study, interview.id, coding.code, quote, nth))
