"""Forms: what is written is read back, and what is not well-formed is told with its place."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import pytest
from botocore.awsrequest import AWSRequest
from botoproof.contract.codec.form import Pairs, read_form, write_form
from hypothesis import given
from hypothesis import strategies as st

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
PAIRS = st.lists(st.tuples(TEXTS, TEXTS)).map(tuple)
# Fragments that forms are made of, so that arbitrary bytes come near to being one.
FRAGMENTS = st.lists(
    st.sampled_from(
        [b"%", b"%4", b"%41", b"%zz", b"%c3%a9", b"%ff", b"%00", b"\0", b"\xff", b"\xc3\xa9", b"&", b"=", b"+"]
    )
    | st.binary(max_size=4)
).map(b"".join)


@given(pairs=PAIRS, plus=st.booleans())
def test_what_is_written_is_read_back(pairs: Pairs, plus: bool) -> None:
    assert read_form(write_form(pairs, plus=plus)).pairs == pairs


@given(pairs=st.lists(st.tuples(TEXTS.filter(bool), TEXTS)).map(tuple))
def test_what_is_written_holds_no_problem_but_nul(pairs: Pairs) -> None:
    assert {code for code, _ in read_form(write_form(pairs)).problems} <= {"nul"}


@given(pairs=st.lists(st.tuples(TEXTS.filter(bool), TEXTS)).map(tuple))
def test_the_standard_library_reads_the_same_pairs(pairs: Pairs) -> None:
    assert tuple(parse_qsl(write_form(pairs).decode(), keep_blank_values=True)) == pairs


@given(pairs=st.dictionaries(TEXTS.filter(bool), TEXTS, min_size=1))
def test_botocore_writes_the_same_bytes(pairs: dict[str, str]) -> None:
    sent = AWSRequest(method="POST", url="http://localhost/", data=pairs).prepare().body

    assert sent == write_form(pairs.items()).decode()


def test_a_space_is_a_plus_or_percent_20() -> None:
    pairs = (("a b", "c +d"),)

    assert write_form(pairs) == b"a+b=c+%2Bd"
    assert write_form(pairs, plus=False) == b"a%20b=c%20%2Bd"
    assert write_form(pairs).decode() == urlencode(pairs)
    assert read_form(b"a+b=c%20%2Bd").pairs == pairs


def test_only_unreserved_characters_travel_as_they_are() -> None:
    text = "".join(map(chr, range(128)))

    written = write_form([("k", text)], plus=False).removeprefix(b"k=")

    plain = [part[2:] for part in written.split(b"%")]
    assert b"".join(plain) == b"-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~"


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        (b"", ()),
        (b"a=1&b=%C3%A9", ()),
        (b"a=1&b=%zz", (("bad-percent", 6),)),
        (b"a=%41%4&b=1", (("bad-percent", 5),)),
        (b"a=1&%=2", (("bad-percent", 4),)),
        (b"a=1&b=x%41%ffy", (("not-utf-8", 10),)),
        (b"a=1&x%ff=2", (("not-utf-8", 5),)),
        (b"a=1&x%c3=%a9", (("not-utf-8", 5), ("not-utf-8", 9))),
        (b"a=1&b=x%00", (("nul", 7),)),
        (b"a=1&b=x\0", (("nul", 7),)),
        (b"a%00=%00", (("nul", 1), ("nul", 5))),
        (b"a=1&=2", (("empty-key", 4),)),
        (b"a=1&b", (("no-equals", 4),)),
        (b"a=1&b=x\xc3\xa9", (("not-ascii", 7),)),
        (b"a=1&\xff=%2", (("bad-percent", 6), ("not-ascii", 4), ("not-utf-8", 4))),
        (b"JobId=1&%zz", (("bad-percent", 8), ("no-equals", 8))),
    ],
)
def test_each_problem_is_told_at_its_byte(data: bytes, problems: tuple[tuple[str, int], ...]) -> None:
    assert read_form(data).problems == problems


@pytest.mark.parametrize(
    ("data", "pairs"),
    [
        (b"&&a=1&&", (("a", "1"),)),
        (b"a", (("a", ""),)),
        (b"a=b=c", (("a", "b=c"),)),
        (b"%zz=%4", (("%zz", "%4"),)),
        (b"a=1&a=2", (("a", "1"), ("a", "2"))),
        (b"a=%ff", (("a", "\udcff"),)),
        (b"a=\xc3\xa9", (("a", "é"),)),
    ],
)
def test_what_can_be_read_is_read_whatever_is_wrong(data: bytes, pairs: Pairs) -> None:
    assert read_form(data).pairs == pairs


@given(data=FRAGMENTS)
def test_no_bytes_make_it_raise_and_every_position_is_in_them(data: bytes) -> None:
    reading = read_form(data)

    assert all(0 <= position < len(data) for _, position in reading.problems)


@given(data=FRAGMENTS)
def test_nothing_is_lost_by_reading_and_writing(data: bytes) -> None:
    """Bytes that are not UTF-8 survive as surrogates, so that even a wrong form can be sent on."""
    pairs = read_form(data).pairs

    assert read_form(write_form(pairs)).pairs == pairs
