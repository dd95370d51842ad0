"""Names of persons: from lists of first names and surnames, and from what stands around them.

Certain (``direct``): a first name that is no ordinary word; a first name with what follows it as surname; a surname
that is no ordinary word; any capitalised word after a form of address (*fru*, *doktor*) or after *hun hedder*.
Possible: an ordinary word with a capital inside a sentence (*så kom Bo*), a capitalised word nobody knows after *min
kollega*, a lone name written with a small letter in a text that has capitals.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from qualcode.privacy.findings import Candidate, Certainty, Kind
from qualcode.privacy.lexicon import Lexicon, NameClass, lexicon
from qualcode.privacy.words import Passage, Word

_ADDRESS_FORMS = frozenset(
    "fru fr frk frøken hr herr doktor dr professor prof pastor sognepræst provst biskop overlæge onkel tante moster "
    "faster farbror morbror jomfru mester familien ægteparret".split()
)
_ABBREVIATED = frozenset("hr frk fr dr prof".split())
_PEOPLE = frozenset(
    """kollega kollegaen leder lederen chef chefen mand kone søn datter bror søster mor far mormor morfar farmor
    farfar fætter kusine ven veninde vennen veninden kæreste kæresten nabo naboen genbo makker svoger svigerinde
    svigermor svigerfar barnebarn læge lægen lektor advokat dommer borgmester borgmesteren viceborgmester rådmand
    rådmanden direktør direktøren kommunaldirektør kommunaldirektøren formand formanden næstformand forkvinde
    udvalgsformand udvalgsformanden rektor skoleleder skolelederen forstander forstanderen sygeplejerske
    sygeplejersken sagsbehandler sagsbehandleren socialrådgiver socialrådgiveren pædagog pædagogen lærer læreren
    afdelingsleder teamleder projektleder projektlederen konsulent konsulenten politibetjent betjent præst præsten
    købmand købmanden gartner gartneren pedel pedellen beboer beboeren borger borgeren informant minister
    statsminister ministeren hende ham drengen pigen manden konen damen fyren kvinden knægten""".split()
)
_NAMED = re.compile(
    r"(?:(?<!['’])\b(?:hun|han|jeg|du|hende|ham|en|én|mand(?:en)?|konen?|datter(?:en)?|søn(?:nen)?|bror(?:en)?|søster(?:en)?"
    r"|kollega(?:en)?|leder(?:en)?|chef(?:en)?|kvinden?|dreng(?:en)?|pigen?|fyr(?:en)?|damen?|borger(?:en)?|beboer(?:en)?"
    r"|nabo(?:en)?|barn(?:et)?|læreren?|pædagog(?:en)?|formand(?:en)?|hund(?:en)?),?\s+(?:(?:som|der)\s+)?"
    r"(?:hed|hedder|kaldes|kaldet|kalder de|(?:bliver|blev) kaldt)"
    r"|ved navn|mit navn er|hendes navn er|hans navn er)\s+$",
    re.IGNORECASE,
)
_NO_PERSON_BEFORE = frozenset(
    """område distrikt team center centeret centret afdeling afdelingen zone gruppe hold region i den d nr måned år
    klasse kapitel fase projekt projektet system systemet program programmet modul niveau kategori type
    model""".split()
)
_MONTHS = frozenset("maj august april juni juli marts june".split())
_DOES = frozenset(
    """sagde siger ringede ringer spurgte spørger mente mener kom kommer fortalte fortæller tog fik skrev skriver sad
    stod synes syntes arbejder boede flyttede startede hjalp lavede grinede fra""".split()
)
_HAS_SOMEBODY = re.compile(r" og (?:hendes|hans) ")
_SPEAKS = frozenset("sagde siger spurgte spørger svarede svarer mente mener tænkte råbte hviskede".split())
# Bodies speak, too; they mostly come in the definite form.
_DEFINITE = re.compile(r"(?:en|et|erne|ene|service|ting)s?$")
_PARTICLES = frozenset("van von de del der da di la le el al bin ibn ben abu af y e dos ter ten den".split())
_NOT_IN_NAMES = frozenset(
    """kommune region skole plejehjem plejecenter børnehave universitet instituttet institut bibliotek kirke gade vej
    allé plads fond fonden a s aps og jeg vi nu så men""".split()
)
_SURNAME_SHAPE = re.compile(
    r"[^\W\d_]{2,}(?:(?<!el)(?<!væ)sen|ović|ovic|ević|evic|ski|ska|oğlu|oglu|gaard|gård|qvist|kvist|strøm|enko|chuk|aitis|escu|dóttir|dottir)$"
)
# As words far more common than as names, at the start of a sentence at least.
_NEVER_ALONE = frozenset("hans per tage else som den van de al line mark maj august".split())
_INITIALS_BEFORE = re.compile(r"(?<![\w.])(?:[A-ZÆØÅ]\.\s?){1,3}$")
_LONGEST = 5
_SHORTEST_SURE = 3


@dataclass(frozen=True, slots=True)
class _Known:
    """What a word can be, and whether a genitive s had to be taken off to see it."""

    name_class: NameClass
    genitive: bool = False

    @property
    def first(self) -> bool:
        return bool(self.name_class & NameClass.FIRST)

    @property
    def last(self) -> bool:
        return bool(self.name_class & NameClass.LAST)

    @property
    def named(self) -> bool:
        return self.first or self.last

    @property
    def ordinary(self) -> bool:
        return bool(self.name_class & NameClass.ORDINARY)


_UNKNOWN = _Known(NameClass.NONE)


def find_again(passage: Passage, names: Collection[str]) -> Iterator[Candidate]:
    """Yield capitalised words that are names elsewhere in the interview: the start of a sentence hides them.

    Args:
        passage: where to look
        names: names found elsewhere, word by word, in lower case
    """
    for word in passage.words:
        known = word.key in names or _without_genitive(word.key) in names
        if known and word.capital and word.key not in _NEVER_ALONE:
            yield Candidate(word.start, word.end, Kind.NAVN, Certainty.POSSIBLE)


class _Lookup:
    """What the words of a passage can be, looked up when asked for: most words never are."""

    def __init__(self, passage: Passage, lists: Lexicon) -> None:
        self._words = passage.words
        self._lists = lists
        self._found: dict[int, _Known] = {}

    def __len__(self) -> int:
        return len(self._words)

    def __getitem__(self, index: int) -> _Known:
        found = self._found.get(index)
        if found is None:
            found = self._found[index] = _look_up(self._words[index], self._lists)
        return found


def find_names(passage: Passage, lists: Lexicon) -> Iterator[Candidate]:
    """Yield the names of persons in a passage, in order."""
    known = _Lookup(passage, lists)
    index = 0
    while index < len(known):
        certainty = _begins_name(passage, known, index, lists)
        if certainty is None:
            index += 1
            continue
        end = _name_end(passage, known, index)
        start, stop = _with_initials_before(passage, index), passage.words[end - 1].end
        if not _in_expression(passage, start, stop, lists):
            yield Candidate(start, stop, Kind.NAVN, certainty)
        index = end


def _look_up(word: Word, lists: Lexicon) -> _Known:
    found = _in_lists(word.key, lists)
    if found or not (word.text[-1] in "'’" or word.key.endswith("s")):
        return _Known(found) if found else _hyphenated(word, lists)
    bare = _without_genitive(word.key)
    found = _in_lists(bare, lists)
    return _Known(found, genitive=True) if found else _hyphenated(word, lists)


def _in_lists(key: str, lists: Lexicon) -> NameClass:
    return lists.names.get(key, NameClass.NONE)


def _without_genitive(key: str) -> str:
    return re.sub(r"['’]?s$", "", key)


def without_genitive(words: str) -> str:
    """Return a name as it is when nothing is its own: ``Mettes`` → ``Mette``, but ``Jens`` and ``Lars'`` → ``Lars``."""
    head, space, last = words.rpartition(" ")
    lists = lexicon()
    bare = last.rstrip("'’")
    key = bare.lower()
    if bare == last and key.endswith("s") and not (_in_lists(key, lists) or key in lists.towns):
        stem = _without_genitive(bare)
        parts = stem.lower().split("-")
        if stem.lower() in lists.towns or all(_in_lists(part, lists) for part in parts):
            bare = stem
    return f"{head}{space}{bare}"


