from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qualcode.coding.coder import Coder
from qualcode.errors import InputError
from qualcode.ingest.read import parse
from qualcode.models import Kind, Source, Valence
from tests.conftest import CHEF, MEDARBEJDER

SPEECH = st.lists(
    st.sampled_from(
        [
            "Hvem slår græsset bagefter?",
            "Vi mangler opbakning.",
            "Borgmesteren kom forbi 🏡.",
            "Jeg har frie hænder, så det virkede.",
            "Cafe\u0301en lukkede.",
            "Det er bare ord",
            "[griner]",
            "=HYPERLINK(1)",
        ]
    )
    | st.text(max_size=80),
    max_size=8,
).map(" ".join)


def test_codings_of_an_interview(coder: Coder) -> None:
    interview = parse(CHEF.encode(), "a.txt")
    codings = coder.code(interview, "s").codings
    by_code = {coding.code: coding for coding in codings}
    assert {"styring.drift", "topledelse.opbakning", "rolle.politiker"} <= by_code.keys()
    drift = by_code["styring.drift"]
    assert drift.turn == 2
    assert drift.valence is Valence.BARRIERE
    assert drift.source in (Source.REGEL, Source.BEGGE)
    assert drift.evidence.rules[0].pattern == "hvem .. (slå|passe|klippe)"
    assert len(drift.evidence.neighbours) == 2
    mayor = by_code["rolle.politiker"]
    assert interview.quote(mayor.start, mayor.end) == "borgmesteren"


def test_small_talk_is_left_alone(coder: Coder) -> None:
    interview = parse(MEDARBEJDER.encode(), "b.txt")
    last = interview.turns[-1]
    topics = [coding for coding in coder.code(interview, "s").codings if coding.turn == last.number]
    assert topics == []


def test_the_same_interview_gives_the_same_codings(coder: Coder) -> None:
    interview = parse(CHEF.encode(), "a.txt")
    assert coder.code(interview, "s") == coder.code(interview, "s")


def test_ids_outlast_changes_elsewhere_in_the_transcript(coder: Coder) -> None:
    before = coder.code(parse(CHEF.encode(), "a.txt"), "s").codings
    changed = CHEF.replace("Hvordan gik det så med promenaden?", "Og promenaden?")
    after = coder.code(parse(changed.encode(), "a.txt"), "s").codings
    assert [coding.id for coding in before] == [coding.id for coding in after]
    assert before[0].start != after[0].start


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SPEECH, max_size=4), SPEECH)
def test_every_coding_is_a_slice_of_a_respondents_turn(coder: Coder, answers: list[str], question: str) -> None:
    text = "".join(f"I: {question}\nIP: {answer}\n" for answer in answers)
    try:
        interview = parse(text.encode("utf-8", "replace"), "a.txt")
    except InputError:
        return
    seen = set()
    for coding in coder.code(interview, "s").codings:
        turn = interview.turns[coding.turn - 1]
        assert not turn.interviewer
        assert turn.start <= coding.start < coding.end <= turn.end
        quote = interview.quote(coding.start, coding.end)
        assert quote == quote.strip()
        assert not quote.startswith(("=", "+", "-", "@"))
        for hit in coding.evidence.rules:
            assert turn.start <= hit.start < hit.end <= turn.end
        assert 0 <= coding.score <= 1
        assert coder.codebook.by_id[coding.code].kind is not Kind.ROLLE or coding.valence is Valence.NEUTRAL
        seen.add(coding.id)
    assert len(seen) == len(coder.code(interview, "s").codings)
