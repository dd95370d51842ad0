"""XML in and out: nothing from outside the file is ever resolved, and only what XML allows is written."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from lxml import etree

from qualcode.errors import InputError

# Deeper trees are no codebook of a person's making.
MAX_DEPTH = 60
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WHOLE_NUMBER = re.compile(r"-?\d{1,10}")
# What QualCoder and others leave in: "&" and "<" unescaped, characters that XML has no place for.
_LONE_SIGN = re.compile(rb"&(?!(?:#\d+|#x[0-9a-fA-F]+|amp|lt|gt|quot|apos);)|<(?![A-Za-z_/!?])")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_REFERENCE = re.compile(rb"&#(x[0-9a-fA-F]{1,6}|\d{1,7});")


def parse_xml(data: bytes, file: str) -> Element:
    """Return the root of an XML file.

    Raises:
        InputError: it is no XML, or it has a document type declaration, by which files are made to explode.
    """
    try:
        try:
            root: Element = fromstring(data, forbid_dtd=True)
        except ParseError:
            root = fromstring(_repaired(data), forbid_dtd=True)
    except DefusedXmlException:
        raise InputError(
            file, "XML-filen har en DTD eller entiteter, som ikke tillades", mend="Eksportér projektet igen"
        ) from None
    except (ParseError, ValueError, LookupError):
        raise InputError(file, "XML-filen er beskadiget", mend="Eksportér projektet igen") from None
    return root


def _repaired(data: bytes) -> bytes:
    """Return XML with what programs are known to write wrongly put right; the text keeps its length."""

    def reference(match: re.Match[bytes]) -> bytes:
        number = match[1].decode("ascii")
        code = int(number[1:], 16) if number.startswith("x") else int(number)
        return b" " if code > 0x10FFFF or _NO_XML.match(chr(code)) else match[0]

    return _LONE_SIGN.sub(
        lambda match: b"&amp;" if match[0] == b"&" else b"&lt;", _REFERENCE.sub(reference, _CONTROL.sub(b" ", data))
    )


def local_name(element: Element) -> str:
    """Return an element's name without its namespace: programs write ``1.0``, ``1:0`` and ``0:4`` for one format."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """Yield the children with one of some names."""
    return (child for child in element if local_name(child) in names)


def child_text(element: Element, name: str) -> str:
    """Return the text of the first child with a name, or an empty string."""
    return next((child.text or "" for child in children(element, name)), "")


def required(element: Element, attribute: str, file: str) -> str:
    """Return an attribute that the standard demands.

    Raises:
        InputError: it is missing.
    """
    value = element.get(attribute)
    if not value:
        raise InputError(
            file, f"et <{local_name(element)}> mangler '{attribute}'", mend="Eksportér projektet igen fra programmet"
        )
    return value


def whole_number(element: Element, attribute: str, file: str) -> int:
    """Return an attribute that holds a position.

    Raises:
        InputError: it is missing, no whole number or absurdly big.
    """
    value = required(element, attribute, file).strip()
    if not _WHOLE_NUMBER.fullmatch(value):
        raise InputError(
            file,
            f"et <{local_name(element)}> har en '{attribute}', der ikke er et brugbart heltal",
            mend="Eksportér projektet igen fra programmet",
        )
    return int(value)


def clean(text: str) -> str:
    """Return text without the characters that XML cannot hold."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def add(parent: etree._Element, name: str, text: str | None = None, /, **attributes: str | None) -> etree._Element:
    """Append an element in the parent's namespace and return it; attributes that are None are left out."""
    element = etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}{name}")
    for key, value in attributes.items():
        if value is not None:
            element.set(key, clean(value))
    if text is not None:
        element.text = clean(text)
    return element


def serialized(root: etree._Element) -> bytes:
    """Return a document as UTF-8 without a byte order mark."""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
