"""A recording in a file answers as one in memory does, edited or not."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
from botoproof.cassettes import lazy
from botoproof.cassettes.format import BadCassette, Cassette, read_cassette, read_text
from botoproof.cassettes.index import Index
from botoproof.cassettes.key import request_key
from botoproof.cassettes.lazy import LazyCassette
from botoproof.cassettes.writing import write_cassette
from botoproof.contract.interaction import Reply, Request

Asked = Callable[..., Request]


@pytest.fixture
def written(tmp_path: Path, recording: Callable[..., Cassette], asked: Asked) -> Path:
    """A file with the jobs 0 to 4, the third twice."""
    interactions = [
        (asked(("Action", "UpdateJob"), ("JobId", str(job)), ("Manifest", "a: b\n- c\n")), Reply(200, (), b"%d" % job))
        for job in (0, 1, 2, 3, 4, 2)
    ]
    write_cassette(tmp_path / "jobs.yaml", recording(*interactions))
    return tmp_path / "jobs.yaml"


def key(asked: Asked, job: str) -> str:
    return request_key(asked(("Action", "UpdateJob"), ("JobId", job), ("Manifest", "a: b\n- c\n")))


@pytest.fixture
def whole_parses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each parse of a whole file from here on."""
    parses: list[str] = []

    def read(text: str, path: str) -> Cassette:
        parses.append(path)
        return read_text(text, path)

    monkeypatch.setattr(lazy, "read_text", read)
    return parses


def test_every_key_finds_what_an_index_in_memory_finds(written: Path, asked: Asked, whole_parses: list[str]) -> None:
    cassette = read_cassette(written)
    index, opened = Index(cassette), LazyCassette(written)

    assert [opened.find(one.key) for one in cassette.interactions] == [index.find(one.key) for one in index]
    assert (len(opened), opened.provenance, opened.rules) == (len(index), index.provenance, index.rules)
    assert [[place for place, _ in index.find(key(asked, job))] for job in "0249"] == [[0], [2, 5], [4], []]
    assert whole_parses == []
    assert list(opened) == list(index)


def test_a_miss_parses_the_file_once(written: Path, asked: Asked, whole_parses: list[str]) -> None:
    opened = LazyCassette(written)

    assert opened.find(key(asked, "9")) == opened.find(key(asked, "8")) == ()
    assert whole_parses == [str(written)]


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(lambda text: text.replace("JobId: '3'", "JobId: '7'"), id="a parameter"),
        pytest.param(lambda text: text.replace("JobId: '3'", "JobId:   7 # changed"), id="its spelling"),
        pytest.param(lambda text: text.replace("# key: ", "# key: 0", 4), id="the comments"),
        pytest.param(lambda text: re.sub("(?<=# key: )[0-9a-f]", "0", text), id="the keys"),
        pytest.param(lambda text: re.sub(" of text [0-9a-f]{8}", "", text), id="no checksums"),
        pytest.param(lambda text: text.replace("# key: ", "# kex: "), id="no comments"),
        pytest.param(lambda text: text.replace("key-version: 1", "key-version: 0"), id="an older version"),
        pytest.param(lambda text: "\n".join(line for line in text.split("\n") if line[:1] != "#"), id="plain"),
        pytest.param(lambda text: text.replace("- request:\n", "-\n  request:\n"), id="other indentation"),
        pytest.param(lambda text: text.replace("headers:", "headers: &h", 1), id="an anchor"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="line ends"),
        pytest.param(lambda text: text.rstrip("\n"), id="the final newline"),
    ],
)
def test_a_file_that_was_edited_by_hand_answers_by_what_it_says_now(
    written: Path, asked: Asked, edit: Callable[[str], str]
) -> None:
    before = written.read_text(encoding="utf-8")
    written.write_bytes(edit(before).encode("utf-8"))
    index, opened = Index(read_cassette(written)), LazyCassette(written)

    assert written.read_bytes() != before.encode("utf-8")
    for job in "0123479":
        assert opened.find(key(asked, job)) == index.find(key(asked, job))
    assert len(opened) == 6


def test_one_interaction_without_its_comment_is_found(written: Path, asked: Asked) -> None:
    text = written.read_text(encoding="utf-8")
    written.write_text(re.sub(f"# key: {key(asked, '1')}.*\n", "", text), encoding="utf-8")
    opened = LazyCassette(written)

    assert len(opened) == 6
    assert [place for place, _ in opened.find(key(asked, "1"))] == [1]


def test_other_line_ends_do_not_make_a_file_slow(written: Path, asked: Asked, whole_parses: list[str]) -> None:
    written.write_bytes(written.read_bytes().replace(b"\n", b"\r\n"))

    assert LazyCassette(written).find(key(asked, "2"))
    assert whole_parses == []


def test_an_alias_into_another_interaction_is_followed(written: Path, asked: Asked) -> None:
    text = written.read_text(encoding="utf-8").replace("Manifest: |\n        a: b\n        - c\n", "Manifest: *m\n")
    written.write_text(text.replace("Manifest: *m", "Manifest: &m |\n        a: b\n        - c", 1), encoding="utf-8")

    [(place, found)] = LazyCassette(written).find(key(asked, "4"))

    assert (place, found.reply.body) == (4, b"4")


def test_hand_edited_keys_are_told(written: Path) -> None:
    text = written.read_text(encoding="utf-8")
    written.write_text(text.replace("JobId: '3'", "JobId: '7'"), encoding="utf-8")

    assert read_cassette(written).stale == (3,)


def test_what_is_broken_is_told_when_it_is_hit(written: Path, asked: Asked) -> None:
    text = written.read_text(encoding="utf-8")
    written.write_text(text.replace("string: '3'", "string: [3]"), encoding="utf-8")
    starts = [number for number, line in enumerate(text.split("\n"), start=1) if line.startswith("- ")]
    opened = LazyCassette(written)

    assert opened.find(key(asked, "2"))
    with pytest.raises(BadCassette, match=r"interaction 4: a body is a list; expected text") as wrong:
        opened.find(key(asked, "3"))
    assert wrong.value.line == starts[3]


def test_threads_find_the_same(written: Path, asked: Asked) -> None:
    opened = LazyCassette(written)
    wanted = {job: Index(read_cassette(written)).find(key(asked, job)) for job in "012349"}
    keys = {job: key(asked, job) for job in wanted}
    wrong: list[str] = []

    def ask() -> None:
        for _ in range(20):
            wrong.extend(job for job, found in wanted.items() if opened.find(keys[job]) != found)

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