def _hyphenated(word: Word, lists: Lexicon) -> _Known:
    """A double name such as ``Karl-Emil`` is as sure as its surest half."""
    if "-" not in word.key:
        return _UNKNOWN
    parts = _without_genitive(word.key).split("-")
    halves = [_in_lists(part, lists) for part in (*parts[:-1], parts[-1])]
    if not all(half & (NameClass.FIRST | NameClass.LAST) for half in halves):
        return _UNKNOWN
    if word.capital and not all(part[:1].isupper() for part in word.text.split("-")):
        return _UNKNOWN
    shared = NameClass.FIRST if halves[0] & NameClass.FIRST else NameClass.LAST
    return _Known(shared, genitive=word.key.endswith("s"))


def _begins_name(passage: Passage, known: _Lookup, index: int, lists: Lexicon) -> Certainty | None:
    word = passage.words[index]
    if word.capital:
        return _capital_begins(passage, known, index)
    if passage.lower_case:
        return _small_begins(passage, known, index)
    return Certainty.POSSIBLE if word.key in lists.sure_first_names else None


def _capital_begins(passage: Passage, known: _Lookup, index: int) -> Certainty | None:
    word, here = passage.words[index], known[index]
    if word.acronym and (len(word.key) <= _SHORTEST_SURE or not here.named or here.ordinary):
        return None
    before = passage.before(index)
    if passage.begins_sentence(index) and before not in _ABBREVIATED:
        # "… med familien. Det": the form of address belongs to the sentence before.
        before = ""
    if before in _ADDRESS_FORMS and (here.named or _unknown_surname(here, word)):
        return Certainty.DIRECT
    if _is_named(passage, word) and (here.named or here is _UNKNOWN):
        return Certainty.DIRECT
    if before == "i" and here.last and not here.first and not _surname_follows(passage, known, index):
        # "i Malling": many surnames are names of places first.
        return None
    if here.named and not here.ordinary:
        return Certainty.DIRECT
    if here.named and before in _PEOPLE:
        return Certainty.DIRECT
    if here.first:
        return _ordinary_begins(passage, known, index)
    if here is _UNKNOWN and not word.acronym:
        return _unknown_begins(passage, known, index, before)
    return None


