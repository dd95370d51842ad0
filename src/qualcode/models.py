"""The vocabulary of qualcode: small, frozen, typed values that every stage shares.

Spans are ``[start, end)`` in Unicode code points of an interview's canonical text. Text itself is never
copied into a coding: a quote is a slice, cut by :meth:`Interview.quote` and nowhere else.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property

# Probability under which nothing is suggested, unless a study says otherwise: the lowest at which whole interviews are
# coded with the best F1 (docs/evaluation.md).
THRESHOLD = 0.4


class Level(StrEnum):
    """Level of an informant, from the top of the organisation to the people it serves."""

    DIREKTOER = "direktør"
    CHEF = "chef"
    LEDER = "leder"
    MEDARBEJDER = "medarbejder"
    TILLIDSVALGT = "tillidsvalgt"
    POLITIKER = "politiker"
    FRIVILLIG = "frivillig"
    BORGER = "borger"
    UKENDT = "ukendt"


class Kind(StrEnum):
    """What sort of thing a code marks."""

    BARRIERE = "barriere"
    DRIVKRAFT = "drivkraft"
    BEHOV = "behov"
    ROLLE = "rolle"
    VAERDI = "værdi"
    EKSEMPEL = "eksempel"


class Valence(StrEnum):
    """How a passage speaks of its topic, apart from the topic itself."""

    DRIVKRAFT = "drivkraft"
    BARRIERE = "barriere"
    BEHOV = "behov"
    NEUTRAL = "neutral"


class Status(StrEnum):
    """Where a coding stands with the analysts."""

    FORESLAAET = "foreslået"
    GODKENDT = "godkendt"
    AFVIST = "afvist"


class Source(StrEnum):
    """Who or what proposed a coding."""

    REGEL = "regel"
    MODEL = "model"
    BEGGE = "begge"
    MENNESKE = "menneske"


class Mark(StrEnum):
    """What a writer may do with a quote, where an analyst has said so."""

    SHOWCASE = "fremhæv"
    WITHHOLD = "citér ikke"


class Action(StrEnum):
    """What an analyst did to a coding; the journal holds these and is never rewritten.

    ``add`` makes a coding that nobody suggested. ``value`` and ``move`` change valence and span, ``showcase`` and
    ``withhold`` say how the quote may be used, ``memo`` notes something: none of them accepts or rejects. ``undo``
    takes back the last event still standing.
    """

    ACCEPT = "accept"
    REJECT = "reject"
    RECODE = "recode"
    ADD = "add"
    VALUE = "value"
    MOVE = "move"
    SHOWCASE = "showcase"
    WITHHOLD = "withhold"
    MEMO = "memo"
    UNDO = "undo"


def digest(*parts: object) -> str:
    """Return a stable 64-digit hash of JSON-able parts: the one way content is named in qualcode."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def coding_name(study: str, interview: str, code: str, quote: str, nth: int) -> str:
    """Return the id of a coding: made of what it says and not of where it stands.

    So a decision still finds its coding after words were mended elsewhere in the transcript.

    Args:
        study: name of the study
        interview: id of the interview
        code: id of the code
        quote: the words
        nth: 0 for the first coding of these words in the interview, 1 for the next …
    """
    return digest(digest(study, interview, code, quote), nth)[:16]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an interview as a whole; None where nobody said."""

    role: str | None = None
    department: str | None = None
    date: str | None = None
    wave: str | None = None


@dataclass(frozen=True, slots=True)
class Informant:
    """A respondent of one interview: the label in the transcript, the title as given, the level."""

    speaker: str
    role: str
    level: Level


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's uninterrupted speech; the span leaves the label out. Turns count from 1."""

    number: int
    start: int
    end: int
    speaker: str
    interviewer: bool
    time: str | None = None


# Characters of text kept on both sides of a decided quote.
CONTEXT = 40


