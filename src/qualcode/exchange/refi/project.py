"""A REFI-QDA project as read from a file, before anything is made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from qualcode.exchange.refi.offsets import Place


@dataclass(frozen=True, slots=True)
class RefiCode:
    """A code; ``path`` holds the names from the top of the tree down to its own."""

    guid: str
    path: tuple[str, ...]
    description: str = ""
    color: str | None = None
    codable: bool = True
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its own name."""
        return self.path[-1]


@dataclass(frozen=True, slots=True)
class RefiNote:
    """A memo; ``place`` is what it is about in the source that refers to it, where the note itself says so."""

    guid: str
    text: str
    user: str = ""
    at: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class RefiCoding:
    """A code on a selection: GUIDs of code, user and notes."""

    code: str
    user: str = ""
    at: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefiSelection:
    """A marked passage; positions are as the program counts them."""

    guid: str
    place: Place
    description: str = ""
    user: str = ""
    at: str | None = None
    codings: tuple[RefiCoding, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefiSource:
    """A text of a project.

    Attributes:
        text: as decoded, line ends as in the file; None if the file holds no plain text of it
        bom: whether its file began with a byte order mark
        variables: name → value, those of the one case that is this source among them
        description: the comment on it
        user: whose it is
        notes: GUIDs of the notes on it
        whole: how many codes stand on the source as a whole
        other: how many codings stand on a picture, a page area or a moment, where no text is
    """

    guid: str
    name: str
    text: str | None
    bom: bool = False
    selections: tuple[RefiSelection, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    description: str = ""
    user: str = ""
    notes: tuple[str, ...] = ()
    whole: int = 0
    other: int = 0


@dataclass(frozen=True)
class RefiProject:
    """A whole project.

    Attributes:
        origin: the program that wrote it
        users: GUID → name
        codes: in the order of the tree
        sets: GUID of a code → names of the sets it is in
        notes: by GUID
        cases: GUID → name
        media: names of pictures, sound, video and PDF files, which qualcode does not keep
        drawn: how many links between things other than notes, and graphs, it has
    """

    name: str
    origin: str
    users: Mapping[str, str]
    codes: tuple[RefiCode, ...]
    sets: Mapping[str, tuple[str, ...]]
    sources: tuple[RefiSource, ...]
    notes: Mapping[str, RefiNote]
    cases: Mapping[str, str]
    media: tuple[str, ...]
    drawn: int = 0
