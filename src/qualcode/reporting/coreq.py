"""COREQ: the 32 things to tell of a study with interviews, filled in as far as qualcode knows.

After Tong, Sainsbury & Craig (2007), *International Journal for Quality in Health Care* 19(6): 349–357, in words of our
own. What only the researchers know stays open (:data:`OPEN`).
"""

from qualcode.reporting.danish import counted, joined, number
from qualcode.reporting.material import Material
from qualcode.reporting.values import Across, Method

OPEN = "udfyldes"
_ITEMS = (
    "Hvem interviewede",
    "Forskernes uddannelse og titler",
    "Forskernes stilling",
    "Forskernes køn",
    "Erfaring og træning",
    "Kendskab til deltagerne før undersøgelsen",
    "Hvad deltagerne vidste om intervieweren",
    "Interviewerens forudsætninger og interesser",
    "Metodologisk udgangspunkt",
    "Hvordan deltagerne blev udvalgt",
    "Hvordan deltagerne blev kontaktet",
    "Antal deltagere",
    "Afslag og frafald",
    "Hvor interviewene foregik",
    "Om andre var til stede",
    "Hvem deltagerne er",
    "Spørgeguide og afprøvning",
    "Gentagne interview",
    "Lyd- eller videooptagelse",
    "Feltnoter",
    "Interviewenes varighed",
    "Mætning",
    "Om deltagerne fik transskriptionen tilbage",
    "Hvor mange der kodede",
    "Kodetræet",
    "Hvordan temaerne opstod",
    "Program",
    "Deltagernes tilbagemelding på resultaterne",
    "Citater med angivelse af, hvem der taler",
    "Sammenhæng mellem data og resultater",
    "De store temaer",
    "De mindre temaer og afvigende stemmer",
)


def coreq(material: Material, method: Method, across: Across, themes: int) -> tuple[tuple[int, str, str], ...]:
    """Return (number, item, what is known) for all items."""
    known = _known(material, method, across, themes)
    return tuple((place, item, known.get(place, OPEN)) for place, item in enumerate(_ITEMS, 1))


def _known(material: Material, method: Method, across: Across, themes: int) -> dict[int, str]:
    people = counted(method.informants, "person", "personer")
    who = joined([group.counted for group in material.groups])
    depth = len(material.codebook.codes)
    if method.analysts:
        coders = f"{counted(method.analysts, 'analytiker', 'analytikere')} har gennemset maskinens forslag."
    else:
        coders = "Maskinens forslag er ikke gennemset endnu."
    reached = across.saturation
    if reached is None:
        saturation = OPEN
    elif reached.reached:
        saturation = f"Efter {reached.reached} interview (Guest, Namey & Chen 2020); se afsnittet om mætning."
    else:
        saturation = "Ikke nået efter reglen hos Guest, Namey & Chen (2020); se afsnittet om mætning."
    return {
        12: f"{people} i {counted(method.interviews, 'interview', 'interview')}.",
        16: f"{who[:1].upper()}{who[1:]}." if len(material.groups) > 1 else OPEN,
        22: saturation,
        24: coders + "".join(f" {sentence}" for sentence in method.agreement),
        25: f"Kodebogen »{method.codebook}«, version {method.codebook_version}, med {number(depth)} koder; se bilag.",
        26: "Temaerne er kodebogens og lå fast før kodningen.",
        27: f"qualcode {method.version}.",
        29: "Ja; citaterne er knyttet til niveau og har et id, som findes i kilderne.",
        30: "Antal personer og ordrette citater står sammen ved hvert tema.",
        31: f"{counted(themes, 'tema', 'temaer')}, hvert med sit afsnit.",
        32: "Undertemaer og modstemmer står ved hvert tema.",
    }
