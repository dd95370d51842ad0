"""Valence of a passage: does it speak of the topic as driver, barrier or need?

Topic and valence are apart: *ingen opbakning fra direktionen* is about support, and a barrier. Three small models,
learned from the examples whose valence is given, judge together (their log probabilities are added): one sees how
many cues of wish, complaint and praise there are (:mod:`qualcode.language.stance`) and the code's kind, one word
sequences, and one how people mostly speak of the code. Sentence vectors were tried and left out: they know what is
spoken of, not how.

With fewer than :data:`ENOUGH` such examples the cues decide by rule, and without any the code's kind. A wish
outweighs what it complains of, for people wish for what they lack.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from spacy.tokens import Span

from qualcode.coding.views import keep_plainly
from qualcode.language.stance import COMPLAINT, PRAISE, WISH
from qualcode.models import Code, Kind, Valence

ENOUGH = 100
_KINDS = list(Kind)
_BY_KIND = {
    Kind.BARRIERE: Valence.BARRIERE,
    Kind.DRIVKRAFT: Valence.DRIVKRAFT,
    Kind.BEHOV: Valence.BEHOV,
    Kind.VAERDI: Valence.DRIVKRAFT,
    Kind.EKSEMPEL: Valence.NEUTRAL,
    Kind.ROLLE: Valence.NEUTRAL,
}
_CUE_OF = {Valence.BEHOV: WISH, Valence.BARRIERE: COMPLAINT, Valence.DRIVKRAFT: PRAISE}


class ValenceModel:
    """Judges passages; learned or, with too few examples, by rule."""

    def fit(self, passages: Sequence[Span], codes: Sequence[Code], valences: Sequence[Valence]) -> "ValenceModel":
        """Learn from passages with a code and a given valence, all of one length."""
        self.learned = len(passages) >= ENOUGH and len(set(valences)) > 1
        if self.learned:
            truth = [valence.value for valence in valences]
            self.vectorizer = TfidfVectorizer(
                ngram_range=(1, 3), sublinear_tf=True, min_df=2, max_features=30_000, dtype=np.float32
            )
            words = self.vectorizer.fit_transform([passage.text.lower() for passage in passages])
            keep_plainly(self.vectorizer)
            self.by_words = LogisticRegression(max_iter=500).fit(words, truth)
            cues = np.array([_view(passage, code.kind) for passage, code in zip(passages, codes, strict=True)])
            self.by_cues = LogisticRegression(max_iter=500).fit(cues, truth)
            self.by_code = _log_shares([code.id for code in codes], truth, self.by_words.classes_)
        return self

    def judge(self, passage: Span, code: Code) -> tuple[Valence, str | None]:
        """Return the valence, and the words that speak for it where there are any."""
        if not self.learned:
            return by_rule(passage, code.kind)
        words = self.by_words.predict_log_proba(self.vectorizer.transform([passage.text.lower()]))[0]
        cues = self.by_cues.predict_log_proba([_view(passage, code.kind)])[0]
        mostly = np.array(self.by_code.get(code.id, [0.0] * len(words)))
        valence = Valence(self.by_words.classes_[np.argmax(words + cues + mostly)])
        return valence, _first(_cues(passage), _CUE_OF.get(valence))


def by_rule(passage: Span, kind: Kind) -> tuple[Valence, str | None]:
    """Return the valence by counting cues, and the words that decided it, None when the code's kind did."""
    cues = _cues(passage)
    count = Counter(cue.label_ for cue in cues)
    if count[WISH] and count[WISH] >= count[PRAISE]:
        valence = Valence.BEHOV
    elif count[COMPLAINT] > count[PRAISE]:
        valence = Valence.BARRIERE
    elif count[PRAISE] > count[COMPLAINT]:
        valence = Valence.DRIVKRAFT
    else:
        return _BY_KIND[kind], None
    return valence, _first(cues, _CUE_OF[valence])


def _log_shares(codes: Sequence[str], valences: Sequence[str], order: Sequence[str]) -> dict[str, list[float]]:
    """Return, by code, the logarithms of the valences' (Laplace-smoothed) shares."""
    counts = {
        code: Counter(of for mine, of in zip(codes, valences, strict=True) if mine == code) for code in set(codes)
    }
    return {
        code: [float(np.log((count[valence] + 1) / (count.total() + len(order)))) for valence in order]
        for code, count in sorted(counts.items())
    }


def _cues(passage: Span) -> list[Span]:
    return [cue for cue in passage.doc.spans["stance"] if cue.start >= passage.start and cue.end <= passage.end]


def _view(passage: Span, kind: Kind) -> NDArray[np.float64]:
    """Return cues of each sort per thirty tokens, whether there is a wish, and the kind, shape (4 + kinds,)."""
    count = Counter(cue.label_ for cue in _cues(passage))
    share = 30 / max(len(passage), 10)
    cues = [count[WISH] * share, count[COMPLAINT] * share, count[PRAISE] * share, float(count[WISH] > 0)]
    return np.array(cues + [float(kind is known) for known in _KINDS])


def _first(cues: list[Span], label: str | None) -> str | None:
    return next((cue.text for cue in cues if cue.label_ == label), None)