def _ordinary_begins(passage: Passage, known: _Lookup, index: int) -> Certainty | None:
    """Judge a first name that is an ordinary word, too, written with a capital."""
    if _surname_follows(passage, known, index):
        return Certainty.DIRECT
    key = passage.words[index].key
    if passage.begins_sentence(index):
        return Certainty.POSSIBLE if passage.after(index) in _DOES else None
    before = passage.before(index)
    start = passage.words[index].start
    if before in _NO_PERSON_BEFORE or (key in _MONTHS and (not before or _after_number(passage.text, start))):
        return None
    if passage.words[index].acronym or (known[index].genitive and len(key) <= _SHORTEST_SURE):
        return None
    return Certainty.POSSIBLE


def _surname_follows(passage: Passage, known: _Lookup, index: int) -> bool:
    following = index + 1
    if following >= len(known) or not passage.adjacent(following) or known[index].genitive:
        return False
    word, next_known = passage.words[following], known[following]
    if not word.capital or word.acronym:
        return False
    if passage.begins_sentence(index) and not (next_known.named and not next_known.ordinary):
        # "Han Holm", "Den Store": at the start of a sentence a capital proves nothing.
        return next_known.last and passage.words[index].key not in {"hans", "per", "tage", "som"}
    return next_known.named or bool(_SURNAME_SHAPE.match(word.text))


