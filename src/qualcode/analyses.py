"""The particular analyses that a study asks for in ``study.yaml``, and whether its codebook and waves bear them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from qualcode.errors import InputError, InvalidFileError
from qualcode.models import Codebook, Interview
from qualcode.yamlfile import YamlSource

BY_LEVEL: Final = "level"

# YAML reads an unquoted 1 as a number; it is a name all the same.
Wave = Annotated[str, BeforeValidator(lambda value: str(value) if type(value) is int else value), Field(min_length=1)]
CodeName = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MatrixSettings(_Strict):
    """Two parent codes set against each other; ``rows`` may be ``level`` instead."""

    rows: CodeName
    columns: CodeName


class ProfileSettings(_Strict):
    """Codes whose drivers and barriers are balanced for each group of people."""

    codes: tuple[CodeName, ...] = Field(min_length=1)
    by: Literal["department", "level", "interview"] = BY_LEVEL


class AnalysisSettings(_Strict):
    """``analyses`` in ``study.yaml``; what is left out is not done.

    Attributes:
        waves: values of *Bølge* in the order of time
        scale: parent code whose children, in the codebook's order, are ordered steps, the lowest first
        matrix: roles or levels against another code's children
        profile: driver against barrier, code by code, group by group
    """

    waves: tuple[Wave, ...] = ()
    scale: CodeName | None = None
    matrix: MatrixSettings | None = None
    profile: ProfileSettings | None = None

    @field_validator("waves")
    @classmethod
    def _two_at_least(cls, waves: tuple[str, ...]) -> tuple[str, ...]:
        if len(waves) < 2 or len(set(waves)) < len(waves):
            raise ValueError("'waves' skal nævne mindst to forskellige bølger, den første først")
        return waves


Place = tuple[str | int, ...]


def check_codes(asked: AnalysisSettings, codebook: Codebook, source: YamlSource) -> None:
    """Check that the codes that the analyses name are in the codebook.

    Args:
        asked: what the study asks for
        codebook: the study's
        source: the file it stands in, for the lines

    Raises:
        InvalidFileError: one problem for each code that is missing or has too few codes under it.
    """
    problems = [source.problem(("analyses", *place), what, mend) for place, what, mend in _code_faults(asked, codebook)]
    if problems:
        raise InvalidFileError(problems)


def _code_faults(asked: AnalysisSettings, codebook: Codebook) -> Iterator[tuple[Place, str, str]]:
    parents: list[tuple[Place, str]] = []
    if asked.scale:
        parents.append((("scale",), asked.scale))
    if asked.matrix:
        if asked.matrix.rows != BY_LEVEL:
            parents.append((("matrix", "rows"), asked.matrix.rows))
        parents.append((("matrix", "columns"), asked.matrix.columns))
    for place, code in parents:
        if code not in codebook.by_id:
            yield place, *_unknown(code, codebook, [item.id for item in codebook.codes if codebook.children(item.id)])
        elif len(codebook.children(code)) < 2:
            yield place, f"koden '{code}' har ikke mindst to underkoder", "Vælg en overkode, eller giv den underkoder"
    for number, code in enumerate(asked.profile.codes if asked.profile else ()):
        if code not in codebook.by_id:
            yield ("profile", "codes", number), *_unknown(code, codebook, [item.id for item in codebook.codes])


def _unknown(code: str, codebook: Codebook, there: Sequence[str]) -> tuple[str, str]:
    family = [name for name in there if name.partition(".")[0] == code.partition(".")[0]]
    usable = ", ".join(family or [name for name in there if "." not in name] or there)
    return f"koden '{code}' findes ikke i kodebogen '{codebook.id}'", f"Ret id'et; der findes fx: {usable}"


def check_waves(asked: AnalysisSettings, interviews: Iterable[Interview], source: YamlSource) -> None:
    """Check that the waves that are listed are those of the interviews; interviews without a wave are let pass.

    Raises:
        InvalidFileError: one problem for each wave that is listed or occurs only.
    """
    if not asked.waves:
        return
    found: dict[str, str] = {}
    empty = True
    for interview in interviews:
        empty = False
        if interview.facts.wave:
            found.setdefault(interview.facts.wave, interview.file)
    if empty:
        return
    there = ", ".join(f"'{wave}'" for wave in sorted(found)) or "ingen"
    problems: list[InputError] = [
        source.problem(
            ("analyses", "waves", number),
            f"ingen interview har bølgen '{wave}'",
            f"Ret stavemåden, eller tag den ud, til der er interview fra den; interviewene har: {there}",
        )
        for number, wave in enumerate(asked.waves)
        if wave not in found
    ]
    problems += [
        source.problem(
            ("analyses", "waves"),
            f"bølgen '{wave}' står i {file}, men ikke på listen",
            "Sæt den ind, hvor den hører til, eller ret transskriptionen",
        )
        for wave, file in sorted(found.items())
        if wave not in asked.waves
    ]
    if problems:
        raise InvalidFileError(problems)
