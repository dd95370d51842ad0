from hypothesis import given
from hypothesis import strategies as st

from qualcode.coding.segments import TOO_MUCH, count_words, trimmed, units
from qualcode.language.pipeline import danish

NLP = danish()
SENTENCE = st.lists(st.sampled_from("så kom der en mand med hat og sagde noget".split()), min_size=1, max_size=30)
SPEECH = st.lists(SENTENCE.map(lambda words: " ".join(words).capitalize() + "."), max_size=12).map(" ".join)


def test_marks_do_not_count_as_words() -> None:
    assert count_words("[latter] Ja .. (pause) det er det jo …") == 5


def test_a_short_turn_is_one_unit() -> None:
    (unit,) = units(NLP("Det gik fint. Så kom vinteren, og så gik det i stå."))
    assert unit.text == "Det gik fint. Så kom vinteren, og så gik det i stå."


def test_a_turn_that_says_nothing_has_none() -> None:
    assert list(units(NLP("Ja. [griner] Nej."))) == []


@given(SPEECH)
def test_units_are_runs_of_whole_sentences_in_order(text: str) -> None:
    doc = NLP(text)
    found = [sentence.start for unit in units(doc) for sentence in unit.sentences]
    assert found == sorted(set(found))
    assert set(found) <= {sentence.start for sentence in doc.sents}
    for unit in units(doc):
        assert len(unit.sentences) == 1 or count_words(unit.text) <= TOO_MUCH


@given(st.text())
def test_a_trimmed_unit_lies_in_its_turn(text: str) -> None:
    doc = NLP(text)
    for unit in units(doc):
        start, end = trimmed(unit)
        assert 0 <= start < end <= len(text)
        assert not text[start].isspace()
        assert text[start] not in "=+-@"


def test_trimming_drops_empty_sentences_but_not_a_rules_words() -> None:
    doc = NLP("Ja. Hvem slår græsset bagefter, det ved ingen. Nej nej.")
    (unit,) = units(doc)
    assert doc.text[slice(*trimmed(unit))] == "Hvem slår græsset bagefter, det ved ingen."
    assert doc.text[slice(*trimmed(unit, [doc[0:1]]))].startswith("Ja.")