def _unknown_begins(passage: Passage, known: _Lookup, index: int, before: str) -> Certainty | None:
    """Judge a capitalised word that no list has."""
    word = passage.words[index]
    if passage.begins_sentence(index):
        has_somebody = _HAS_SOMEBODY.match(passage.text, word.end) and not _DEFINITE.search(word.key)
        return Certainty.POSSIBLE if has_somebody else None
    following = index + 1
    if following < len(known) and passage.adjacent(following) and passage.words[following].capital:
        next_known = known[following]
        if next_known.last and not next_known.ordinary:
            return Certainty.DIRECT
        if before in _PEOPLE and passage.after(index) not in _NOT_IN_NAMES:
            return Certainty.POSSIBLE
    if before == "og" and index > 1 and known[index - 2].named and not known[index - 2].ordinary:
        return Certainty.POSSIBLE
    if before in _PEOPLE and passage.after(index) not in {"og", "for"}:
        return Certainty.POSSIBLE
    if before in _SPEAKS and word.key != "gud" and not _DEFINITE.search(word.key):
        return Certainty.POSSIBLE
    if (
        before != "i"
        and _SURNAME_SHAPE.match(word.text)
        and len(word.text) > 6
        and not word.key.endswith(("ski", "ska"))
    ):
        return Certainty.POSSIBLE
    return None


def _unknown_surname(here: _Known, word: Word) -> bool:
    return here is _UNKNOWN and not word.acronym and len(word.key) > 2


def _is_named(passage: Passage, word: Word) -> bool:
    return bool(_NAMED.search(passage.text, max(passage.start, word.start - 50), word.start))


def _after_number(text: str, start: int) -> bool:
    return text[max(0, start - 3) : start].rstrip(" .")[-1:].isdigit()


def _small_begins(passage: Passage, known: _Lookup, index: int) -> Certainty | None:
    """Judge a word of a passage that has no capitals at all."""
    here, word = known[index], passage.words[index]
    if not here.named:
        return None
    before = passage.before(index)
    if before in _ADDRESS_FORMS or (here.first and _is_named(passage, word)):
        return Certainty.DIRECT
    if here.ordinary or len(word.key) < _SHORTEST_SURE:
        following = index + 1
        if here.first and following < len(known) and passage.adjacent(following) and not here.genitive:
            next_known = known[following]
            if next_known.last and not next_known.ordinary:
                return Certainty.DIRECT
        return Certainty.POSSIBLE if here.first and before in _PEOPLE - {"hende", "ham"} else None
    return Certainty.DIRECT


def _name_end(passage: Passage, known: _Lookup, index: int) -> int:
    """Return the index after the last word of the name that begins at a word."""
    end = index + 1
    if known[index].genitive:
        return end
    while end < len(known) and end - index < _LONGEST and passage.adjacent(end):
        step = _continues(passage, known, end)
        if not step:
            break
        end += step
        if known[end - 1].genitive:
            break
    return _with_initial(passage, end)


def _continues(passage: Passage, known: _Lookup, index: int) -> int:
    """Return how many words from here on belong to the name before: 0, 1, or 2 with a particle."""
    word, here = passage.words[index], known[index]
    if passage.lower_case:
        return int(here.last or (here.first and not here.ordinary))
    if word.key in _NOT_IN_NAMES:
        return 0
    if word.acronym:
        return int(passage.words[index - 1].acronym and here.last)
    if word.capital:
        return 1
    following = index + 1
    if word.key in _PARTICLES and following < len(known) and passage.adjacent(following):
        return 2 if passage.words[following].capital else 0
    return 0


def _with_initial(passage: Passage, end: int) -> int:
    """Take an initial along: ``Mette H.``."""
    if end < len(passage.words) and passage.adjacent(end):
        word = passage.words[end]
        if len(word.text) == 1 and word.capital and passage.text[word.end : word.end + 1] == ".":
            return end + 1
    return end


def _with_initials_before(passage: Passage, index: int) -> int:
    """Return where a name starts with the initials before it: ``J.P. Nielsen``, ``M. Hansen``."""
    start = passage.words[index].start
    found = _INITIALS_BEFORE.search(passage.text, max(passage.start, start - 12), start)
    return found.start() if found else start


def _in_expression(passage: Passage, start: int, end: int, lists: Lexicon) -> bool:
    around = 25
    first = max(passage.start, start - around)
    window = passage.text[first : min(passage.end, end + around)].lower()
    for expression in lists.expressions:
        place = window.find(expression)
        if place >= 0 and first + place <= start and end <= first + place + len(expression):
            return True
    return False
