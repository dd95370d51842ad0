"""Speaker labels: which labels are speakers, which mean the same one, and which is the interviewer's."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qualcode.ingest.levels import is_title, level_of
from qualcode.models import Level

_STRONG_INTERVIEWER = frozenset(
    "int interviewer intervieweren interv iv intv medinterviewer spørger spørgeren moderator mod facilitator forsker "
    "ordstyrer spørgsmål spm sp question q undersøger evaluator".split()
)
# A letter that usually means the interviewer, but stands for the informant in some transcripts.
_WEAK_INTERVIEWER = frozenset({"i"})
_INTERVIEWER_LETTER = frozenset({"I"})
INTERVIEWER_LABELS = _STRONG_INTERVIEWER | _WEAK_INTERVIEWER
# Labels that mean a respondent even when they come only once.
_RESPONDENT_WORDS = frozenset(
    "ip r inf infor resp informant informanten interviewperson interviewpersonen interviewede respondent respondenten "
    "deltager deltageren svar svarer person answer".split()
)
# Labels that mean a speaker, whoever it is.
_SPEAKER_WORDS = frozenset("speaker taler talere stemme ukendt kvinde mand".split())
# What Teams writes after the name of somebody from outside.
_GUESTS = frozenset("guest gæst ekstern external unverified ubekræftet".split())
_LONE_LETTERS = frozenset({"i", "r", "q"})
# Line beginnings with a colon that are speech or notes, whatever their number.
_NO_LABELS = frozenset(
    "ok okay ja nej nå jo jamen men og så altså nb obs note noter citat dato tid tidspunkt sted emne tema "
    "kl fx feks f.eks ps bemærk bemærkning interview rolle forvaltning bølge varighed lydfil "
    "transskriberet transskription legende forkortelser eksempel eksempelvis konklusion konklusionen "
    "pointe pointen kommentar opsummering resumé resume afsnit kapitel punkt side del fil optagelse "
    "optaget deltagere titel overskrift baggrund formål kilde link web tlf telefon mail email adresse cpr "
    "navn alder køn stilling afdeling projekt dvs først dernæst endelig derfor svaret spørgsmålet "
    "sandheden problemet resultatet fordel fordele ulempe ulemper tak dog nemlig altid aldrig mål plan "
    "observation kontekst referat dagsorden status opfølgning aftale nøgleord stikord nummer nr id "
    "version forkortet redaktionelt pause".split()
)
# Words that begin a sentence, not a name.
_SENTENCE_WORDS = frozenset(
    "jeg du han hun vi de man det den der som og men så hvis når da for fordi hvad hvem hvor hvordan "
    "hvorfor hvornår min mit mine vores deres hans hendes en et alle nogle nogen mange både enten altså "
    "ikke også her nu sådan ligesom så".split()
)
_NAME_PARTICLES = frozenset("af van von de der den el al bin ben di da du la le fra for i og".split())
_WORDS = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"[\s._#-]*(?:nr\.?\s*)?\d+[a-z]?$", re.IGNORECASE)
# What ``qualcode check --replace`` writes for a person.
_PSEUDONYM = re.compile(r"NAVN-\d+")
_TITLE_MARK = re.compile(r"\s*[(,/]|\s[-–]\s")
_QUESTION = re.compile(
    r"\?|^\W*(?:og |men |okay,? |ja,? |så )?(?:hv(?:ad|em|or|ordan|orfor|ornår|ilke[nt]?)|kan du|vil du|"
    r"har du|er du|synes du|fortæl|prøv at)\b",
    re.IGNORECASE,
)


def speakers_among(labels: Iterable[str], known: Iterable[str], *, lenient: bool) -> frozenset[str]:
    """Return the labels that are speakers.

    A label counts when the study or a legend names it, when it is a usual one (``I``, ``IP2``,
    ``Respondent 3 (chef)``, a title), or when it recurs and looks like a name; with ``lenient`` – a transcript
    that keeps to the plain contract – once is enough. A number more in a row of numbers, initials among
    initials count at once, too.
    """
    counts = Counter(labels)
    named = frozenset(known)
    needed = 1 if lenient else 2
    found = {
        label
        for label, count in counts.items()
        if label in named or is_usual(label) or (count >= needed and _like_a_name(label)) or _often(label, count)
    }
    stems = {_stem(label) for label in found}
    # One lone letter among the speakers is enough for the others: "A" speaks often, "B" once.
    initials = sum(map(_is_initials, found)) >= 2
    letters = any(map(_is_letter, found - _INTERVIEWER_LETTER))
    found |= {
        label
        for label in counts
        if (_NUMBER.search(_bare(label)) and _stem(label) in stems)
        or (initials and _is_initials(label))
        or (letters and _is_letter(label))
    }
    return frozenset(found)


def one_spelling(labels: Iterable[str]) -> dict[str, str]:
    """Return label → speaker: spellings of one label (``IP1``, ``Ip 1``, ``IP1 (chef)``) mean one speaker.

    The speaker is called by the most frequent spelling without a title; a label whose titles differ
    (``Leder (skole)``, ``Leder (dagtilbud)``) stands for several people and is left alone.
    """
    counts = Counter(labels)
    bare = Counter(_bare(label) for label in counts.elements())
    groups: dict[str, list[str]] = {}
    for label in counts:
        groups.setdefault(re.sub(r"[\s._-]", "", _bare(label)).casefold(), []).append(label)
    speakers: dict[str, str] = {}
    for group in groups.values():
        titled = [label for label in group if _TITLE_MARK.search(label)]
        plain = [label for label in group if label not in titled]
        if len(titled) > 1 or not plain:
            speakers |= {label: label for label in titled}
            titled = []
        called = max(plain, key=lambda label: bare[label], default="")
        speakers |= dict.fromkeys((*plain, *titled), called)
    return speakers


def title_in(label: str) -> str | None:
    """Return the title that a label carries.

    >>> title_in("Respondent 2 (chef)"), title_in("IP1, souschef"), title_in("Leder (skole)"), title_in("IP1")
    ('chef', 'souschef', 'Leder (skole)', None)
    """
    mark = _TITLE_MARK.search(label)
    if mark is None:
        return None
    title = label[mark.end() :].strip(" ()")
    if title.lower() in _GUESTS:
        return None
    if level_of(title) is not Level.UKENDT:
        return title
    if level_of(_bare(label)) is not Level.UKENDT:
        return label
    return title or None if "(" in mark[0] else None


def _bare(label: str) -> str:
    """Return the label without its title: ``IP 2 (chef)`` → ``IP 2``."""
    return _TITLE_MARK.split(label)[0].strip(" .")


def _stem(label: str) -> str:
    """Return the label without number and title, in lower case: ``IP 2 (chef)`` → ``ip``."""
    return _NUMBER.sub("", _bare(label)).lower().strip(" .")


def is_usual(label: str) -> bool:
    """Tell a label that means a speaker wherever it stands: a usual word or letter, a title, our own pseudonym."""
    if _PSEUDONYM.fullmatch(label):
        return True
    stem = _stem(label)
    first, *rest = stem.split() or [""]
    if first in INTERVIEWER_LABELS | _RESPONDENT_WORDS or (
        first in _SPEAKER_WORDS and (rest or stem != _bare(label).lower())
    ):
        if not rest:
            return True
        # "Deltager B", "Interviewer Mette"; but not "I Danmark" or "Person efter person".
        names = _bare(label).split()[1:]
        return first not in _LONE_LETTERS and len(rest) <= 2 and all(name[0].isupper() for name in names[:2] if name)
    return len(stem.split()) == 1 and stem not in _NO_LABELS and is_title(stem)


def _like_a_name(label: str) -> bool:
    words = _bare(label).replace("_", " ").split()
    if not words or not label[0].isupper() or _is_no_label(label):
        return False
    if level_of(label) is not Level.UKENDT and len(words) <= 8:
        return True
    return len(words) <= 4 and all(
        word[0].isupper() or not word[0].isalpha() or word in _NAME_PARTICLES for word in words
    )


def is_full_name(label: str) -> bool:
    """Tell a label of two words or more that looks like a person's name."""
    return len(_bare(label).split()) > 1 and _like_a_name(label)


