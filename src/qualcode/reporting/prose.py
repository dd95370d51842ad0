"""The writer's own texts: Markdown files in the report's folder, kept between renderings and merged into each.

    notes/resume.md               text of the summary
    notes/<code>.md               text of a theme or sub-theme
    notes/anbefalinger.md         introduction to the recommendations
    notes/anbefalinger/<code>.md  the recommendation for a barrier
    notes/pins.yaml               quotes to print and not to print

Missing files are made with a comment that says what they are for; a file that is there is never touched. HTML is
not interpreted, comments are left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import BaseModel, ConfigDict, Field

from qualcode.analysis.quotes import Pins
from qualcode.errors import InputError
from qualcode.files import replace_file
from qualcode.reporting.blocks import Block, Bullets, Heading, Paragraph, Run
from qualcode.yamlfile import read_model

FOLDER = "notes"
PINS = "pins.yaml"
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_PINS_STUB = """\
# Citater, der skal med eller ikke må med i rapporten. Id'et står ved hvert citat i kilder.html og citater.xlsx.
# pin:   [a1b2c3d4]   # trykkes først i sit tema
# unpin: [e5f6a7b8]   # trykkes aldrig
"""


class PinFile(BaseModel):
    """``pins.yaml``: ids of quotes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pin: list[str] = Field(default_factory=list)
    unpin: list[str] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Notes:
    """The folder of a study's own texts."""

    folder: Path

    def text(self, name: str) -> tuple[Block, ...]:
        """Return a file's text as blocks; nothing where there is no file or only comments.

        Raises:
            InputError: the file is not UTF-8.
        """
        return tuple(blocks_of(self.raw(name)))

    def raw(self, name: str) -> str:
        """Return a file's Markdown without comments, empty where there is no file.

        Raises:
            InputError: the file is not UTF-8.
        """
        path = self.folder / f"{name}.md"
        try:
            return _COMMENT.sub("", path.read_text(encoding="utf-8-sig")).strip()
        except FileNotFoundError:
            return ""
        except UnicodeDecodeError:
            raise InputError(path, "filen er ikke UTF-8", mend="Gem den som UTF-8 i teksteditoren") from None

    def pins(self) -> Pins:
        """Return the writer's list of quotes.

        Raises:
            InputError, InvalidFileError: the file cannot be read.
        """
        path = self.folder / PINS
        if not path.exists() or not _says_something(path):
            return Pins()
        kept = read_model(path, PinFile)
        return Pins(frozenset(kept.pin), frozenset(kept.unpin))

    def state(self) -> list[tuple[str, str]]:
        """Return what the report depends on here: name and content of every file that says something."""
        texts = sorted(path.relative_to(self.folder).with_suffix("").as_posix() for path in self.folder.rglob("*.md"))
        pins = self.pins()
        return [
            *(("pin", name) for name in sorted(pins.pinned)),
            *(("unpin", name) for name in sorted(pins.unpinned)),
            *((name, text) for name in texts if (text := self.raw(name))),
        ]

    def make_missing(self, slots: dict[str, str]) -> None:
        """Make the files that are not there.

        Args:
            slots: name of a file without ending → what it is for
        """
        (self.folder / "anbefalinger").mkdir(parents=True, exist_ok=True)
        for name, purpose in slots.items():
            path = self.folder / f"{name}.md"
            if not path.exists():
                stub = f"<!-- {purpose} Teksten bevares, når rapporten skrives igen. -->\n"
                replace_file(path, stub.encode("utf-8"))
        pins = self.folder / PINS
        if not pins.exists():
            replace_file(pins, _PINS_STUB.encode("utf-8"))


def _says_something(path: Path) -> bool:
    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    return any(line.strip() and not line.lstrip().startswith("#") for line in lines)


def blocks_of(markdown: str) -> Iterator[Block]:
    """Yield Markdown as blocks: paragraphs, lists, headings, bold and italic; anything else is plain text."""
    parser = MarkdownIt("commonmark", {"html": False})
    tokens = iter(parser.parse(markdown))
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            yield Bullets(tuple(_items(tokens, token)), ordered=token.type.startswith("ordered"))
        elif token.type == "heading_open":
            yield Heading(4, "".join(run.text for run in _runs(next(tokens))))
        elif token.type == "inline":
            yield Paragraph(_runs(token))
        elif token.type in ("fence", "code_block"):
            yield Paragraph((Run(token.content.strip()),))


def _items(tokens: Iterator[Token], opening: Token) -> Iterator[tuple[Run, ...]]:
    """Yield the items of a list; the items of a list inside it follow as items of their own."""
    closing = opening.type.replace("_open", "_close")
    for token in tokens:
        if token.type == closing and token.level == opening.level:
            return
        if token.type == "inline":
            yield _runs(token)


def _runs(token: Token) -> tuple[Run, ...]:
    runs, bold, italic = [], False, False
    for child in token.children or ():
        if child.type in ("strong_open", "strong_close"):
            bold = child.type.endswith("open")
        elif child.type in ("em_open", "em_close"):
            italic = child.type.endswith("open")
        elif child.type in ("softbreak", "hardbreak"):
            runs.append(Run(" ", bold, italic))
        elif child.content:
            runs.append(Run(child.content, bold, italic))
    return tuple(runs)
