from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from qualcode.ingest.read import parse
from qualcode.models import Interview, Turn
from qualcode.privacy.findings import Certainty, Finding, Kind, mask
from qualcode.privacy.gate import find_identifiers
from qualcode.privacy.measure import score
from qualcode.study import Study

LINES = Path(__file__).parent / "privacy_lines.yaml"
DEMO = Path(__file__).parents[1] / "corpora" / "fra-myndighed-til-partner"

DIRECT = {
    "cpr": ["Hun har 010190-1234, tror jeg", "nummeret 0101901234 stod der", "cpr 311299 4321", "01.01.90-1234"],
    "telefon": [
        "ring på 20 12 34 56",
        "det er 20123456",
        "+45 2012 3456",
        "min mobil, +4520123456",
        "tlf. 12 34 56 78",
        "+45 12345678",
        "på +46 70 123 45 67",
        "mit nummer er toogtyve ti enogfyrre nul otte",
    ],
    "e-mail": [
        "skriv til bo.hansen@kommune.dk",
        "på a_b+c@mail.co.uk, ikke",
        "den hedder søren snabel-a klubben.dk",
        "bo (at) klub punktum dk",
        "lokalraad [at] havnebyen [dot] dk",
    ],
    "url": ["hun er på linkedin.com/in/lone-b", "se https://facebook.com/ole.b?x=1"],
    "brugernavn": ["følg @havemanden"],
    "adresse": [
        "på Skolegade 12, 2. tv",
        "i Sankt Pauls Gade 3B",
        "bor på skolegade 12",
        "på Hovedgaden 3",
        "i Skolegade nr. 4",
    ],
    "postnummer": ["i 8700 Horsens", "til DK-8000 Aarhus", "til 8000 Aarhus C"],
    "nummerplade": ["bilen AB 12 345 holdt der", "nummerpladen er ab12345"],
    "cvr": ["CVR 12 34 56 78", "cvr-nr.: 12345678"],
    "konto": ["reg. 1234 konto 1234567890", "konto 1234-1234567890", "DK5000400440116243"],
    "navn": [
        "det var Mette",
        "Mettes idé",
        "det sagde Karl-Emil",
        "spørg fru Kjærulff-Bang",
        "min kollega Bo",
        "hun hedder Storm",
        "så kom Sten Holm",
        "Hans Jørgen gik",
        "rådmand Vest kom",
        "det var J.P. Nielsen",
        "MONA LUND skrev det",
        "pigen hedder Xhemiljana",
        "han blev kaldt Xhemi",
    ],
}
POSSIBLE = {
    "cpr": ["født 120365", "cpr 120365-xxxx"],
    "telefon": ["det er 12 34 56 78"],
    "konto": ["det er 1234 0012345678"],
    "brugernavn": ["på Instagram: lonebager"],
    "navn": ["så kom Bo ind", "hende Xhemiljana kom", "så sagde Xhemiljana nej"],
    "sted": [
        "jeg bor i Lemvig",
        "ude i Vejen",
        "henne i Gylling",
        "borgere fra Hedensted Kommune",
        "nede i Sønder Bjerge",
    ],
    "arbejdsplads": [
        "på Plejecenter Lindehøj",
        "fra Vesterlund Skole",
        "hos Grøn Have ApS",
        "på Skovvangskolen",
        "i Ungdomshuset Kajen",
    ],
    "adresse": ["henne ad Lærkevej"],
    "url": ["se www.havekredsen-lund.dk"],
}
HARMLESS = [
    "i 2019-2022 og 20192022",
    "vi fik 12 34 56 78 kroner",
    "12.345.678 kroner om året",
    "den 04 03 2026 holdt vi møde",
    "§ 17 stk. 4 og § 18",
    "klokken 10.30 til 11.45",
    "990190-1234 er ingen dato",
    "kontoret @ havnen",
    "sagen 2026-03-04",
    "sagsnummer 0101901234",
    "Hans idé var god",
    "Bo i eget hjem",
    "vi var i haven 12 gange",
    "kl. 14 i lokale 12",
    "Herning-modellen",
    "i 2019 var vi her",
    "(griner) Jo. Det er rigtigt",
    "Danske Regioner og KL",
    "se borger.dk",
    "for søren da",
    "det står 24122023 på den",
    "Jeg kender familien. Det er fint. Og min moster. Alle ved det",
    "Bostøtten og hans kontaktperson",
    "Regner det stadig? Når det regner",
    "Sfo'en hedder Ravnen",
    "Det Nære Sundhedsvæsen",
]


def findings(sentence: str) -> list[Finding]:
    return find_identifiers(parse(f"I: Nå?\nIP: Altså {sentence}.\n".encode(), "a.txt"))


