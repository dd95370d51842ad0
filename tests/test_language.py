import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.language.compounds import parts
from qualcode.language.lemmas import lemma
from qualcode.language.pipeline import danish
from qualcode.language.stance import COMPLAINT, PRAISE, WISH

NLP = danish()


def sentences(text: str) -> list[str]:
    return [sentence.text.strip() for sentence in NLP(text).sents]


def stances(text: str) -> list[str]:
    doc = NLP(text)
    return [span.label_ for span in doc.spans["stance"]]


@pytest.mark.parametrize(
    "expected",
    [
        ["Det gik fint.", "Så kom vinteren."],
        ["Hvad så?", "Ja!", "Nå."],
        ["Vi var ca. tolv, bl.a. en fra 3. klasse og ham på 2. sal."],
        ["Altså.. vi troede jo.. det blev til noget.", "Det gjorde det ikke."],
        ["Det var ligesom det..", "Men så ringede hun."],
        ["Og så… så stoppede det.", "Det var det."],
        ["Jamen det ved jeg ikke. [griner]", "Spørg en anden."],
        ["»Kør bare,« sagde han.", "Og det gjorde vi."],
        ["det gik fint.", "så kom vinteren."],
        ["Kl. 10.30 den 4. marts stod vi der."],
        ["Han hed T. Jensen i papirerne."],
        ["Vi var færdige i 2019.", "Så lukkede de."],
    ],
)
def test_sentences_of_speech(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


def test_a_line_break_ends_a_sentence() -> None:
    assert sentences("første linje\nanden linje") == ["første linje", "anden linje"]


@given(st.text())
def test_the_pipeline_never_changes_a_character(text: str) -> None:
    doc = NLP(text)
    assert doc.text == text
    assert "".join(sentence.text_with_ws for sentence in doc.sents) == text


@pytest.mark.parametrize(
    ("form", "base"),
    [
        ("ledernes", "leder"),
        ("Borgerne", "borger"),
        ("frivillige", "frivillig"),
        ("slap", "slippe"),
        ("målte", "måle"),
    ],
)
def test_lemmas(form: str, base: str) -> None:
    assert lemma(form) == base


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("ledelsesopbakning", ("ledelse", "opbakning")),
        ("borgerinddragelse", ("borger", "inddragelse")),
        ("driftsbudget", ("drift", "budget")),
        ("havnebestyrelse", ("havn", "bestyrelse")),
        ("forvaltning", ()),
        ("medarbejder", ()),
        ("selvfølgelig", ()),
        ("it-afdeling", ("afdeling",)),
    ],
)
def test_compounds(word: str, expected: tuple[str, ...]) -> None:
    assert parts(word) == expected


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Vi mangler folk.", COMPLAINT),
        ("Der er ingen, der har tænkt på det.", COMPLAINT),
        ("Det var ikke godt.", COMPLAINT),
        ("Det virkede bare.", PRAISE),
        ("Jeg kunne godt tænke mig et andet system.", WISH),
        ("Man burde gøre det før.", WISH),
    ],
)
def test_stance(text: str, label: str) -> None:
    assert label in stances(text)


def test_a_negation_takes_the_edge_off_a_complaint() -> None:
    assert stances("Det var slet ikke noget problem.").count(PRAISE) == 1
