"""The YAML schema of a codebook, as pydantic models. Keys are English, what people read is Danish.

Beside ``name.yaml`` may lie ``name.examples.yaml``, a bank of passages that the classifier learns from.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from qualcode.models import Kind, Valence

Text = Annotated[str, Field(min_length=1)]
CodeId = Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class NotWhen(_Strict):
    """A case that does not belong under the code, and the code to use instead, if any."""

    when: Text
    use: CodeId | None = None


class NearMiss(_Strict):
    """A passage that looks like the code and is not; ``use`` names the right one, if any."""

    text: Text
    use: CodeId | None = None


class TokenPattern(_Strict):
    """The escape hatch: one spaCy token pattern, a list of token descriptions."""

    spacy: Annotated[list[dict[str, object]], Field(min_length=1)]


class CodeEntry(_Strict):
    """One code."""

    id: CodeId
    name: Text
    kind: Kind
    color: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] | None = None
    definition: Text
    use_when: str = ""
    not_when: list[NotWhen] = []
    patterns: list[Text | TokenPattern] = []
    examples: list[Text] = []
    near_misses: list[NearMiss] = []


class CodebookFile(_Strict):
    """A whole codebook."""

    id: CodeId
    title: Text
    version: Text
    language: Annotated[str, Field(pattern="^da$")] = "da"
    source: str = ""
    description: str = ""
    codes: Annotated[list[CodeEntry], Field(min_length=1)]
    uncoded: list[Text] = []


class BankEntry(_Strict):
    """A passage of the bank: the codes it carries, or the codes it is a near miss of.

    Passages of coded interviews may have the question they answer and what else was said in the turn.
    """

    text: Text
    codes: list[CodeId] = []
    near_miss_of: list[CodeId] = []
    valence: Valence | None = None
    group: str = ""
    asked: str = ""
    around: str = ""


class BankFile(_Strict):
    """The bank of examples beside a codebook."""

    codebook: CodeId
    passages: list[BankEntry] = []
