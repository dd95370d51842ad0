"""Read a YAML file into a pydantic model, with every fault told by line.

PyYAML's node tree keeps the lines, pydantic tells where in the data a value is wrong; this module joins
the two and says it in Danish. Only plain data is read (safe loader), and aliases are refused: a few
lines of them can unfold to gigabytes.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from qualcode.errors import InputError, InvalidFileError

MAX_BYTES = 20_000_000
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Model = TypeVar("Model", bound=BaseModel)


class YamlSource:
    """A parsed YAML file that remembers on which line each value stands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._root, self.data = _parse(path)

    def line(self, location: Sequence[int | str]) -> int:
        """Return the line (from 1) of the value at a path of keys and indices, or of its nearest parent."""
        node = self._root
        line = 1
        for part in location:
            found = _child(node, part)
            if found is None:
                break
            node, line = found
        return line

    def problem(self, location: Sequence[int | str], what: str, mend: str = "") -> InputError:
        """Return an error that names the line of the value at ``location``."""
        return InputError(self.path, what, mend=mend, line=self.line(location))

    def validate(self, model: type[Model]) -> Model:
        """Return the file's data as ``model``.

        Raises:
            InvalidFileError: with one problem a fault, in the order of the lines.
        """
        try:
            return model.model_validate(self.data)
        except ValidationError as error:
            problems = [self.problem(detail["loc"], *_danish(detail)) for detail in error.errors()]
            raise InvalidFileError(sorted(problems, key=lambda problem: problem.line or 0)) from None


def _parse(path: Path) -> tuple[yaml.Node | None, object]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(path, "filen er over 20 MB", mend="Del den i flere filer")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(path, "filen er ikke UTF-8-tekst", mend="Gem den som UTF-8") from None
    except OSError as error:
        raise InputError(path, f"filen kan ikke åbnes ({error.strerror})") from None
    loader = _Loader(text)
    try:
        _refuse_aliases(path, text)
        node = loader.get_single_node()
        data = loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else None
        raise InputError(
            path,
            f"ugyldig YAML ({error.problem or error.context})",
            mend="Se efter indrykning, kolon og anførselstegn på linjen",
            line=line,
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise InputError(path, "ugyldig YAML", mend="Se efter tegn, der ikke hører til i tekst") from None
    finally:
        loader.dispose()
    return node, data


def _refuse_aliases(path: Path, text: str) -> None:
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            raise InputError(
                path,
                f"henvisningen *{event.anchor} kan ikke bruges her",
                mend="Skriv teksten ud",
                line=event.start_mark.line + 1 if event.start_mark else None,
            )


def _child(node: yaml.Node | None, part: int | str) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        value = node.value[part]
        return value, value.start_mark.line + 1
    return None


def _danish(detail: ErrorDetails) -> tuple[str, str]:
    """Return (what, mend) for one of pydantic's findings."""
    key = next((str(part) for part in reversed(detail["loc"]) if isinstance(part, str)), "filen")
    context = detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return f"'{key}' mangler", f"Tilføj '{key}:'"
        case "extra_forbidden":
            return f"'{key}' kendes ikke", "Ret stavemåden, eller fjern linjen"
        case "enum" | "literal_error":
            allowed = str(context.get("expected", "")).replace(" or ", ", ").replace("'", "")
            return f"'{key}' er '{detail['input']}', som ikke kendes", f"Brug en af: {allowed}"
        case "string_type":
            return f"'{key}' skal være tekst", "Sæt værdien i anførselstegn"
        case "string_too_short" | "too_short":
            return f"'{key}' er tom", "Skriv noget, eller fjern linjen"
        case "list_type" | "tuple_type":
            return f"'{key}' skal være en liste", "Skriv hvert punkt på sin egen linje med '- ' foran"
        case "model_type" | "dict_type" | "model_attributes_type":
            return f"'{key}' skal bestå af linjer med 'nøgle: værdi'", ""
        case "string_pattern_mismatch":
            return (
                f"'{key}' er '{detail['input']}', som ikke har den rette form",
                "Brug små bogstaver a-z, tal, - og .",
            )
        case "value_error":
            return str(context.get("error", detail["msg"])), ""
        case _:
            return f"'{key}' har en værdi, der ikke kan bruges", ""


def read_model(path: Path, model: type[Model]) -> Model:
    """Return the YAML file as ``model``; an empty file counts as an empty mapping.

    Raises:
        InputError: the file cannot be read or is no YAML.
        InvalidFileError: its values are wrong.
    """
    source = YamlSource(path)
    if source.data is None:
        source.data = {}
    return source.validate(model)
