import pytest
from spacy.language import Language

from qualcode.codebook.load import load_codebook
from qualcode.coding.rules import add_rules
from qualcode.language.pipeline import danish
from qualcode.models import Code, Codebook, Kind
from tests.conftest import MINI_CODEBOOK


def hits(pattern: object, text: str) -> list[str]:
    code = Code("a", "A", Kind.BARRIERE, "A", patterns=(pattern,))  # type: ignore[arg-type]
    doc = add_rules(danish(), Codebook("b", "B", "1", "", "", (code,)))(text)
    return [span.text for span in doc.spans["rules"]]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("opbakning", "Ledelsesopbakningen kom aldrig.", ["Ledelsesopbakningen"]),
        ("opbakning", "Der var opbakning, OPBAKNING.", ["opbakning", "OPBAKNING"]),
        ("dele magt", "De delte magten med os.", ["delte magten"]),
        ("dele magt", "De delte den magt.", []),
        ("slippe .. styring", "De slap jo aldrig helt styringen.", ["slap jo aldrig helt styringen"]),
        ("slippe .. styring", "De slap alt det der de havde styring på.", []),
        (
            "slippe ... styring",
            "De slap alt det der de havde styring på.",
            ["slap alt det der de havde styring"],
        ),
        ("slippe ... styring", "De slap. Styringen blev.", []),
        ("ingen .. (direktion|direktør)", "Ingen af direktørerne kom.", ["Ingen af direktørerne"]),
        ("=nej", "Nej, vi fik et nej og nejet stod.", ["Nej", "nej"]),
        ("borger*", "Borgerinddragelse og borgmester.", ["Borgerinddragelse"]),
        ("*råd", "Lokalrådet og ældreråd.", ["Lokalrådet", "ældreråd"]),
        ("leder", "Lederne gik, og det ledte ikke til noget.", ["Lederne"]),
        (({"LOWER": "bare"}, {"LOWER": "ord"}), "Det er Bare ord.", ["Bare ord"]),
    ],
)
def test_patterns_find_what_they_say(pattern: object, text: str, found: list[str]) -> None:
    assert hits(pattern, text) == found


def test_hits_name_code_and_pattern(nlp: Language) -> None:
    doc = nlp("Hvem skal egentlig slå græsset?")
    (hit,) = doc.spans["rules"]
    assert (hit.label_, hit.id_) == ("styring.drift", "hvem .. (slå|passe|klippe)")


def test_the_component_is_registered_by_name() -> None:
    nlp = add_rules(danish(), load_codebook(MINI_CODEBOOK))
    assert nlp.pipe_names[-1] == "qualcode_rules"
    assert nlp.has_factory("qualcode_rules")