@dataclass(frozen=True)
class Interview:
    """A transcript as read: the canonical text (NFC, LF, no BOM, no soft hyphens) and what lies in it."""

    id: str
    file: str
    text: str
    turns: tuple[Turn, ...]
    informants: tuple[Informant, ...]
    facts: Facts = Facts()

    @cached_property
    def digest(self) -> str:
        """Hash of all that coding depends on: text, turns and who speaks."""
        return digest(
            self.id,
            self.text,
            [asdict(turn) for turn in self.turns],
            [asdict(informant) for informant in self.informants],
            asdict(self.facts),
        )

    def quote(self, start: int, end: int) -> str:
        """Return the words of a span: the one place where a quote is cut.

        Raises:
            ValueError: the span is empty or outside the text.
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"span {start}–{end} is not inside interview {self.id} (0–{len(self.text)})")
        return self.text[start:end]

    def context(self, start: int, end: int) -> tuple[str, str]:
        """Return what stands before and after a span, up to :data:`CONTEXT` characters each."""
        return self.text[max(0, start - CONTEXT) : start], self.text[end : end + CONTEXT]

    def informant(self, speaker: str) -> Informant:
        """Return the respondent with that label, level unknown when the transcript says nothing."""
        for informant in self.informants:
            if informant.speaker == speaker:
                return informant
        return Informant(speaker, Level.UKENDT.value, Level.UKENDT)

    def responses(self) -> Iterator[Turn]:
        """Yield the respondents' turns; the interviewer's are context and never coded."""
        return (turn for turn in self.turns if not turn.interviewer)


@dataclass(frozen=True, slots=True)
class Example:
    """A passage somebody has coded, in the codebook or in review; no codes means: says nothing codable.

    Attributes:
        near_miss_of: codes that it looks like and does not carry
        group: who wrote or said it, where that is known; passages of one group are not independent. Those of a coded
            interview have ``interview`` and its id
        asked: the question it answers, where it comes from an interview
        around: what else is said in its turn
    """

    text: str
    codes: tuple[str, ...]
    near_miss_of: tuple[str, ...] = ()
    valence: Valence | None = None
    group: str = ""
    asked: str = ""
    around: str = ""

    @property
    def spoken(self) -> bool:
        """Whether it comes from an interview that people coded, not from a codebook's writers."""
        return self.group.startswith("interview ")


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a codebook. ``id`` is dotted; the parent is what stands before the last dot."""

    id: str
    name: str
    kind: Kind
    definition: str
    use_when: str = ""
    not_when: tuple[tuple[str, str | None], ...] = ()
    patterns: tuple[str | tuple[Mapping[str, object], ...], ...] = ()
    examples: tuple[str, ...] = ()
    near_misses: tuple[tuple[str, str | None], ...] = ()
    color: str | None = None

    @property
    def parent(self) -> str | None:
        """Id of the code above, or None at the top."""
        head, dot, _ = self.id.rpartition(".")
        return head if dot else None

    @property
    def gist(self) -> str:
        """First sentence of the definition; the rest is for coders."""
        return re.split(r"(?<=[.!?])\s+(?=[A-ZÆØÅ])", self.definition.strip(), maxsplit=1)[0]


@dataclass(frozen=True)
class Codebook:
    """Codes in the order of the report, passages that carry none, and the bank of examples beside the book."""

    id: str
    title: str
    version: str
    description: str
    source: str
    codes: tuple[Code, ...]
    uncoded: tuple[str, ...] = ()
    bank: tuple[Example, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Code]:
        """Codes by id."""
        return {code.id: code for code in self.codes}

    @cached_property
    def digest(self) -> str:
        """Hash of everything in the book."""
        return digest(asdict(self))

    @property
    def top(self) -> tuple[Code, ...]:
        """Codes without a parent: the themes."""
        return tuple(code for code in self.codes if code.parent is None)

    def children(self, parent: str) -> tuple[Code, ...]:
        """Codes directly under another."""
        return tuple(code for code in self.codes if code.parent == parent)


@dataclass(frozen=True, slots=True)
class RuleHit:
    """A pattern of the codebook and the words it matched, as a span of the text."""

    pattern: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A coded example near a passage in meaning; similarity is a cosine in [-1, 1]."""

    text: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a code is suggested."""

    rules: tuple[RuleHit, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    valence_cue: str | None = None


@dataclass(frozen=True, slots=True)
class Coding:
    """One code on one passage of one respondent; ``score`` is a calibrated probability in [0, 1].

    Attributes:
        analyst: who decided on it last, empty for a suggestion
        mark: how its quote may be used, None where nobody said
        memos: notes on it, oldest first
        revision: how many events of the journal concern it
    """

    id: str
    interview: str
    turn: int
    start: int
    end: int
    speaker: str
    code: str
    valence: Valence
    score: float
    source: Source
    status: Status = Status.FORESLAAET
    evidence: Evidence = field(default_factory=Evidence)
    analyst: str = ""
    mark: Mark | None = None
    memos: tuple[str, ...] = ()
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """One event of the journal: who decided what on which coding, when, why and on which version.

    Attributes:
        start, end, quote: the passage as it was suggested or added, with up to :data:`CONTEXT` characters
            ``before`` and ``after``, by which it is found again in a changed transcript
        code, valence: as suggested or added
        new_code: with ``recode``
        new_valence: with ``value``
        new_start, new_end, new_quote: with ``move``
        reason: why; with ``memo`` the note itself
        round: the blind round it belongs to; such decisions count for agreement only. None: an open decision
        batch: shared by decisions made in one act
    """

    coding_id: str
    action: Action
    analyst: str
    at: str
    study: str
    interview: str
    document_digest: str
    codebook_digest: str
    turn: int
    start: int
    end: int
    speaker: str
    quote: str
    code: str
    valence: Valence
    before: str = ""
    after: str = ""
    new_code: str | None = None
    new_valence: Valence | None = None
    new_start: int | None = None
    new_end: int | None = None
    new_quote: str | None = None
    reason: str | None = None
    round: str | None = None
    batch: str | None = None
