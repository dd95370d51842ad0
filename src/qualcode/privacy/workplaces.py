"""Institutions and firms with a name of their own: ``possible``.

Not flagged: types (*plejehjemmet*, *folkeskolen*) and bodies of the whole country (*Danske Regioner*).
"""

import re
from collections.abc import Iterator

from qualcode.privacy.findings import Candidate, Certainty, Kind

_UPPER = "A-ZÆØÅ"
_TYPE_BEFORE = re.compile(
    rf"""\b(?i:plejecent(?:er|ret|eret)|plejehjem(?:met)?|børnehaven?|vuggestuen?|børnehus(?:et)?|daginstitution(?:en)?|integreret\sinstitution
    |institutionen|bosted(?:et)?|botilbud(?:det)?|aktivitetscent(?:er|ret|eret)|fritidsklub(?:ben)?|ungdomsklub(?:ben)?|værested(?:et)?
    |friskolen?|efterskolen?|højskolen?|skolen|firmaet|virksomheden|foreningen|hotel(?:let)?|caf[eé](?:en)?|restauranten?|kroen|sfo(?:'?en)?|klubben|hallen|regionshospitalet|sygehuset|hospitalet|hospice(?:t)?|ældrecent(?:er|ret|eret)
    |omsorgscent(?:er|ret|eret)|dagcent(?:er|ret|eret)|sundhedscent(?:er|ret|eret)|kulturhus(?:et)?|forsamlingshus(?:et)?|dagplejen
    |\w{{2,}}(?:huset|hjemmet|centret|centeret|stedet|klubben|tilbuddet|foreningen|skolen|gården|kollegiet
    |fællesskabet|kollektivet)|fonden
    |opholdssted(?:et)?|krisecent(?:er|ret|eret)|herberg(?:et)?|boligforening(?:en)?|andelsforening(?:en)?|spejdergruppen?|lokalrådet?)
    [ ](?P<name>[{_UPPER}][\w'-]+(?:[ ][{_UPPER}][\w'-]+){{0,2}})""",
    re.VERBOSE,
)
_TYPE_AFTER = re.compile(
    rf"""(?P<name>[{_UPPER}][\w'-]+(?:[ ][{_UPPER}][\w'-]+){{0,2}})[ ]
    (?:Skole|Friskole|Efterskole|Højskole|Privatskole|Gymnasium|Plejehjem|Plejecenter|Ældrecenter|Omsorgscenter
    |Børnehave|Børnehus|Vuggestue|Bibliotek|Sygehus|Hospital|Hospice|Kirke|Sogn|Menighedsråd|Idrætsforening|IF|GF|Boldklub
    |Bryggeri|Bageri|Museum|Kulturhus|Lokalråd|Borgerforening|Jobcenter|Sundhedscenter|Familiecenter|Bosted
    |Forsamlingshus|Købmandsgård|Boligforening|Musikskole|Ungdomsskole|Svømmehal|Hallen|Kro|Apotek|Lægehus|Tømrerforretning|Murerforretning)s?(?!\w)""",
    re.VERBOSE,
)
_NATIONAL = frozenset(
    "dansk danske danmarks nordisk ny nye den det statens nationalt kommunernes folkets kristent vores min din jeres "
    "deres".split()
)
_FIRM = re.compile(
    rf"(?:[{_UPPER}][\w.&'-]*\s(?:&\s|og\s)?){{1,4}}(?:A/S|ApS|I/S|K/S|P/S|IVS|AMBA|A\.m\.b\.a)(?!\w)",
)
_INSTITUTION = re.compile(
    rf"\b(?P<stem>[{_UPPER}][a-zæøåé-]{{2,}}?)(?:s|e)?(?:skolen?|børnehaven?|plejehjem(?:met)?|plejecent(?:er|ret|eret)|hjemmet|centret|centeret"
    r"|børnehus(?:et)?|hospitalet|gymnasiet|kirken|klubben|hallen|gården|kollegiet|hospitalet)\b"
)
_COMMON_STEMS = re.compile(
    r"(?:rig|region|ejendom|materiel|genbrug|park|vej|folk|folke|privat|fri|efter|høj|musik|ungdom|ungdoms|special|natur|kultur|medborger|forsamling|pleje|børn|børne|bo|sundhed|job|beredskab"
    r"|rehabilitering|sogn|råd|syge|daghøj|land|landsby|by|kommun|national|verden|aften|tekni|handel|erhverv|hal|idræt|svømme|sport|fritid|spejder"
    r"|ældre|familie|frivillig|frivilligheds|videns|kompetence|viden|service|borgerservice|borger|aktivitet|omsorg|dag|barndom|ung|senior|test|data"
    r"|energi|center|central|vagt|misbrug|krise|kvinde|asyl|sprog|hoved|universitet|region|retspsykiatri|psykiatri|bonde|herre|skov|møde|rideskole"
    r"|folkekirk|vælge|stor|lille|inklusion|udskoling|ind|heldag|forskning|frikirk|valgmenighed|eliteskole|grund|døve|blinde)[ses]?",
    re.IGNORECASE,
)


def find_workplaces(text: str) -> Iterator[Candidate]:
    """Yield institutions and firms in a text; they may overlap."""
    for match in _TYPE_BEFORE.finditer(text):
        yield Candidate(*match.span(), Kind.ARBEJDSPLADS, Certainty.POSSIBLE)
    for match in _TYPE_AFTER.finditer(text):
        if match["name"].split()[0].lower() not in _NATIONAL:
            yield Candidate(*match.span(), Kind.ARBEJDSPLADS, Certainty.POSSIBLE)
    for match in _FIRM.finditer(text):
        yield Candidate(*match.span(), Kind.ARBEJDSPLADS, Certainty.POSSIBLE)
    for match in _INSTITUTION.finditer(text):
        if not _COMMON_STEMS.fullmatch(match["stem"]) and not _begins_sentence(text, match.start()):
            yield Candidate(*match.span(), Kind.ARBEJDSPLADS, Certainty.POSSIBLE)


def _begins_sentence(text: str, start: int) -> bool:
    return text[:start].rstrip(" *_-–")[-1:] in ("", "\n", ".", ":", "!", "?", '"', "»", "…", "[", "(")
