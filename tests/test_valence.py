import pytest
from spacy.tokens import Span

from qualcode.coding.valence import ENOUGH, ValenceModel, by_rule
from qualcode.language.pipeline import danish
from qualcode.models import Kind, Valence

NLP = danish()


def span(text: str) -> Span:
    return NLP(text)[:]


@pytest.mark.parametrize(
    ("text", "kind", "valence", "cue"),
    [
        ("Der er ingen opbakning fra direktionen.", Kind.BEHOV, Valence.BARRIERE, "ingen"),
        ("Det der virkede var, at direktøren selv mødte op.", Kind.BEHOV, Valence.DRIVKRAFT, "virkede"),
        ("Man burde spørge dem først.", Kind.BARRIERE, Valence.BEHOV, "burde"),
        ("Direktøren kom forbi.", Kind.BEHOV, Valence.BEHOV, None),
        ("Vi byggede en bro.", Kind.EKSEMPEL, Valence.NEUTRAL, None),
    ],
)
def test_cues_decide_and_else_the_kind(text: str, kind: Kind, valence: Valence, cue: str | None) -> None:
    assert by_rule(span(text), kind) == (valence, cue)


def test_with_few_examples_the_rule_holds() -> None:
    model = ValenceModel().fit([span("Det virkede.")], [Kind.BEHOV], [Valence.BARRIERE])
    assert model.judge(span("Det virkede."), Kind.BEHOV) == (Valence.DRIVKRAFT, "virkede")


def test_with_enough_examples_it_learns() -> None:
    said = {"Lampen gik ud i gangen.": Valence.BARRIERE, "Lampen brændte i gangen.": Valence.DRIVKRAFT}
    passages = [span(text) for text in said for _ in range(ENOUGH)]
    valences = [valence for valence in said.values() for _ in range(ENOUGH)]
    model = ValenceModel().fit(passages, [Kind.BEHOV] * len(passages), valences)
    assert model.judge(span("Så gik lampen ud."), Kind.BEHOV)[0] is Valence.BARRIERE
    assert model.judge(span("Så brændte lampen."), Kind.BEHOV)[0] is Valence.DRIVKRAFT