def _often(label: str, count: int) -> bool:
    """Accept lower-case words as a label (``Ældre mand``, ``mette``) only when they come again and again."""
    words = label.lower().split()
    return count >= 4 and len(words) <= 3 and not _is_no_label(label) and not _SENTENCE_WORDS & set(words)


def _is_no_label(label: str) -> bool:
    first = _bare(label).lower().split()[:1]
    return (
        _stem(label) in _NO_LABELS
        or first == []
        or first[0] in _NO_LABELS
        or first[0] in _SENTENCE_WORDS - {"de", "den"}
    )


def _is_letter(label: str) -> bool:
    return len(label) == 1 and _is_initials(label)


def _is_initials(label: str) -> bool:
    return label.isalpha() and label.isupper() and len(label) <= 3 and label.lower() not in _NO_LABELS


@dataclass(frozen=True, slots=True)
class Named:
    """Labels that somebody has said are interviewers' or respondents', and who said so, in Danish."""

    interviewers: frozenset[str]
    respondents: frozenset[str]
    why: str


def find_interviewers(speech: Mapping[str, list[str]], named: Iterable[Named] = ()) -> tuple[frozenset[str], str]:
    """Return the interviewers' labels and the reason, in Danish.

    Args:
        speech: label → what was said under it, a string a turn
        named: what is said of the labels, the one to be believed most first
    """
    respondents: frozenset[str] = frozenset()
    for source in named:
        found = (source.interviewers & speech.keys()) - respondents
        if found:
            return frozenset(found), source.why
        respondents |= source.respondents
    free = {label: turns for label, turns in speech.items() if label not in respondents}
    asker = _asks_and_listens(speech, free)
    strong = frozenset(label for label in free if _is_interviewer(label, _STRONG_INTERVIEWER))
    weak = frozenset(label for label in free if _is_interviewer(label, _WEAK_INTERVIEWER))
    if strong and strong | weak == speech.keys():
        weak = frozenset()
    if weak == speech.keys() and asker:
        # "I1" and "I2" may be two informants, or the interviewer and one.
        return frozenset({asker}), "stiller spørgsmålene og taler mindst"
    if weak and not strong and asker and asker not in weak and not any(map(_asks, speech[min(weak)])):
        return frozenset({asker}), "stiller spørgsmålene og taler mindst"
    if strong | weak:
        return strong | weak, "etiketten"
    if asker:
        return frozenset({asker}), "stiller spørgsmålene og taler mindst"
    return frozenset(), "ingen interviewer fundet"


def _is_interviewer(label: str, words: frozenset[str]) -> bool:
    title = (title_in(label) or "").lower()
    first = _stem(label).split()[:1]
    return (first != [] and first[0] in words) or title in _STRONG_INTERVIEWER


def _asks(turn: str) -> bool:
    return _QUESTION.search(turn) is not None


def _asks_and_listens(speech: Mapping[str, list[str]], free: Mapping[str, list[str]]) -> str | None:
    """Return who asks the questions and says less than the others.

    Of those not said to be respondents, it is the one whose turns most often ask: at least a third of them, and
    clearly (half again) more often than anybody else's.
    """
    if len(speech) < 2 or not free:
        return None
    asking = {label: sum(map(_asks, turns)) / len(turns) for label, turns in speech.items()}
    words = {label: sum(len(_WORDS.findall(turn)) for turn in turns) for label, turns in speech.items()}
    asker = max(sorted(free), key=asking.__getitem__)
    others = [label for label in speech if label != asker]
    clearly = asking[asker] >= 1 / 3 and all(asking[asker] >= 1.5 * asking[label] for label in others)
    return asker if clearly and words[asker] < sum(words[label] for label in others) else None
