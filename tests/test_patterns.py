import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.codebook.patterns import Gap, Match, Term, variants


def test_the_parts_of_the_language() -> None:
    assert variants("slippe .. =Styring") == [
        (Term("slippe", Match.LEMMA), Gap(3), Term("styring", Match.EXACT)),
    ]
    assert variants("borger* ... *råd") == [(Term("borger", Match.BEGINS), Gap(8), Term("råd", Match.ENDS))]


def test_alternatives_multiply_and_may_be_phrases() -> None:
    found = variants("(ingen|for lidt) (tid|penge)")
    assert [" ".join(term.text for term in sequence if isinstance(term, Term)) for sequence in found] == [
        "ingen tid",
        "ingen penge",
        "for lidt tid",
        "for lidt penge",
    ]


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(a|b", "parenteserne"),
        ("a|b", "parentes om alternativer"),
        (".. magt", "begynde og slutte"),
        ("magt ..", "begynde og slutte"),
        ("()", "tomt"),
        ("hvad, nu", "ikke et ord"),
        (" ".join(["(a|b|c)"] * 6), "varianter"),
    ],
)
def test_what_is_no_pattern(pattern: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        variants(pattern)


@given(st.text(max_size=60))
def test_any_text_is_a_pattern_or_one_clear_fault(text: str) -> None:
    try:
        assert variants(text)
    except ValueError as error:
        assert str(error)
