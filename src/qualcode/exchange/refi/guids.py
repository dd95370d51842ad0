"""Names of things in REFI-QDA files: made of content, so that the same study gives the same file."""

import uuid

from qualcode.models import Codebook, digest

_NAMESPACE = uuid.UUID("6f2c1f0e-6d0b-5a57-9a34-3f0b6f7d2c11")


def guid(*parts: object) -> str:
    """Return the GUID of a thing named by JSON-able parts, in lower case: some programs compare GUIDs as text."""
    return str(uuid.uuid5(_NAMESPACE, digest(*parts)))


def code_guid(codebook: Codebook, code_id: str) -> str:
    """Return the GUID of a code; it stays the same when the code is renamed or redefined."""
    return guid("code", codebook.id, code_id)


def same_guid(value: str) -> str:
    """Return a GUID as it is compared: without braces, in lower case."""
    return value.strip().strip("{}").lower()
