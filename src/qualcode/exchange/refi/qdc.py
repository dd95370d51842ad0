"""Codebook files of REFI-QDA (``.qdc``), in and out."""

from qualcode.errors import InputError
from qualcode.exchange.codes_in import ForeignCode
from qualcode.exchange.refi.codes_in import read_codes, read_sets
from qualcode.exchange.refi.project_codes import foreign_codes
from qualcode.exchange.refi.xmlsafe import local_name, parse_xml


def read_qdc(content: bytes, file: str) -> list[ForeignCode]:
    """Return the codes of a ``.qdc`` file.

    Raises:
        InputError: it is damaged, hostile, or has no codes.
    """
    root = parse_xml(content, file)
    if local_name(root) != "CodeBook":
        raise InputError(file, "filen begynder ikke med <CodeBook>", mend="Eksportér kodebogen igen fra programmet")
    codes = read_codes(root, file)
    if not codes:
        raise InputError(file, "filen har ingen koder", mend="Eksportér kodebogen igen fra programmet")
    return foreign_codes(codes, read_sets(root))
