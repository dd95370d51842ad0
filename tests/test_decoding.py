import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.errors import InputError
from qualcode.ingest.decoding import decode

DANISH = "IP: Så kørte vi ud på øen, og åh, det blæste.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"])
def test_danish_text_in_the_usual_encodings(encoding: str) -> None:
    assert decode(DANISH.encode(encoding), "a.txt") == DANISH


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_byte_order_mark(encoding: str) -> None:
    assert decode(DANISH.encode(encoding), "a.txt") == DANISH


def test_a_damaged_utf16_file_is_refused() -> None:
    with pytest.raises(InputError, match="beskadiget"):
        decode(codecs.BOM_UTF16_LE + b"a", "a.txt")


def test_binary_is_refused_with_the_way_out() -> None:
    with pytest.raises(InputError, match=r"a\.txt: filen er ikke tekst.*UTF-8"):
        decode(bytes(range(256)) * 20, "a.txt")


@given(st.binary(max_size=400))
def test_any_bytes_give_text_or_one_clear_error(data: bytes) -> None:
    try:
        decode(data, "a.txt")
    except InputError as error:
        assert "\n" not in str(error)
