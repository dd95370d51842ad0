import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.errors import InputError
from qualcode.ingest.read import Hints, parse
from qualcode.models import Facts, Interview


def read(text: str, hints: Hints | None = None, file: str = "interview-7.txt") -> Interview:
    return parse(text.encode(), file, hints or Hints())


def speech(interview: Interview) -> list[tuple[str, str]]:
    return [(turn.speaker, interview.quote(turn.start, turn.end)) for turn in interview.turns]


def test_the_plain_contract() -> None:
    interview = read(
        "Interview: 07\nRolle: souschef\nForvaltning: Skole\nDato: 2026-03-04\nBølge: 2\n---\n"
        "I: Hvad så?\n\nIP: Jo tak.\n\nDet gik.\n\nI: Godt.\n"
    )
    assert interview.id == "07"
    assert interview.facts == Facts("souschef", "Skole", "2026-03-04", "2")
    assert speech(interview) == [("I", "Hvad så?"), ("IP", "Jo tak.\n\nDet gik."), ("I", "Godt.")]
    assert [turn.interviewer for turn in interview.turns] == [True, False, True]
    assert [(item.speaker, item.role, item.level) for item in interview.informants] == [("IP", "souschef", "leder")]


def test_without_a_header_the_file_names_the_interview_and_the_level_is_unknown() -> None:
    interview = read("I: Hvad så?\nIP: Jo tak.\nI: Nå?\nIP: Ja.")
    assert (interview.id, interview.informants[0].level) == ("interview-7", "ukendt")


def test_speech_that_looks_like_a_header_is_speech() -> None:
    interview = read("I: Hvad så?\nIP: Jo.\nDato: den husker jeg ikke\nI: Nå?\nIP: Nej.\n---\nI: Tak.\n")
    assert [speaker for speaker, _ in speech(interview)] == ["I", "IP", "I", "IP", "I"]
    assert interview.facts == Facts()


def test_a_header_without_its_closing_line_ends_at_the_first_other_line() -> None:
    interview = read("Interview: 7\nRolle: chef\n\nI: Hvad så?\nIP: Jo.\nRolle: ja, den er svær\nI: Nå?\n")
    assert (interview.id, interview.facts.role) == ("7", "chef")
    assert speech(interview)[1] == ("IP", "Jo.\nRolle: ja, den er svær")


def test_unknown_keys_in_a_closed_header_are_no_speakers() -> None:
    interview = read("Interview: 7\nSted: rådhuset\nLydfil: 12.wav\n---\nI: Hvad så?\nIP: Jo.\n")
    assert [speaker for speaker, _ in speech(interview)] == ["I", "IP"]


def test_any_label_is_a_respondent_in_a_file_that_keeps_the_contract() -> None:
    interview = read("Interview: 1\n---\nI: Hvad så?\nSusanne: Jo tak.\n")
    assert speech(interview)[1] == ("Susanne", "Jo tak.")


@pytest.mark.parametrize(
    "line", ["OK: så gik vi.", "10.30: Møde", "Se http://eksempel: der", "Nej: det gjorde vi ikke"]
)
def test_lines_with_a_colon_that_name_nobody(line: str) -> None:
    interview = read(f"Interview: 1\n---\nI: Hvad så?\nIP: Jo.\n{line}\n")
    assert [speaker for speaker, _ in speech(interview)] == ["I", "IP"]
    assert line in speech(interview)[1][1]


def test_focus_group_with_roles_in_the_labels() -> None:
    interview = read(
        "Interviewer: Hvad så?\nRespondent 1 (chef): Jo.\nRespondent 2 (pædagog): Nej.\nInterviewer: Nå?\n"
    )
    assert [(item.role, item.level) for item in interview.informants] == [
        ("chef", "chef"),
        ("pædagog", "medarbejder"),
    ]


def test_markdown_emphasis_around_labels_is_no_speech() -> None:
    assert speech(read("**I:** Hvad så?\n\n**IP**: Jo *tak*.\n\n**I:** Ja?\n", file="a.md")) == [
        ("I", "Hvad så?"),
        ("IP", "Jo *tak*."),
        ("I", "Ja?"),
    ]


def test_times_before_labels_are_kept_beside_the_turn() -> None:
    interview = read("[00:12:03] I: Hvad så?\n00:12:09 IP: Jo.\n")
    assert [turn.time for turn in interview.turns] == ["00:12:03", "00:12:09"]


def test_the_one_who_asks_and_says_least_is_the_interviewer() -> None:
    interview = read("Mette: Hvad så?\nBo: Jo, det gik da fint nok.\nMette: Nå?\nBo: Ja, altså det synes jeg.\n")
    assert [turn.interviewer for turn in interview.turns] == [True, False, True, False]


def test_the_study_knows_better() -> None:
    hints = Hints(interviewers=("Q",), speakers={"A": "pædagog"})
    interview = read("Q: Hvad så\nA: Jo.\nQ: Nå\nA: Ja.", hints)
    assert interview.turns[0].interviewer
    assert interview.informants[0].level == "medarbejder"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "filen er tom"),
        ("  \n\n", "filen er tom"),
        ("\u00ad\u200b", "ingen tekst"),
        ("Bare en masse tekst uden talere.", "ingen talere"),
        ("I: Hvad så?\nI: Er du der?\n", "kun intervieweren"),
    ],
)
def test_files_that_are_no_interview(text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read(text)


labels = st.sampled_from(["I: ", "IP: ", "OK: ", "", "**I:** ", "[00:01] IP: ", "---", "Rolle: "])
lines = st.lists(st.tuples(labels, st.text()).map("".join))


@given(lines)
def test_turns_lie_in_order_inside_any_text(given_lines: list[str]) -> None:
    try:
        interview = read("\n".join(given_lines).encode("utf-8", "replace").decode())
    except InputError:
        return
    end = 0
    for number, turn in enumerate(interview.turns, start=1):
        assert (turn.number, end <= turn.start < turn.end <= len(interview.text)) == (number, True)
        assert interview.quote(turn.start, turn.end).strip() == interview.quote(turn.start, turn.end)
        end = turn.end
