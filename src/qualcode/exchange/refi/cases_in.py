"""The cases of a project: who or what is studied, with variables of their own."""

from collections.abc import Iterable, Mapping, Sequence
from xml.etree.ElementTree import Element

from qualcode.errors import InputError
from qualcode.exchange.refi.guids import same_guid
from qualcode.exchange.refi.project import RefiSelection
from qualcode.exchange.refi.xmlsafe import children, local_name, required


def read_values(element: Element, variables: Mapping[str, str]) -> dict[str, str]:
    """Return the values of an element's variables by name; empty ones are left out.

    Args:
        element: a source or a case
        variables: GUID → name
    """
    found: dict[str, str] = {}
    for value in children(element, "VariableValue"):
        target = next((same_guid(part.get("targetGUID") or "") for part in children(value, "VariableRef")), "")
        text = next((part.text.strip() for part in value if local_name(part) != "VariableRef" and part.text), "")
        name = variables.get(target, "")
        if name and text:
            found[name] = text
    return found


def plain_name(variable: str) -> str:
    """Return a variable's name as names are compared: NVivo puts the classification before it.

    >>> plain_name("Person:Rolle")
    'rolle'
    """
    return variable.rpartition(":")[2].strip().casefold()


class Cases:
    """The cases of a project.

    MAXQDA and Quirkos keep the variables of a source in a nameless case that refers to it; NVivo codes what a person
    says with the person's case, as if it were a code.

    Args:
        elements: the cases
        variables: GUID → name
        file: for messages

    Attributes:
        names: GUID → name

    Raises:
        InputError: two cases have one GUID.
    """

    def __init__(self, elements: Iterable[Element], variables: Mapping[str, str], file: str) -> None:
        self.names: dict[str, str] = {}
        self._values: dict[str, dict[str, str]] = {}
        self._sources: dict[str, list[str]] = {}
        for element in elements:
            guid = same_guid(required(element, "guid", file))
            if guid in self.names:
                raise InputError(file, "to <Case> har samme guid", mend="Eksportér igen fra programmet")
            self.names[guid] = (element.get("name") or "").strip()
            self._values[guid] = read_values(element, variables)
            for source in children(element, "SourceRef"):
                self._sources.setdefault(same_guid(source.get("targetGUID") or ""), []).append(guid)

    def values_of(
        self, elements: Iterable[Element], selections: Sequence[RefiSelection], own: Mapping[str, str]
    ) -> dict[str, str]:
        """Return the variables of the one case that a source is, without those the source has itself.

        Args:
            elements: the source, and its text if that is an element of its own
            selections: in the source
            own: variables of the source
        """
        here = {case for element in elements for case in self._about(element)}
        here |= {coding.code for selection in selections for coding in selection.codings if coding.code in self.names}
        told = [self._values[case] for case in sorted(here) if self._values[case]]
        if len(told) != 1:
            return {}
        known = set(map(plain_name, own))
        return {name: value for name, value in told[0].items() if plain_name(name) not in known}

    def _about(self, element: Element) -> list[str]:
        codes = (ref for coding in children(element, "Coding") for ref in children(coding, "CodeRef"))
        coded = [same_guid(ref.get("targetGUID") or "") for ref in codes]
        referred = self._sources.get(same_guid(element.get("guid") or ""), [])
        return [*referred, *(case for case in coded if case in self.names)]
