"""Pact files: the same bytes for the same interactions, of the shape that Pact's schemas ask for, and read back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from botoproof.cassettes.scan import secrets_in
from botoproof.ci.pacts.pact import Interaction, Pact
from botoproof.ci.pacts.promised import promised_interactions
from botoproof.ci.pacts.reading import parse_pact, read_pact
from botoproof.ci.pacts.writing import VERSIONS, write_pact
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.errors import BadConfiguration
from botoproof.contract.model import Operation

from .conftest import SPECIFICATION

_TEXT = {"type": "string"}


def closed(required: list[str], **properties: Any) -> dict[str, Any]:
    """An object with these properties and no others, as Pact's schemas have them."""
    return {"type": "object", "required": required, "additionalProperties": False, "properties": properties}


def schema(version: int) -> dict[str, Any]:
    """What Pact's schema of a version says of the parts that we write."""
    number = {"type": "number"}
    matcher = {
        "anyOf": [
            closed(["match"], match={"const": "type"}, min=number, max=number),
            closed(["match", "regex"], match={"const": "regex"}, regex=_TEXT),
        ]
    }
    rule = closed(["combine", "matchers"], combine={"const": "AND"}, matchers={"type": "array", "items": matcher})
    rules = closed(
        ["body"], body={"type": "object", "patternProperties": {r"^\$": rule}, "additionalProperties": False}
    )
    header: Any = _TEXT
    body: Any = _TEXT
    if version == 2:
        rules = {"type": "object", "patternProperties": {r"^\$\.body": matcher}, "additionalProperties": False}
    if version == 4:
        header = {"type": "array", "items": _TEXT}
        body = closed(
            ["content", "contentType", "contentTypeHint", "encoded"],
            content=_TEXT,
            contentType=_TEXT,
            contentTypeHint={"enum": ["BINARY", "TEXT"]},
            encoded={"type": "boolean"},
        )
    parts = {"headers": {"type": "object", "additionalProperties": header}, "body": body, "matchingRules": rules}
    request = closed(["method", "path"], method={"enum": ["POST"]}, path=_TEXT, **parts)
    response = closed(["status"], status={"type": "integer", "minimum": 100, "maximum": 599}, **parts)
    state = closed(["name"], name=_TEXT, params={"type": "object"})
    given = {"providerState": _TEXT} if version == 2 else {"providerStates": {"type": "array", "items": state}}
    own = {} if version < 4 else {"type": {"const": "Synchronous/HTTP"}, "pending": {"type": "boolean"}}
    comments = {} if version < 4 else {"comments": closed(["references"], references={"type": "object"})}
    interaction = closed(
        ["description", "request", "response", *(["type"] if version == 4 else [])],
        description=_TEXT, request=request, response=response, **given, **own, **comments,
    )  # fmt: skip
    party = closed(["name"], name=_TEXT)
    told = closed(["version"], version={"const": VERSIONS[version]})
    return closed(
        ["consumer", "provider", "interactions", "metadata"],
        consumer=party,
        provider=party,
        interactions={"type": "array", "items": interaction, "minItems": 1},
        metadata=closed(["pactSpecification"], pactSpecification=told),
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_a_file_has_the_shape_of_its_version(version: int, pact: Pact) -> None:
    written = json.loads(write_pact(replace(pact, version=version)))

    jsonschema.validate(written, schema(version))
    with pytest.raises(jsonschema.ValidationError):  # or the schema would allow anything
        jsonschema.validate(written, schema(2 if version != 2 else 4))


def test_what_an_example_has_recorded_has_the_shape_of_version_4() -> None:
    path = Path(__file__).parents[2] / "examples" / "shipping" / "pacts" / "shipping-aws-importexport.json"

    jsonschema.validate(json.loads(path.read_text("utf-8")), schema(4))


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_written_is_read_back(version: int, pact: Pact) -> None:
    pact = replace(pact, version=version)

    back = parse_pact(write_pact(pact), "a file")

    kept = tuple(one if version == 4 else replace(one, references={}) for one in pact.interactions)
    assert back == replace(pact, interactions=kept)


def test_the_same_bytes_are_written_again(pact: Pact, operations: Mapping[str, Operation]) -> None:
    again = promised_interactions(SPECIFICATION, "UpdateJob", operations).interactions

    assert write_pact(replace(pact, interactions=again)) == write_pact(pact)


def test_a_file_holds_no_secret(pact: Pact) -> None:
    text = write_pact(pact)

    # The keys of AWS's documentation are nobody's; the password is a probe's, of a disk that there never was.
    assert {hit.kind for hit in secrets_in(text)} == {"access-key", "password"}
    assert all(key.endswith("EXAMPLE") for key in re.findall("AKIA[A-Z0-9]+", text))
    assert EXAMPLE_KEY.secret_access_key not in text
    assert "uthorization" not in text


def test_query_strings_survive_each_version(update_job: tuple[Interaction, ...]) -> None:
    one = replace(update_job[0], query="a=1&a=2&b=x%20y", references={})
    for version in VERSIONS:
        pact = Pact("c", "p", (one,), version)

        assert parse_pact(write_pact(pact), "a file").interactions[0].query == one.query


def file_of(version: str, rest: str = "") -> str:
    return f'{{"metadata": {{"pactSpecification": {{"version": "{version}"}}}}{rest}}}'


BAD = {
    "is no JSON": "{",
    "the file must be an object": "[]",
    "version 2, 3 or 4 can be used, and this one has version 1.0.0": file_of("1.0.0"),
    "no version in metadata": "{}",
    "interactions must be a list": file_of("4.0", ', "interactions": 1'),
    "consumer must be an object": file_of("4.0"),
    "interactions[1].description must be a text": (file_of("4.0", ', "interactions": [{}]')),
}


@pytest.mark.parametrize("words", BAD)
def test_a_file_that_is_no_pact_is_refused_in_words(words: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text(BAD[words], "utf-8")

    with pytest.raises(BadConfiguration, match=r"bad\.json") as refusal:
        read_pact(path)

    assert words in str(refusal.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="cannot be read: No such file"):
        read_pact(tmp_path / "none.json")
