"""What the report chooses and counts: quotes, groups, saturation, differences, co-occurrence."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from qualcode.analysis.differences import borne_differences
from qualcode.analysis.frames import CODING_COLUMNS, REVIEW_COLUMNS
from qualcode.analysis.frontfigures import acting
from qualcode.analysis.groups import grouped
from qualcode.analysis.quotes import PER_PERSON, PLAIN, Pins, ThemeChoice, candidates, choose, excerpt
from qualcode.analysis.saturation import saturation
from qualcode.analysis.together import spoken_together
from qualcode.coding.segments import count_words
from qualcode.models import Level

GROUPS = {"leder": "leder", "chef": "chef"}


def coding(**values: object) -> dict[str, object]:
    words = " ".join(f"ord{place}" for place in range(25))
    row = dict.fromkeys(CODING_COLUMNS, "") | {"start": 0, "end": 100, "turn": 1, "speaker": "IP", "level": "leder"}
    row |= dict.fromkeys(REVIEW_COLUMNS, "") | {"code": "a", "valence": "barriere", "status": "foreslået", "score": 0.5}
    return row | {"quote": f"Noget {values.get('interview')} {words}."} | values


def frame(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(list(rows))


def chosen(data: pd.DataFrame, count: int, hidden: tuple[str, ...] = (), pins: Pins = Pins()) -> list[str]:  # noqa: B008
    rows = choose(candidates(data, GROUPS, pins), count, ThemeChoice(hidden), set(), pins)
    return [row.person[0] for row in rows]


def test_no_more_than_two_quotes_a_person_and_none_twice() -> None:
    data = frame(*(coding(interview="x", start=place * 1000, end=place * 1000 + 100) for place in range(6)))
    rows = candidates(data, GROUPS)
    taken: set[tuple[str, int, int]] = set()
    assert len(choose(rows, 10, ThemeChoice(()), taken)) == PER_PERSON
    assert len(choose(rows, 10, ThemeChoice(()), taken)) == PER_PERSON
    assert len({place for _, place, _ in taken}) == 2 * PER_PERSON


def test_approved_and_showcased_come_first_and_withheld_never() -> None:
    data = frame(
        coding(interview="a", score=0.9),
        coding(interview="b", status="godkendt"),
        coding(interview="c", mark="fremhæv", score=0.1),
        coding(interview="d", mark="citér ikke", status="godkendt"),
    )
    assert chosen(data, 4) == ["c", "b", "a"]


def test_another_code_on_withheld_words_is_withheld_as_well() -> None:
    data = frame(coding(interview="a", mark="citér ikke"), coding(interview="a", code="b", start=50, end=150))
    assert chosen(data, 4) == []


def test_pins_override_the_choice() -> None:
    data = frame(coding(interview="a", score=0.9), coding(interview="b", score=0.1))
    weak, strong = (row.id for row in sorted(candidates(data, GROUPS), key=lambda row: row.score))
    assert chosen(data, 1, pins=Pins(frozenset({weak}))) == ["b"]
    assert chosen(data, 2, pins=Pins(unpinned=frozenset({strong}))) == ["b"]


def test_where_a_number_is_hidden_one_person_is_quoted() -> None:
    data = frame(coding(interview="a"), coding(interview="b"), coding(interview="b", start=500, end=600))
    assert len(set(chosen(data, 3, hidden=("a",)))) == 1


def test_groups_are_heard_in_turn() -> None:
    data = frame(
        *(coding(interview=name, level="leder", score=0.9) for name in "abc"), coding(interview="d", level="chef")
    )
    assert "d" in chosen(data, 2)


def test_ids_name_words_and_stay() -> None:
    data = frame(coding(interview="a", quote="Det samme."), coding(interview="b", quote="Det samme."))
    ids = [row.id for row in candidates(data, GROUPS)]
    assert ids[1] == f"{ids[0]}-2"
    assert [row.id for row in candidates(data.iloc[::-1], GROUPS)] == ids


@given(st.lists(st.integers(3, 40), min_size=1, max_size=8))
def test_an_excerpt_is_a_slice_of_whole_sentences(lengths: list[int]) -> None:
    text = " ".join(f"{' '.join(['Ord'] * words)}." for words in lengths)
    start, end = excerpt(text)
    assert 0 <= start < end <= len(text)
    assert text[start:end].endswith(".")
    assert start == 0 or text[start - 2 : start] == ". "
    if (start, end) != (0, len(text)):
        assert count_words(text[start:end]) in PLAIN


@given(st.dictionaries(st.sampled_from(list(Level)), st.integers(0, 8)), st.sampled_from([1, 3, 5]))
def test_groups_are_large_enough_and_hold_everybody(people: dict[Level, int], k: int) -> None:
    groups = grouped(people, k)
    everybody = sum(people.values())
    assert sum(group.size for group in groups) == everybody
    assert all(group.size >= min(k, everybody) for group in groups)
    assert sum(people.get(level, 0) for group in groups for level in group.levels) == everybody


def test_one_director_is_a_leader() -> None:
    groups = grouped({Level.DIREKTOER: 1, Level.CHEF: 4, Level.LEDER: 2, Level.MEDARBEJDER: 5}, 3)
    assert [group.counted for group in groups] == ["4 chefer", "3 ledere", "5 medarbejdere"]


def test_saturation_by_the_rule() -> None:
    codes = [{"a"}, {"b"}, {"c"}, {"d"}, {"e"}, {"a"}, {"a"}, {"a"}, {"b"}]
    found = saturation(codes, 3)
    assert found is not None
    assert found.reached == 5
    assert found.points[0] == (1, 1)
    assert found.points[-2:] == ((7, 5), (9, 5))
    assert saturation(codes[:5], 3) is None


def test_differences_are_named_only_when_large() -> None:
    sizes = {"chefer": 100, "ledere": 100}
    found = borne_differences(
        {"a": {"chefer": 90, "ledere": 10}, "b": {"chefer": 52, "ledere": 48}}, {"a": 100, "b": 100}, sizes
    )
    assert {(item.theme, item.group) for item in found} == {("a", "chefer"), ("a", "ledere")}
    assert borne_differences({"a": {"chefer": 3, "ledere": 1}}, {"a": 4}, {"chefer": 4, "ledere": 5}) == []


def test_together_counts_people_in_one_turn() -> None:
    data = frame(
        coding(interview="x", code="a"),
        coding(interview="x", code="b.c"),
        coding(interview="x", code="b.c", turn=3),
        coding(interview="y", code="a", turn=1),
        coding(interview="y", code="b.c", turn=2),
    )
    assert spoken_together(data, {"a": ["a"], "b": ["b", "b.c"]}) == {("a", "b"): 1}


def test_a_front_figure_tells_of_two_ways_of_their_own() -> None:
    ways = ["front.a", "front.b"]
    told = [
        ("1", "front.a", "Jeg ringede selv rundt.", "drivkraft"),
        ("1", "front.b", "Så gik vi ned til dem.", "drivkraft"),
        ("2", "front.a", "Jeg ringede til dem.", "drivkraft"),
        ("2", "front.b", "Hun gik ned til dem.", "drivkraft"),
        ("3", "front.a", "Jeg ringede.", "drivkraft"),
        ("3", "front.b", "Jeg nåede det aldrig.", "barriere"),
    ]
    rows = [
        {"interview": who, "speaker": "IP", "start": place, "code": code, "quote": quote, "valence": valence}
        for place, (who, code, quote, valence) in enumerate(told)
    ]
    assert list(acting(pd.DataFrame(rows), ways)["interview"]) == ["1", "1"]
    assert acting(pd.DataFrame(rows[2:]), ways).empty
    nobody = frame(coding()).iloc[:0]
    assert list(acting(nobody, ways).columns) == list(nobody.columns)
