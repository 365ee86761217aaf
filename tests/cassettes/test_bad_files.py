"""Files that are no recordings are told in a paragraph; a file that is being replaced is the old one or the new one."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botoproof.cassettes.format import BadCassette, Cassette, read_cassette, read_text
from botoproof.cassettes.lazy import LazyCassette
from botoproof.cassettes.writing import NotSaved, write_cassette, write_text
from botoproof.contract.interaction import Reply, Request

TOP = "version: 1\ninteractions:\n"
ENTRY = """\
- request:
    method: POST
    uri: https://h/
    body: A=1
    headers: {}
  response:
    status: {code: 200, message: OK}
    headers: {}
    body: {string: x}
"""
NOT_YAML = "it was cut short, or is not YAML as vcrpy writes it"
FORM_TEXT = "expected text, or a map of form keys to text"
Recording = Callable[..., Cassette]
Asked = Callable[..., Request]


def edited(old: str, new: str) -> str:
    assert old in ENTRY
    return TOP + ENTRY.replace(old, new)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", " it is empty; expected a recording (was saving it cut short?)"),
        (" \n", " it is empty; expected a recording (was saving it cut short?)"),
        ("hello", " it is no recording: it has no interactions (expected YAML as vcrpy writes it)"),
        ("- request: {}", " it is no recording: it has no interactions (expected YAML as vcrpy writes it)"),
        ("version: 2\ninteractions: []", " it is in version '2' of vcrpy's format; expected version 1"),
        ("interactions: 7", " its interactions are no list"),
        (edited("https://h/", "/"), "3: interaction 1: its uri is '/'; expected an absolute URL"),
        (edited("POST", "[POST]"), "3: interaction 1: its method is a list; expected text"),
        (edited("200", "99999"), "3: interaction 1: its status code is '99999'; expected a number such as 200"),
        (edited("A=1", "[A]"), f"3: interaction 1: a body is a list; {FORM_TEXT}"),
        (edited("A=1", "{A: [1]}"), "3: interaction 1: the form key 'A' has a list; expected text"),
        (
            edited("headers: {}", "headers: 7"),
            "3: interaction 1: its headers are '7'; expected a map of names to lists of text",
        ),
        (edited("response:", "reply:"), "3: interaction 1: it has no response (expected a map of that name)"),
        (
            edited("{string: x}", "{string: !!binary '?'}"),
            f"11: {NOT_YAML}: what is tagged !!binary is not base64 (line 11)",
        ),
        (edited("A=1", "!!python/object/apply:os.system [id]"), f"3: interaction 1: a body is a list; {FORM_TEXT}"),
        (
            edited("A=1", "!!python/name:os.system x"),
            f"6: {NOT_YAML}: the tag 'tag:yaml.org,2002:python/name:os.system' is none that a recording needs (line 6)",
        ),
        ("# kind: moon\n# key-version: 1\n" + TOP, "1: kind is 'moon'; known: aws, embedded, emulator"),
        ("# kind: embeded\n# key-version: 1\n" + TOP, "1: kind is 'embeded'; did you mean embedded?"),
        (
            "# kind: aws\n# key-version: 1\n# tool: t\n# sdk: s\n" + TOP,
            "1: the comments at the top lack host, service, recorded, beside kind",
        ),
        ("# key-version: banana\n" + TOP, "1: key-version is 'banana'; expected a number"),
        ("# key-version: 1\n" + TOP + ENTRY, "12: it was cut short: its last line is not '# end'"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")

    for read in (read_cassette, LazyCassette):
        with pytest.raises(BadCassette) as wrong:
            read(path)
        assert str(wrong.value) == f"{path}:{message}"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x89PNG\r\n\x1a\n", ":1: it is not text in UTF-8; expected YAML as vcrpy writes it"),
        (b"version: 1\ninteractions:\n- \xff", ":3: it is not text in UTF-8; expected YAML as vcrpy writes it"),
        (b"\x00" * 64, f": {NOT_YAML}: "),
        (b"\x1f\x8b\x08\x00", ":1: it is not text in UTF-8; expected YAML as vcrpy writes it"),
    ],
    ids=["picture", "one byte", "zeros", "gzip"],
)
def test_binary_files_are_told(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "bad.yaml").write_bytes(data)

    with pytest.raises(BadCassette) as wrong:
        read_cassette(tmp_path / "bad.yaml")

    assert str(wrong.value).startswith(f"{tmp_path / 'bad.yaml'}{message}")


def test_a_file_that_is_not_there_or_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadCassette, match=r"none\.yaml: the recording cannot be read: No such file or directory"):
        read_cassette(tmp_path / "none.yaml")
    with pytest.raises(BadCassette, match=r"the recording cannot be read: Is a directory"):
        read_cassette(tmp_path)


LAUGHS = "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9))
HOSTILE = {
    "100,000 brackets": TOP + "[" * 100_000,
    "100,000 open maps": TOP + "- " + "{a: " * 100_000,
    "billion laughs": f"a: &a [x,x,x,x,x,x,x,x,x]\n{LAUGHS}interactions: *j",
    "a large text at many places": f"x: &x {'y' * 100_000}\n{TOP}"
    + ENTRY.replace("A=1", "{" + ", ".join(f"k{n}: *x" for n in range(2_000)) + "}"),
    "an interaction at many places": TOP
    + ENTRY.replace("- request", "- &e\n  request").replace("A=1", "A" * 90_000)
    + "- *e\n" * 20_000,
    "an alias to what holds it": TOP + "- &a [*a]",
    "an unknown alias": TOP + "- *nobody",
    "many documents": (TOP + "---\n") * 1_000,
    "a tag that runs": TOP + "- !!python/object/apply:os.system ['exit 1']",
    "a directive": "%YAML " + "9" * 5_000 + ".1\n---\ninteractions: []",
    "only anchors": "".join(f"- &a{n}\n" for n in range(50_000)),
    "a megabyte of one word": "a" * 1_000_000,
    "a megabyte of names": TOP + ENTRY.replace("A=1", "'" + "password=" * 100_000 + "'"),
    "a megabyte of base64": TOP + ENTRY.replace("A=1", "A=" + "QUtJQQ" * 170_000 + "!"),
    "a megabyte of quotes": TOP + ENTRY.replace("string: x", "string: '" + 'password="' * 100_000 + "'"),
    "a megabyte of tags": TOP + ENTRY.replace("string: x", "string: '" + "<a " * 300_000 + "'"),
    "a megabyte of percents": TOP + ENTRY.replace("A=1", "A=" + "%2525" * 200_000),
    "a megabyte of entities": TOP + ENTRY.replace("string: x", "string: '<a>" + "&amp;" * 200_000 + "'"),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_read_or_refused_in_time_that_grows_with_their_size(tmp_path: Path, text: str) -> None:
    """Each of these takes minutes, all memory or the process when it is read carelessly."""
    path = tmp_path / "hostile.yaml"
    path.write_text(text, encoding="utf-8")

    told, size = "", 0
    try:
        size = sum(len(one.request.body) + len(one.reply.body) for one in read_cassette(path).interactions)
    except BadCassette as wrong:
        told = str(wrong)

    assert len(told) < 500
    assert size <= 5 * len(text)
    assert told or size


def test_a_cut_at_any_place_is_noticed(recording: Recording, asked: Asked, reply: Reply) -> None:
    text = write_text(recording(*((asked(("A", str(n)), ("B", "x: y\n")), reply) for n in range(3))))
    assert len(read_text(text).interactions) == 3

    for cut in range(0, len(text) - 1, 7):
        with pytest.raises(BadCassette):
            read_text(text[:cut])


@pytest.mark.parametrize("step", ["open", "fsync", "replace"])
@pytest.mark.parametrize("stop", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()], ids=repr)
def test_the_old_file_stays_whole_when_saving_fails(
    tmp_path: Path,
    recording: Recording,
    asked: Asked,
    reply: Reply,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    stop: BaseException,
) -> None:
    path = tmp_path / "one.yaml"
    old = write_cassette(path, recording((asked(("A", "1")), reply)))

    def fail(*_: Any) -> Any:
        raise stop

    owner: Any = os if step == "fsync" else Path
    with monkeypatch.context() as patch:
        patch.setattr(owner, step, fail)
        with pytest.raises(NotSaved if isinstance(stop, OSError) else KeyboardInterrupt) as wrong:
            write_cassette(path, recording((asked(("A", "2")), reply)))

    assert read_cassette(path) == old
    assert [left.name for left in tmp_path.iterdir()] == ["one.yaml"]
    if isinstance(stop, OSError):
        assert str(wrong.value) == (
            f"the recording cannot be saved as {path}: No space left on device; what was there before is untouched"
        )


KILLED = """
import os, signal, sys
from botoproof.cassettes.format import read_cassette
from botoproof.cassettes.writing import write_cassette
os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
write_cassette(sys.argv[1], read_cassette(sys.argv[1]))
"""


def test_the_old_file_stays_whole_when_the_process_is_killed(
    tmp_path: Path, recording: Recording, asked: Asked, reply: Reply
) -> None:
    path = tmp_path / "one.yaml"
    old = write_cassette(path, recording((asked(("A", "1")), reply)))

    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)

    assert done.returncode == -signal.SIGKILL
    assert read_cassette(path) == old
    assert [left.name for left in tmp_path.glob("*.yaml")] == ["one.yaml"]


def test_a_link_stays_one_and_the_file_keeps_its_mode(
    tmp_path: Path, recording: Recording, asked: Asked, reply: Reply
) -> None:
    real, link = tmp_path / "real.yaml", tmp_path / "link.yaml"
    real.touch(mode=0o600)
    link.symlink_to(real)

    write_cassette(link, recording((asked(("A", "1")), reply)))

    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o600
    assert len(read_cassette(real).interactions) == 1
