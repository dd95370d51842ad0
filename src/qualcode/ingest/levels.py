"""Title → level, e.g. ``souschef i dagtilbud`` → leder, ``projektleder`` → medarbejder.

Danish titles are compounds whose last part says what the person is (*direktionssekretær* is a secretary)
and what follows a preposition says only where (*sekretær for direktøren*). So: cut at the first
preposition, look at each word before it, exact titles first, then the longest known last part. Of several
titles the one highest in :data:`_ORDER` counts.

Levels follow the municipal numbering: 1 direktør, 2 chef, 3–4 leder.
"""

import re

from qualcode.models import Level

# Looked up before the endings: words whose last part would mislead, and abbreviations.
_EXACT = {
    Level.LEDER: "souschef rektor prorektor forstander viceforstander viceinspektør havnefoged "
    "stedfortræder køkkenchef",
    Level.TILLIDSVALGT: "tr ftr amr tillidsmand tillidskvinde fællestillidsmand klubformand",
    Level.CHEF: "vicechef",
    Level.MEDARBEJDER: "projektleder procesleder projektchef programleder kursusleder mødeleder vejleder "
    "sagsleder rejseleder korleder",
    Level.POLITIKER: "rådmand rådkvinde folkevalgt",
    Level.FRIVILLIG: "formand næstformand kasserer spejderleder holdleder træner ildsjæl besøgsven natteravn",
    Level.BORGER: "mor far datter søn ægtefælle nabo lodsejer pensionist sygemeldt tilflytter",
}
# Last parts of compounds, and words of their own. The longest that fits decides.
_ENDINGS = {
    Level.DIREKTOER: "direktør",
    Level.CHEF: "chef",
    Level.LEDER: "leder skoleinspektør bestyrer mester",
    Level.TILLIDSVALGT: "tillidsrepræsentant arbejdsmiljørepræsentant medarbejderrepræsentant",
    Level.POLITIKER: "borgmester byrådsmedlem kommunalbestyrelsesmedlem regionsrådsmedlem udvalgsformand "
    "udvalgsmedlem gruppeformand politiker byrådspolitiker folketingsmedlem",
    Level.FRIVILLIG: "frivillig foreningsformand lokalrådsformand bestyrelsesformand bestyrelsesmedlem træner",
    Level.BORGER: "borger borgergruppe beboer pårørende bruger forælder elev studerende ledig patient",
    Level.MEDARBEJDER: "vejleder projektleder medarbejder konsulent sekretær pædagog medhjælper lærer "
    "sygeplejerske assistent hjælper sagsbehandler koordinator planlægger rådgiver terapeut fuldmægtig "
    "ingeniør arkitekt bibliotekar pedel gartner specialist behandler psykolog jordemoder læge dagplejer "
    "formidler tovholder udvikler analytiker jurist økonom controller kontorelev tekniker betjent vært "
    "inspektør instruktør jobkonsulent socialrådgiver ergoterapeut fysioterapeut supporter redaktør "
    "sundhedsplejerske visitator brobygger facilitator tandplejer biolog konstruktør chauffør kok student "
    "laborant farmaceut geolog landinspektør psykoterapeut",
}
_ORDER = (
    Level.DIREKTOER,
    Level.CHEF,
    Level.LEDER,
    Level.TILLIDSVALGT,
    Level.POLITIKER,
    Level.MEDARBEJDER,
    Level.FRIVILLIG,
    Level.BORGER,
)
_PREPOSITIONS = re.compile(r"\s(?:for|i|af|hos|ved|på|med|fra|til|under|inden)\s|[(,;]", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# A seat says nothing of its holder; the body does.
_SEAT = re.compile(r"(?:medlem|formand|næstformand|forperson|repræsentant)(?:en)?", re.IGNORECASE)
_UNPAID = re.compile(r"frivillige?\s+\w", re.IGNORECASE)
_BODIES = (
    (re.compile(r"(?:hoved-?|lokal-?|område-?)?med(?:-?udvalget)?", re.IGNORECASE), Level.TILLIDSVALGT),
    (re.compile(r"(?:.*\s)?direktionen", re.IGNORECASE), Level.DIREKTOER),
    (
        re.compile(r".*?(?:udvalget|byrådet|kommunalbestyrelsen|regionsrådet|folketinget|magistraten)", re.IGNORECASE),
        Level.POLITIKER,
    ),
)
_INFLECTION = r"(?:en|n|e|er|r|ere|erne|ne|s|ens|ernes)?"


def _table(words: dict[Level, str], prefix: str) -> list[tuple[str, re.Pattern[str], Level]]:
    rows = [
        (word, re.compile(rf"{prefix}{word}{_INFLECTION}", re.IGNORECASE), level)
        for level, line in words.items()
        for word in line.split()
    ]
    return sorted(rows, key=lambda row: -len(row[0]))


_EXACT_TABLE = _table(_EXACT, "")
_ENDING_TABLE = _table(_ENDINGS, r"[\w-]*")


def level_of(title: str) -> Level:
    """Return the level a title stands for, ``ukendt`` when nothing in it is known.

    >>> str(level_of("chef for Plan og By")), str(level_of("direktionssekretær"))
    ('chef', 'medarbejder')
    """
    head, *rest = _PREPOSITIONS.split(f" {title.strip()} ")
    seat = rest and _SEAT.fullmatch(head.strip()) and _level_of_body(rest[0])
    if seat:
        return seat
    if _UNPAID.match(head.strip()):
        return Level.FRIVILLIG
    found = _levels_in(head)
    if not found and rest:
        # "(leder)", "Respondent 2, chef": the title stands behind the first mark.
        found = _levels_in(" ".join(rest))
    return min(found, key=_ORDER.index, default=Level.UKENDT)


def _level_of_body(name: str) -> Level | None:
    """Return the level of those who sit in a body: ``byrådet`` → politiker."""
    return next((level for pattern, level in _BODIES if pattern.fullmatch(name.strip())), None)


def _levels_in(text: str) -> list[Level]:
    levels = (_word_level(word) for word in _WORD.findall(text))
    return [level for level in levels if level]


def _word_level(word: str) -> Level | None:
    for _, pattern, level in (*_EXACT_TABLE, *_ENDING_TABLE):
        if pattern.fullmatch(word):
            return level
    return None
