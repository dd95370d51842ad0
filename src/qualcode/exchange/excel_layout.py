"""What the review workbook looks like: sheets, columns, and the words a reviewer may choose."""

from collections.abc import Mapping
from dataclasses import dataclass

from qualcode.models import Action

CODINGS = "Kodninger"
CODEBOOK = "Kodebog"
GUIDE = "Vejledning"

# What a reviewer may choose; an empty cell leaves a coding as it is.
DECISIONS: Mapping[str, Action] = {"godkend": Action.ACCEPT, "afvis": Action.REJECT, "omkod": Action.RECODE}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the sheet of codings.

    Attributes:
        key: what it holds
        title: its heading, by which it is found again
        width: in characters
        fill_in: whether the reviewer writes in it
        hidden: whether it is for qualcode only
    """

    key: str
    title: str
    width: int
    fill_in: bool = False
    hidden: bool = False


COLUMNS = (
    Column("id", "Id", 18, hidden=True),
    Column("revision", "Revision", 10, hidden=True),
    Column("interview", "Interview", 12),
    Column("level", "Niveau", 13),
    Column("context", "Sammenhæng", 34),
    Column("quote", "Citat", 60),
    Column("code", "Kode", 26),
    Column("name", "Kodens navn", 24),
    Column("valence", "Valens", 11),
    Column("decision", "Afgørelse", 12, fill_in=True),
    Column("new_code", "Ny kode", 26, fill_in=True),
    Column("new_valence", "Ny valens", 11, fill_in=True),
    Column("reason", "Bemærkning", 34, fill_in=True),
    Column("status", "Status", 11),
    Column("score", "Sandsynlighed", 14),
    Column("evidence", "Begrundelse", 44),
    Column("role", "Rolle", 22),
    Column("speaker", "Taler", 10),
    Column("turn", "Tur", 6),
)

GUIDE_LINES = (
    "Sådan gennemgår du kodningerne",
    "",
    "1. Gå til arket »Kodninger«. Hver række er én kode på ét citat. De usikreste forslag står øverst.",
    "2. Udfyld de gule felter. De andre er låst, så citater og koder ikke ændres ved et uheld.",
    "3. Afgørelse: »godkend«, »afvis« eller »omkod«. Et tomt felt lader rækken være, som den er.",
    "4. Ny kode: skal udfyldes, når du vælger »omkod«, og kun da. Koderne er forklaret i arket »Kodebog«.",
    "5. Ny valens: udfyld den kun, hvis valensen skal ændres. Det kan gøres med eller uden en afgørelse.",
    "6. Bemærkning: skriv gerne hvorfor. Den gemmes sammen med afgørelsen.",
    "7. Filtrér med pilene i overskriften, fx på én kode. Slet ikke kolonner, og flyt ikke celler mellem rækker.",
    "8. Gem filen som .xlsx, og læs den ind med:  qualcode import STUDIEMAPPE FIL.xlsx --dry-run",
    "   Uden --dry-run gemmes afgørelserne: dem alle eller, hvis noget er forkert, ingen.",
    "",
    "Har en kollega afgjort den samme kodning, efter at filen blev dannet, bliver du gjort opmærksom på det,",
    "og intet bliver overskrevet.",
)
