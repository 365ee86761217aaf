"""What `botoproof cassette` finds in recordings, as pages."""

from __future__ import annotations

from dataclasses import dataclass

from .page import Page, Section


@dataclass(frozen=True, slots=True)
class About:
    """What there is to say about one thing that is found in a recording.

    Attributes:
        title: One line.
        meaning: What is wrong, or has changed.
        harm: Who is hurt by it, and how.
        remedy: What to do about it.
    """

    title: str
    meaning: str
    harm: str
    remedy: str


_ANEW = "Record it anew, or take the old file from version control."
_RELIES = "Code that reads it breaks at the endpoint, while its tests pass against the old recording."
_NEWS = "Look up whether the change was announced; then record anew, and run the tests that play the recording."

ABOUT = {
    "drift-element-added": About(
        "An element is in the newer replies only",
        "No older reply of that operation and status has the element.",
        "Clients ignore what they do not know, as long as their models do; strict readers refuse it.",
        _NEWS,
    ),
    "drift-element-kind": About(
        "An element holds another kind of value",
        "For example `true` became `1`: the texts of the element are of a kind that no older one had.",
        "Parsers give another type or fail, as they do for timestamps and booleans.",
        _NEWS,
    ),
    "drift-element-missing": About(
        "An element is in the older replies only",
        "No newer reply of that operation and status has the element; one that is merely absent at times is no drift.",
        _RELIES,
        _NEWS,
    ),
    "drift-error-code": About(
        "The same request is refused with another code",
        "The status is the same, the code in the error is not.",
        "boto3 raises another class, so that `except` clauses no longer catch it.",
        _NEWS,
    ),
    "drift-media-type": About(
        "Replies are declared as another media type",
        "Content-Type has changed, parameters such as charset aside.",
        "SDKs for XML protocols mostly overlook it; proxies and other clients do not.",
        _NEWS,
    ),
    "drift-namespace": About(
        "Replies are in another XML namespace",
        "The namespace of the root element has changed, as it does with a new version of an API.",
        "botocore ignores namespaces; clients that validate do not.",
        _NEWS,
    ),
    "drift-status": About(
        "The same request is answered with another status",
        "The status is told with the error code, where there is one. The elements of such a pair are not compared.",
        "What succeeded is refused, or the other way round; or SDKs retry what they did not retry before.",
        "If ids or states differ between the recordings, nothing has changed: record both against the same world.",
    ),
    "drift-unreadable": About(
        "One of two replies can be read, the other cannot",
        "The body is not well-formed, or is cut short, on one of the sides.",
        "botocore raises ResponseParserError, which few callers handle.",
        "`botoproof run --target cassette:PATH` tells what is wrong with it.",
    ),
    "recording-age": About(
        "A recording is too old, or of unknown age",
        "It was made more days ago than --max-days allows, says no day, or one that is yet to come.",
        "Tests pass against what the endpoint used to say.",
        "`botoproof record` it anew, and compare both by `botoproof cassette drift`. Nothing is recorded by itself.",
    ),
    "recording-key": About(
        "The key beside an interaction is not its own",
        "A key is made of the request that follows it, which was edited by hand; or the file is of another version.",
        "None while it is played, as keys are made anew; but nobody knows what else was edited.",
        "If the edit was meant, write the file anew with `botoproof.cassettes.writing.write_cassette`; else: " + _ANEW,
    ),
    "recording-miss": About(
        "A recorded request is not answered by its own recording",
        "Playing the requests of the file in their own order, one found no reply, or that of another.",
        "The same happens to the tests that play it.",
        _ANEW,
    ),
    "recording-reply": About(
        "A recorded reply departs from the form that its service promises",
        "It was read strictly, as `run` does; the code in brackets is that of the departure.",
        "Tests learn from a reply that a right endpoint does not give.",
        "If the endpoint said so, it is the endpoint's mistake, and `run` tells all about it; if the file was edited: "
        + _ANEW,
    ),
    "recording-secret": About(
        "What looks like a secret stands in a recording",
        "It is found in any usual encoding, also within base64 and `!!binary`. Only its place is told.",
        "Whoever reads the repository can use it.",
        "Treat it as known to others, and replace it where it was issued. Then record anew; what vcrpy recorded is "
        "scrubbed by reading it and writing it with `botoproof.cassettes.writing.write_cassette`.",
    ),
    "recording-unplayed": About(
        "An interaction is played by none of the recorded requests",
        "Another one with the same request stands before it and is played instead.",
        "It is never held to anything.",
        "`botoproof cassette prune` tells what replays the same without it.",
    ),
    "recording-unreadable": About(
        "A file is no recording",
        "It is empty, cut short, not YAML as vcrpy writes it, too large, or nests too deep; the line is told.",
        "Nothing is played from it.",
        _ANEW,
    ),
}


def recording_page(code: str) -> Page:
    """Return what there is to say about one of the codes in `ABOUT`."""
    about = ABOUT[code]
    by = "verify, scan or age" if code.startswith("recording-") else "drift"
    return Page(
        code,
        about.title,
        (
            Section("means", (about.meaning,)),
            Section("hurts", (about.harm,)),
            Section("remedy", (about.remedy,)),
            Section("found by", (f"botoproof cassette {by}",)),
        ),
    )
