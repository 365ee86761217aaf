"""Recordings written to files: scrubbed, in vcrpy's own format, searched for secrets, and put in place in one step."""

from __future__ import annotations

import contextlib
import os
import secrets
from dataclasses import replace
from http.client import responses
from pathlib import Path
from typing import Any, cast

import yaml

from ..contract.codec.form import read_form, write_form
from ..contract.errors import ToolkitError
from ..contract.interaction import Headers, Reply, Request
from .format import END, ENTRY, Cassette, Recorded, key_comment
from .heading import Heading, write_heading
from .key import KEY_VERSION, request_key
from .scan import SecretFound, secrets_in
from .scrub import is_form, scrub
from .sensitive import STANDARD, ScrubRules

_NAMES_OF_A_BODY = frozenset({"string", "base64_string", "encoding"})


class NotSaved(ToolkitError):
    """A recording could not be written; what stood there before is untouched."""


class _Ordered(dict[str, Any]):
    """A map whose order is kept: that of the keys in a form is how they were sent."""


class _Literal(str):
    """Text of several lines, which stands as a literal block where YAML can hold it so."""

    __slots__ = ()


def _represent_ordered(dumper: Any, data: _Ordered) -> Any:
    return dumper.represent_mapping("tag:yaml.org,2002:map", list(data.items()))


def _represent_literal(dumper: Any, data: _Literal) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(data), style="|")


# vcrpy's dumper is derived from one of these and has their representers; only these two types of ours are concerned.
for _dumper in (yaml.Dumper, getattr(yaml, "CDumper", yaml.Dumper)):
    yaml.add_representer(_Ordered, _represent_ordered, Dumper=_dumper)
    yaml.add_representer(_Literal, _represent_literal, Dumper=_dumper)


def write_cassette(path: str | Path, cassette: Cassette, *, rules: ScrubRules = STANDARD) -> Cassette:
    """Write a recording to a file without its secrets, and return it as written.

    Args:
        path: The file. What stands there is replaced in one step, or left as it is.
        cassette: What to write; its keys are made anew.
        rules: What to take out.

    Raises:
        SecretFound: The text still holds a secret; the error names the place, never the secret.
        NotSaved: The file cannot be written.
        Unsearchable: A reply is compressed in a way that cannot be undone.
    """
    clean = scrubbed(cassette, rules)
    text = write_text(clean)
    if hits := secrets_in(text, rules.secrets):
        raise SecretFound(str(path), hits)
    place = Path(path)
    try:
        replace_file(place.resolve(), text.encode("utf-8"))
    except OSError as wrong:
        raise NotSaved(
            f"the recording cannot be saved as {path}: {wrong.strerror or wrong}; what was there before is untouched"
        ) from None
    return clean


def scrubbed(cassette: Cassette, rules: ScrubRules = STANDARD) -> Cassette:
    """Return `cassette` without secrets, and with the keys that it has then."""
    people = rules.people or cassette.people
    rules = replace(rules, people=people)
    clean = [scrub(one.request, one.reply, rules) for one in cassette.interactions]
    interactions = tuple(Recorded(request, reply, request_key(request, rules)) for request, reply in clean)
    return Cassette(cassette.provenance, KEY_VERSION, interactions, people)


def write_text(cassette: Cassette) -> str:
    """Return a recording as vcrpy writes it, with our comments.

    The text is ASCII, as vcrpy reads files in the encoding of the user's locale.
    """
    # On first use only: whoever replays does not need vcrpy.
    from vcr.serializers import yamlserializer  # type: ignore[import-untyped] # it has no types

    tree = _Ordered(version=1, interactions=[_entry(one.request, one.reply) for one in cassette.interactions])
    text: str = yamlserializer.serialize(tree)
    # Nothing else stands at the beginning of a line with a hyphen: blocks are indented, and the list is the only one.
    starts = [entry.start() for entry in ENTRY.finditer(text)]
    entries = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)] if starts else []
    body = "".join(
        key_comment(one.key, entry) + entry for one, entry in zip(cassette.interactions, entries, strict=True)
    )
    heading = write_heading(Heading(cassette.provenance, cassette.key_version, cassette.people))
    return heading + text[: starts[0] if starts else None] + body + END


def replace_file(place: Path, data: bytes) -> None:
    """Put `data` in the place of a file in one step: whoever stops it, the old file or the new one is there.

    Raises:
        OSError: As the system gives it; nothing has changed then.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    new = place.with_name(f".{place.name[:100]}.{secrets.token_hex(4)}")
    try:
        with new.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileNotFoundError):
            new.chmod(place.stat().st_mode & 0o7777)
        new.replace(place)
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink()
        raise


def _entry(request: Request, reply: Reply) -> _Ordered:
    sent = _Ordered(method=request.method, uri=request.url, body=_request_body(request))
    status = _Ordered(code=reply.status, message=responses.get(reply.status, ""))
    body = {"string": _text_or_bytes(reply.body)}
    return _Ordered(
        request=_Ordered(sent, headers=_header_tree(request.headers)),
        response=_Ordered(status=status, headers=_header_tree(reply.headers), body=body),
    )


def _request_body(request: Request) -> Any:
    """Return a form as a map whose texts can be read, when reading it gives the same bytes; else what it is."""
    pairs = read_form(request.body).pairs if is_form(request) else ()
    form = _Ordered({name: _text(value) for name, value in pairs})
    if form and len(form) == len(pairs) and form.keys() - _NAMES_OF_A_BODY and write_form(pairs) == request.body:
        try:
            "".join((*form, *form.values())).encode("utf-8")
        except UnicodeEncodeError:  # bytes that are not UTF-8, which only the form as sent can hold
            return _text_or_bytes(request.body)
        return form
    return _text_or_bytes(request.body) if request.body else None


def _text_or_bytes(data: bytes) -> Any:
    try:
        return _text(data.decode("utf-8"))
    except UnicodeDecodeError:
        return data


def _text(text: str) -> str:
    return _Literal(text) if "\n" in text else text


def _header_tree(headers: Headers) -> _Ordered:
    tree = _Ordered()
    for name, value in headers:
        cast("list[str]", tree.setdefault(name, [])).append(value)
    return tree