@pytest.mark.parametrize(("kind", "sentence"), [(kind, item) for kind, items in DIRECT.items() for item in items])
def test_direct_identifiers_are_found_and_masked(kind: str, sentence: str) -> None:
    (finding,) = findings(sentence)
    identifier = f"I: Nå?\nIP: Altså {sentence}.\n"[finding.start : finding.end]
    assert (finding.kind, finding.turn, finding.certainty) == (kind, 2, "direct")
    assert identifier not in finding.masked
    assert "••" in finding.masked


@pytest.mark.parametrize(("kind", "sentence"), [(kind, item) for kind, items in POSSIBLE.items() for item in items])
def test_possible_identifiers_are_for_a_person_to_look_at(kind: str, sentence: str) -> None:
    (finding,) = findings(sentence)
    assert (finding.kind, finding.certainty) == (kind, "possible")


@pytest.mark.parametrize("sentence", HARMLESS)
def test_what_only_looks_like_one_is_not_flagged(sentence: str) -> None:
    assert find_identifiers(parse(f"I: Nå?\nIP: {sentence}\n".encode(), "a.txt")) == []


def test_the_header_is_looked_through_as_well() -> None:
    interview = parse(b"Interview: 1\nRolle: chef, tlf. 20123456\n---\nI: N\xc3\xa5?\nIP: Jo.\n", "a.txt")
    (finding,) = find_identifiers(interview)
    assert finding.turn == 0


def test_transcripts_without_capitals() -> None:
    text = "i: nå\nip: mette fra horsens og fru holm, hans idé var tom, og per tog den ved vejen\n"
    found = [(text[item.start : item.end], item.kind) for item in find_identifiers(parse(text.encode(), "a.txt"))]
    assert found == [("mette", "navn"), ("horsens", "sted"), ("holm", "navn")]


def test_a_speaker_s_name_is_only_possible_since_it_may_be_a_pseudonym() -> None:
    text = "Interview: 1\n---\nI: Ja, Mette?\n\nMette: Jo, spørg Lone.\n\nI: Mettes idé.\n"
    found = find_identifiers(parse(text.encode(), "a.txt"))
    told = [(text[item.start : item.end], item.turn, item.certainty.value) for item in found]
    assert told == [
        ("Mette", 1, "possible"),
        ("Mette", 2, "possible"),
        ("Lone", 2, "direct"),
        ("Mettes", 3, "possible"),
    ]


def test_a_name_found_once_is_found_where_the_start_of_a_sentence_hides_it() -> None:
    text = "I: Nå?\nIP: Så kom Bo Holm. Bos hus er stort. Holm er det hele.\n"
    found = [text[item.start : item.end] for item in find_identifiers(parse(text.encode(), "a.txt"))]
    assert found == ["Bo Holm", "Bos", "Holm"]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Bo", Kind.NAVN),
        ("Anna", Kind.NAVN),
        ("a@b.dk", Kind.EMAIL),
        ("AB 12 345", Kind.NUMMERPLADE),
        ("@bo", Kind.BRUGERNAVN),
    ],
)
def test_short_identifiers_are_masked_altogether(words: str, kind: Kind) -> None:
    assert not any(character.isalnum() for character in mask(words, kind))


def test_only_the_number_is_flagged_not_the_word_that_announces_it() -> None:
    text = "I: Nå?\nIP: Vores CVR-nr. er 12 34 56 78.\n"
    (finding,) = find_identifiers(parse(text.encode(), "a.txt"))
    assert text[finding.start : finding.end] == "12 34 56 78"


def test_the_demonstration_study_passes() -> None:
    found = [item for interview in Study.open(DEMO).read_all() for item in find_identifiers(interview)]
    assert [item for item in found if item.certainty is Certainty.DIRECT] == []
    assert len(found) <= 3


def test_there_are_hundreds_of_labelled_lines() -> None:
    assert sum(map(len, yaml.safe_load(LINES.read_text(encoding="utf-8")).values())) >= 300


@pytest.mark.parametrize("round_", ["tune", "held_out", "third", "fourth", "fifth"])
def test_recall_and_precision_on_the_labelled_lines(round_: str) -> None:
    counts = score(yaml.safe_load(LINES.read_text(encoding="utf-8"))[round_])
    assert counts.recall >= 0.97
    assert counts.precision >= 0.9


PIECES = [
    *("Mette", "Bo ", "Holm", " hans", "Horsens", "8700 ", "010190-1234", "20123456", "Skolegade", "AB 12 345"),
    *("@", ".dk", " ", "\n", ". ", "'s", "-", "é", "İ", "ß", "•"),
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=25))
def test_findings_of_any_text_lie_in_it_in_order_and_apart(pieces: list[str]) -> None:
    text = "".join(pieces)
    interview = Interview("x", "x.txt", text, (Turn(1, 0, len(text), "IP", interviewer=False),), ())
    position = 0
    for finding in find_identifiers(interview):
        assert position <= finding.start < finding.end <= len(text)
        position = finding.end
