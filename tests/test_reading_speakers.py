"""Who speaks, who asks, and what the informants are: the forms of labels, legends and facts."""

import pytest

from qualcode.ingest.filename import facts_in_name
from qualcode.ingest.read import FileHints, Hints, Reading, understand
from qualcode.models import Facts

ASKED = "Hvad gjorde I så dengang?"
ANSWERED = "Jamen altså, vi gik bare ned og slog græsset selv."


def read(text: str, hints: Hints | None = None, file: str = "a.txt") -> Reading:
    return understand(text.encode(), file, hints or Hints())


def speech(reading: Reading) -> list[tuple[str, str]]:
    interview = reading.interview
    return [(turn.speaker, interview.quote(turn.start, turn.end)) for turn in interview.turns]


def roles(reading: Reading) -> list[tuple[str, str, str]]:
    return [(one.speaker, one.role, one.level.value) for one in reading.interview.informants]


FORMS = {
    "colon": ("I: {q}", "IP: {a}"),
    "no space": ("I:{q}", "IP:{a}"),
    "number": ("I1: {q}", "IP2: {a}"),
    "bold colon": ("**I:** {q}", "**IP:** {a}"),
    "bold before colon": ("**I**: {q}", "**IP**: {a}"),
    "bold without colon": ("**I** {q}", "**IP** {a}"),
    "own line": ("Interviewer\n{q}", "Informant\n{a}"),
    "own line with colon": ("Interviewer:\n{q}", "Informant:\n{a}"),
    "own line in capitals": ("INTERVIEWER\n{q}", "INFORMANT\n{a}"),
    "tab": ("I\t{q}", "IP\t{a}"),
    "dash": ("I – {q}", "IP – {a}"),
    "brackets": ("[I] {q}", "[IP] {a}"),
    "brackets and colon": ("[SPEAKER_00]: {q}", "[SPEAKER_01]: {a}"),
    "quoted": ("> I: {q}", "> IP: {a}"),
    "numbered lines": ("1 I: {q}", "2 IP: {a}"),
    "question and answer": ("Spørgsmål: {q}", "Svar: {a}"),
    "first names": ("Mette: {q}", "Ole: {a}"),
    "full names": ("Mette Marie Vind: {q}", "Ole Bro-Lund: {a}"),
    "initials": ("MV: {q}", "OB: {a}"),
    "titles": ("Interviewer: {q}", "Afdelingsleder: {a}"),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_forms_of_labels(form: str) -> None:
    asks, answers = FORMS[form]
    text = "\n\n".join((asks.format(q=ASKED), answers.format(a=ANSWERED)) * 2)
    reading = read(text, file="a.md")
    assert [said for _, said in speech(reading)] == [ASKED, ANSWERED] * 2
    assert [turn.interviewer for turn in reading.interview.turns] == [True, False] * 2
    assert len({speaker for speaker, _ in speech(reading)}) == 2


TIMED = {
    "before": "[00:12:03] I: {q}\n[00:12:09] IP: {a}",
    "before without brackets": "00:12:03 I: {q}\n00:12:09 IP: {a}",
    "before with a dash": "00:12:03 - I: {q}\n00:12:09 - IP: {a}",
    "within": "I (12:03): {q}\nIP (12:09): {a}",
    "within brackets": "I [00:12:03]: {q}\nIP [00:12:09]: {a}",
    "after": "I: [00:12:03] {q}\nIP: (00:12:09) {a}",
    "hashes": "#00:12:03-5# I: {q}\n#00:12:09-1# IP: {a}",
    "hashes at the end": "I: {q} #00:12:03-5#\nIP: {a} #00:12:09-1#",
    "no colon": "Speaker 1 [00:12:03] {q}\nSpeaker 2 [00:12:09] {a}",
    "name and time on a line": "Mette Vind  12:03\n{q}\n\nOle Bro  12:09\n{a}",
    "time and name on a line": "00:12:03 Speaker 1\n{q}\n00:12:09 Speaker 2\n{a}",
    "times on lines of their own": "0:12:3.0 --> 0:12:5.50\nSpeaker 1\n{q}\n0:12:9.0 --> 0:12:15.50\nSpeaker 2\n{a}",
    "spans": "[00:12:03.120 --> 00:12:08.000] [SPEAKER_00]: {q}\n[00:12:09.120 --> 00:12:18.000] [SPEAKER_01]: {a}",
}


@pytest.mark.parametrize("form", TIMED)
def test_the_forms_of_times(form: str) -> None:
    text = "\n".join([TIMED[form].format(q=ASKED, a=ANSWERED)] * 2)
    reading = read(text)
    assert [said for _, said in speech(reading)] == [ASKED, ANSWERED] * 2
    assert [turn.time for turn in reading.interview.turns] == ["00:12:03", "00:12:09"] * 2


@pytest.mark.parametrize(
    "line",
    [
        "OK: så gik vi.",
        "10.30: Møde",
        "Fx: en bænk",
        "Note: husk det her",
        "Jeg sagde: det går ikke",
        "Kl. 12:30",
        "Se http://eksempel.dk/side",
        "Hun spurgte: hvad nu?",
        "Konklusion: vi gør det selv",
        "NB: det er vigtigt",
    ],
)
def test_lines_that_name_nobody_however_often_they_come(line: str) -> None:
    reading = read(f"Mette: {ASKED}\nOle: {ANSWERED}\n{line}\n{line}\n" * 2)
    assert {speaker for speaker, _ in speech(reading)} == {"Mette", "Ole"}
    assert line in speech(reading)[1][1]


def test_another_speaker_in_a_row_counts_though_he_comes_once() -> None:
    reading = read(f"I: {ASKED}\nSpeaker A: ja\nDeltager 1: {ANSWERED}\nDeltager 2: Nej.\nI: Nå?\nDeltager 1: Jo.\n")
    assert ("Deltager 2", "Nej.") in speech(reading)


def test_back_channels_stay_in_the_turn() -> None:
    reading = read(f"I: {ASKED}\nIP: Vi gik (INTERVIEWER: ja) ned og slog det [latter] selv.. (pause) ik'.\n")
    assert speech(reading)[1] == ("IP", "Vi gik (INTERVIEWER: ja) ned og slog det [latter] selv.. (pause) ik'.")


def test_spellings_of_one_label_are_one_speaker() -> None:
    reading = read(f"I: {ASKED}\nIP1 (chef): {ANSWERED}\nInterviewer: Ja?\nIP 1: Jo.\nIP1: Nej.\n")
    assert roles(reading) == [("IP1", "chef", "chef")]


def test_a_label_with_two_titles_is_two_people() -> None:
    reading = read(f"I: {ASKED}\nLeder (skole): {ANSWERED}\nLeder (dagtilbud): Nej.\nLeder (skole): Jo.\n")
    assert [speaker for speaker, _, _ in roles(reading)] == ["Leder (skole)", "Leder (dagtilbud)"]
    assert {level for _, _, level in roles(reading)} == {"leder"}


LEGENDS = {
    "one line": "A = pædagog, B = souschef\n",
    "a line each": "A: pædagog\nB: souschef\n",
    "a list": "Deltagere: A (pædagog), B (souschef)\n",
    "with the interviewer": "I = interviewer\nA = informant, pædagog\nB = informant, souschef\n",
    "in a header": "Dato: 2026-03-01\nA: pædagog\nB: souschef\n---\n",
}


@pytest.mark.parametrize("legend", LEGENDS)
def test_legends(legend: str) -> None:
    reading = read(f"Fokusgruppe\n\n{LEGENDS[legend]}\nI: {ASKED}\nA: {ANSWERED}\nB: Ja.\nI: Nå?\nA: Nej.\n")
    assert roles(reading) == [("A", "pædagog", "medarbejder"), ("B", "souschef", "leder")]
    assert len(reading.interview.turns) == 5


@pytest.mark.parametrize(
    ("top", "asks", "answers"),
    [
        ("Interviewer: Mette Vind (MV)\nInformant: Ole Bro, afdelingschef", "MV", "OB"),
        ("Interviewer: Mette Vind\nInformant: Ole Bro, afdelingschef", "Mette", "Ole"),
        ("Interviewer (M): Mette Vind\nInformant (O): afdelingschef", "M", "O"),
        ("S = interviewer, I = informant (afdelingschef)", "S", "I"),
    ],
)
def test_the_top_says_who_asks(top: str, asks: str, answers: str) -> None:
    reading = read(f"{top}\n\n{asks}: {ASKED}\n{answers}: {ANSWERED}\n{asks}: Ja.\n{answers}: Nej.\n")
    assert reading.interviewers == (asks,)
    assert reading.why == "angivet øverst i transskriptionen"
    assert roles(reading) == [(answers, "afdelingschef", "chef")]


def test_names_among_the_facts_are_no_turns() -> None:
    facts = "Interviewer: Mette Vind\nInformant: Ole Bro\nDato: 1. marts 2026\nSted: rådhuset\n"
    reading = read(f"{facts}\nInterviewer: {ASKED}\nInformant: {ANSWERED}\n")
    assert speech(reading) == [("Interviewer", ASKED), ("Informant", ANSWERED)]
    assert reading.interview.facts.date == "2026-03-01"


def test_greetings_are_turns() -> None:
    reading = read(f"Interviewer: Velkommen\nInformant: Tak\nInterviewer: {ASKED}\nInformant: {ANSWERED}\n")
    assert len(reading.interview.turns) == 4


def test_i_may_be_the_informant() -> None:
    reading = read(f"S: {ASKED}\nI: {ANSWERED}\nS: Hvorfor det?\nI: Det skulle gøres.\n")
    assert reading.interviewers == ("S",)
    assert "spørgsmålene" in reading.why


def test_the_study_overrules_label_and_legend() -> None:
    hints = Hints(files={"a.txt": FileHints(interviewers=("IP",), facts=Facts(role="souschef"))})
    reading = read(f"I: {ASKED}\nIP: {ANSWERED}\n", hints)
    assert (reading.interviewers, reading.why) == (("IP",), "angivet i study.yaml")
    assert roles(reading) == [("I", "souschef", "leder")]


def test_nobody_is_taken_for_the_interviewer_without_a_reason() -> None:
    reading = read("Mette: Det var fint.\nOle: Ja.\nMette: Det var det.\nOle: Ja, det var.\n")
    assert reading.interviewers == ()
    assert "alle taleres ord kodes" in reading.warnings[0]


def test_the_role_of_the_interview_is_given_to_no_one_among_several() -> None:
    reading = read(f"Rolle: chef\n\nI: {ASKED}\nIP1: {ANSWERED}\nIP2: Ja.\n")
    assert {role for _, role, _ in roles(reading)} == {"ukendt"}
    plural = read(f"Rolle: pædagoger\n\nI: {ASKED}\nIP1: {ANSWERED}\nIP2: Ja.\n")
    assert {level for _, _, level in roles(plural)} == {"medarbejder"}
    guest = read(f"Rolle: chef\n\nI: {ASKED}\nIP: {ANSWERED}\nSekretær: Undskyld.\nIP: Kom ind.\n")
    assert roles(guest) == [("IP", "chef", "chef"), ("Sekretær", "Sekretær", "medarbejder")]


def test_markdown_front_matter_is_a_header() -> None:
    reading = read(f"---\nRolle: souschef\nBølge: 2\n---\n\n**I:** {ASKED}\n\n**IP:** {ANSWERED}\n", file="a.md")
    assert (reading.interview.facts.role, reading.interview.facts.wave) == ("souschef", "2")


@pytest.mark.parametrize(
    ("file", "facts"),
    [
        ("INT04_chef_2026-03-01_boelge2.docx", Facts("chef", None, "2026-03-01", "2")),
        ("interview-01-direktoer-teknik.txt", Facts("direktør")),
        ("20260301 souschef.docx", Facts("souschef", None, "2026-03-01")),
        ("01-03-2026 Bølge 1.docx", Facts(None, None, "2026-03-01", "1")),
        ("leder og medarbejder.docx", Facts()),
        ("borger-inddragelse 2.docx", Facts()),
        ("2026-13-45.docx", Facts()),
    ],
)
def test_only_what_is_unmistakable_is_taken_from_the_file_name(file: str, facts: Facts) -> None:
    assert facts_in_name(file) == facts


def test_what_recorders_write_between_turns_is_nobodys() -> None:
    reading = read(
        f"Mette Vind  0:03\n{ASKED}\n\nOle Bro  0:09\n{ANSWERED}\n\nMette Vind stoppede transskriptionen\n"
        "[Interviewet slutter]\n"
    )
    assert speech(reading)[-1] == ("Ole Bro", ANSWERED)


@pytest.mark.parametrize(
    "line",
    [
        "{name}:\t{time}\t{text}",
        "{time}\t{name}\t{text}",
        "{name}\t{time}\t{text}",
        "{name}\n{time}\n{text}\n",
        "> {name} [{time}]: {text}\n>",
    ],
)
def test_a_time_may_stand_anywhere_around_the_label(line: str) -> None:
    turns = [
        ("00:00:01", "I", ASKED),
        ("00:00:09", "IP", ANSWERED),
        ("00:01:12", "I", ASKED),
        ("00:01:20", "IP", ANSWERED),
    ]
    text = "\n".join(line.format(time=time, name=name, text=words) for time, name, words in turns)
    interview = read(f"{text}\n").interview
    told = [(turn.time, turn.speaker, interview.quote(turn.start, turn.end)) for turn in interview.turns]
    assert told == turns


def test_of_two_numbered_i_s_the_one_who_asks_is_the_interviewer() -> None:
    interview = read(f"I1: {ASKED}\nI2: {ANSWERED}\nI1: {ASKED}\nI2: {ANSWERED}\n").interview
    assert [turn.interviewer for turn in interview.turns] == [True, False, True, False]


def test_the_label_after_a_title_is_no_part_of_it() -> None:
    text = f"Interviewer: Mette Vind (MV)\nInformant: souschef (LO)\n\nMV: {ASKED}\nLO: {ANSWERED}\n"
    interview = read(text).interview
    assert (interview.informant("LO").role, interview.informant("LO").level) == ("souschef", "leder")


@pytest.mark.parametrize(
    "date", ["4. marts 2026", "onsdag den 4. marts 2026", "4/3-2026", "04.03.2026", "04-03-26", "2026-03-04"]
)
def test_dates_are_kept_in_an_order_that_sorts(date: str) -> None:
    interview = read(f"Dato: {date}\n---\nI: {ASKED}\nIP: {ANSWERED}\n").interview
    assert interview.facts.date == "2026-03-04"


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        ("Informant: Pædagogisk leder", ("IP", "Pædagogisk leder", "leder")),
        ("Interviewperson: chef for Plan og By\nInterviewer: en konsulent", ("IP", "chef for Plan og By", "chef")),
        ("Interview med souschef i dagtilbud", ("IP", "souschef i dagtilbud", "leder")),
        ("# Interview 4 med byrådsmedlem, 4. marts 2026", ("IP", "byrådsmedlem", "politiker")),
        ("Rolle: leder\nNiveau: 2", ("IP", "leder (niveau 2)", "chef")),
        ("Niveau: chef", ("IP", "chef", "chef")),
        ("Interview med Mette Vind", ("IP", "ukendt", "ukendt")),
    ],
)
def test_the_role_above_the_conversation_whatever_it_is_called(top: str, expected: tuple[str, str, str]) -> None:
    reading = read(f"{top}\n\nI: {ASKED}\nIP: {ANSWERED}\nI: {ASKED}\nIP: {ANSWERED}\n")
    assert roles(reading) == [expected]


