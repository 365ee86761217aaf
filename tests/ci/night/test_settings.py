"""The table `[nightly]`: read as it is written, and refused with its place where it says what is not understood."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from botoproof.ci.configuration import Configuration, read_configuration, write_configuration
from botoproof.ci.night.settings import _KEYS, Settings, read_settings
from botoproof.contract.errors import BadConfiguration

FULL = """
folder = "nights"
history = "h.sqlite"
targets = ["embedded", "http://127.0.0.1:8000"]
sdks = ["installed", "latest", "1.44.0"]
services = ["importexport"]
phases = ["table", "random"]
shards = 4
seed = 7
max-examples = 10
max-programs = 0
max-replies = 20
max-time = 60.5
max-jobs = 3
rate = 5
allow-writes = true
cassettes = ["cassettes"]
record = false
upgrade = false
baseline = "known.toml"
accept = "accepted.toml"
reports = ["html"]
hook = "tell"
"""


def test_an_empty_table_is_a_usual_night() -> None:
    assert read_settings({}, "botoproof.toml") == Settings()


def test_each_key_is_read() -> None:
    settings = read_settings(tomllib.loads(FULL), "botoproof.toml")

    usual = Settings()
    assert {key.replace("-", "_") for key in _KEYS} == {field.name for field in fields(Settings)}
    assert [
        field.name for field in fields(Settings) if getattr(settings, field.name) == getattr(usual, field.name)
    ] == []
    assert (settings.targets, settings.max_time) == (("embedded", "http://127.0.0.1:8000"), 60.5)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("shard = 3", "b.toml: [nightly] has no key 'shard'; did you mean shards?"),
        ("shards = 0", "b.toml: nightly.shards must be a whole number from 1 to 1000, got 0"),
        ("shards = true", "b.toml: nightly.shards must be a whole number from 1 to 1000, got True"),
        ("seed = -1", "b.toml: nightly.seed must be a whole number from 0 on, got -1"),
        ("max-time = 0", "b.toml: nightly.max-time must be a number above 0, got 0"),
        ("max-time = inf", "b.toml: nightly.max-time must be a number above 0, got inf"),
        ("targets = []", "b.toml: nightly.targets must be a list of texts that is not empty, got []"),
        ("targets = 'embedded'", "b.toml: nightly.targets must be a list of texts that is not empty, got 'embedded'"),
        ("cassettes = ['']", "b.toml: nightly.cassettes must be a list of texts, got ['']"),
        ("folder = ''", "b.toml: nightly.folder must be a text that is not empty, got ''"),
        ("record = 1", "b.toml: nightly.record must be true or false, got 1"),
        ("phases = ['tabel']", "b.toml: nightly.phases has 'tabel'; did you mean table or stateful?"),
        ("reports = ['htm']", "b.toml: nightly.reports has 'htm'; did you mean html?"),
        (
            "sdks = ['newest']",
            "b.toml: nightly.sdks has 'newest'; expected installed, latest or a number such as 1.44.0",
        ),
    ],
)
def test_what_is_not_understood_is_told_with_its_place(text: str, told: str) -> None:
    with pytest.raises(BadConfiguration) as wrong:
        read_settings(tomllib.loads(text), "b.toml")

    assert str(wrong.value) == told


def test_the_table_is_written_as_it_was_read(tmp_path: Path) -> None:
    path = tmp_path / "botoproof.toml"
    given = Configuration(str(path), "importexport", nightly=tomllib.loads(FULL))

    path.write_text(write_configuration(given))

    assert read_configuration(path) == given
