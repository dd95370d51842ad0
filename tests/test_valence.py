import pytest
from spacy.tokens import Span

from qualcode.coding.valence import ENOUGH, ValenceModel, by_rule
from qualcode.language.pipeline import danish
from qualcode.models import Code, Kind, Valence

NLP = danish()
CODE = Code("lys", "Lys", Kind.BEHOV, "Om lyset.")
WATER = Code("vand", "Vand", Kind.BEHOV, "Om vandet.")


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
    model = ValenceModel().fit([span("Det virkede.")], [CODE], [Valence.BARRIERE])
    assert model.judge(span("Det virkede."), CODE) == (Valence.DRIVKRAFT, "virkede")


def test_with_enough_examples_it_learns() -> None:
    said = {"Lampen gik ud i gangen.": Valence.BARRIERE, "Lampen brændte i gangen.": Valence.DRIVKRAFT}
    passages = [span(text) for text in said for _ in range(ENOUGH)]
    valences = [valence for valence in said.values() for _ in range(ENOUGH)]
    model = ValenceModel().fit(passages, [CODE] * len(passages), valences)
    assert model.judge(span("Så gik lampen ud."), CODE)[0] is Valence.BARRIERE
    assert model.judge(span("Så brændte lampen."), CODE)[0] is Valence.DRIVKRAFT


def test_a_code_that_people_mostly_complain_of_tips_the_balance() -> None:
    said = ["Det var sådan noget med haven.", "Der skete noget i skoven."]
    passages = [span(text) for text in said * ENOUGH]
    codes = [CODE] * ENOUGH + [WATER] * ENOUGH
    model = ValenceModel().fit(passages, codes, [Valence.BARRIERE] * ENOUGH + [Valence.DRIVKRAFT] * ENOUGH)
    told = span("Der var noget med vejen.")
    assert [model.judge(told, code)[0] for code in (CODE, WATER)] == [Valence.BARRIERE, Valence.DRIVKRAFT]