def test_a_respondent_who_begins_is_no_header() -> None:
    reading = read(f"Informant: Leder er jeg ikke, det er hun.\nI: {ASKED}\nInformant: {ANSWERED}\nI: {ASKED}\n")
    assert len(reading.interview.turns) == 4
    assert roles(reading) == [("Informant", "ukendt", "ukendt")]


@pytest.mark.parametrize("line", ["- {0} ({1})", "{0} ({1})", "• {0} – {1}", "* {0}, {1}"])
def test_a_list_of_participants_with_a_line_each(line: str) -> None:
    people = "\n".join(line.format(*one) for one in (("A", "pædagog"), ("B", "souschef")))
    reading = read(f"Deltagere:\n{people}\n\nModerator: {ASKED}\nA: {ANSWERED}\nB: Ja.\nModerator: {ASKED}\nB: Nej.\n")
    assert roles(reading) == [("A", "pædagog", "medarbejder"), ("B", "souschef", "leder")]
    assert len(reading.interview.turns) == 5


def test_a_letter_that_speaks_once_among_letters_is_a_speaker() -> None:
    reading = read(f"Moderator: {ASKED}\nA: {ANSWERED}\nB: Ja.\nModerator: {ASKED}\nB: Nej.\n")
    assert [speaker for speaker, _ in speech(reading)] == ["Moderator", "A", "B", "Moderator", "B"]
