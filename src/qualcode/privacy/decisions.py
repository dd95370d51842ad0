"""What people have decided on findings, and the gate with these decisions in force.

A decision holds for an identifier in a whole study: *not personal* takes it off the list, *replace* makes it certain.
It is kept under a salted, slow hash of the identifier's plain form, never the identifier; whoever has database and
salt can still try guesses.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache

from qualcode.models import Interview, digest
from qualcode.privacy.findings import Certainty, Finding, Kind
from qualcode.privacy.gate import VERSION, find_identifiers
from qualcode.privacy.names import without_genitive

_ROUNDS = 20_000
_DIGITS = frozenset({Kind.CPR, Kind.TELEFON, Kind.CVR, Kind.KONTO})


class Verdict(StrEnum):
    """What a person says of a finding."""

    NOT_PERSONAL = "ikke personligt"
    REPLACE = "erstat"


def plain_form(words: str, kind: Kind) -> str:
    """Return an identifier without what does not tell it from another: case, spaces, genitive.

    >>> plain_form("Mettes", Kind.NAVN), plain_form("12 34 56 78", Kind.TELEFON)
    ('mette', '12345678')
    """
    if kind in _DIGITS and any(character.isdigit() for character in words):
        return re.sub(r"\D", "", words)
    if kind in (Kind.NAVN, Kind.STED):
        words = without_genitive(words)
    return " ".join(words.lower().split())


@lru_cache(maxsize=10_000)
def token(salt: str, kind: Kind, plain: str) -> str:
    """Return the hash that an identifier is remembered by."""
    return hashlib.pbkdf2_hmac("sha256", f"{kind.value}:{plain}".encode(), bytes.fromhex(salt), _ROUNDS).hex()


@dataclass(frozen=True)
class Gate:
    """The gate of one study.

    Attributes:
        salt: of the study's decisions, hexadecimal
        verdicts: token → what was decided last
        allow_flagged: whether direct identifiers let a document through
    """

    salt: str = ""
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    allow_flagged: bool = False

    @property
    def state(self) -> str:
        """Hash of all that its judgement depends on, apart from the transcript."""
        return digest(VERSION, self.allow_flagged, sorted(self.verdicts.items()))

    def judge(self, interview: Interview) -> list[Finding]:
        """Return the findings of an interview as the decisions leave them."""
        return self.decided(interview, find_identifiers(interview))

    def decided(self, interview: Interview, findings: Sequence[Finding]) -> list[Finding]:
        """Return findings without the dismissed ones, those to be replaced as direct."""
        if not self.verdicts:
            return list(findings)
        judged = []
        for finding in findings:
            plain = plain_form(interview.quote(finding.start, finding.end), finding.kind)
            verdict = self.verdicts.get(token(self.salt, finding.kind, plain))
            if verdict is Verdict.REPLACE:
                judged.append(replace(finding, certainty=Certainty.DIRECT))
            elif verdict is None:
                judged.append(finding)
        return judged
