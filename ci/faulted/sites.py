"""Where calls and exceptions come from: lines of the consumer's code, found on the stack and never traced.

The consumer's code is what is installed neither with Python nor into its packages; where there is none, as in a thread
that a pool runs, it is whatever is nearest to botocore.
"""

from __future__ import annotations

import hashlib
import linecache
import sys
import sysconfig
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from traceback import walk_tb
from types import CodeType, FrameType
from typing import Any

from ...contract.faults.journal import Origin
from .calls import Call, Strike

_SDK = ("boto3", "botocore", "s3transfer")
_OURS = __name__.partition(".")[0]
_CALLED = "_make_api_call"
_INSTALLED = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})


class Runaway(BaseException):
    """A test does not stop to make calls. No `except Exception` of a loop that tries for ever takes hold of it."""


class Watch:
    """Tells where each call of a test comes from; what botoproof itself calls for the test is let alone.

    Attributes:
        threads: Whether another thread than the test's has made calls.
        runaway: Whether so many calls of one operation were made that the test was stopped.
    """

    def __init__(self, root: Path, test: CodeType | None, strikes: tuple[Strike, ...], limit: int) -> None:
        """Begin, in the thread that runs the test.

        Args:
            root: Paths are told from here.
            test: The test's own code, at which the consumer's ends.
            strikes: What a plan strikes.
            limit: How many calls of one operation are let through.
        """
        self.threads = False
        self.runaway = False
        self._root = root
        self._test = test
        self._always = {strike.call: strike.injected.modifier == "always" for strike in strikes}
        self._made: dict[tuple[str, str, str], int] = {}
        self._requests: dict[object, Call] = {}
        self._limit = limit
        self._thread = threading.get_ident()
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str]] = Counter()

    def __call__(self, service: str, operation: str, request: Mapping[str, Any]) -> Origin | None:
        """Return where the call comes from that this thread is about to make; None when it is botoproof's own.

        Raises:
            Runaway: There were too many.
        """
        caller = _caller(sys._getframe(1))  # noqa: SLF001 - inspect.currentframe is the same, but may give None
        if caller is None or _package(caller) == _OURS:
            return None
        with self._lock:
            self._counts[service, operation] += 1
            if self._counts[service, operation] > self._limit:
                self.runaway = True
                raise Runaway(f"{service}.{operation} was called more than {self._limit} times")
        frames = list(_consumers(caller, self._test)) or [caller]
        group = ""
        if threading.get_ident() != self._thread:
            self.threads = True
            group = frames[0].f_code.co_qualname.replace("<locals>.", "")
        inner = [frame for frame in frames if frame.f_code is not self._test]
        stack = _digest(frames)
        struck, again = self._struck(service, operation, group, (stack, _sent(request)))
        return Origin(
            site=told(frames[0].f_code, frames[0].f_lineno, self._root),
            group=group,
            exposed=struck is not None,
            repeats=struck.number if struck is not None and again else None,
            chain=_digest(inner) if inner else "",
            stack=stack,
        )

    def _struck(self, service: str, operation: str, group: str, request: object) -> tuple[Call | None, bool]:
        """Return the call that is struck, if this is one, and whether it is one that is made again.

        A fault that strikes always strikes also where the code, rather than the SDK, tries again.
        """
        with self._lock:
            name = (service, operation, group)
            number = self._made.get(name, 0)
            self._made[name] = number + 1
            call = Call(service, operation, number, group)
            if call in self._always:
                if self._always[call]:
                    self._requests.setdefault((name, request), call)
                return call, False
            return self._requests.get((name, request)), True


def _sent(request: Mapping[str, Any]) -> str:
    """Return what two requests are equal by; what is streamed is equal to nothing."""
    return repr([request.get(name) for name in ("url_path", "query_string", "body")])


def _package(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]


def _caller(frame: FrameType | None) -> FrameType | None:
    """Return the frame that called the client, or what wraps the client."""
    while frame is not None and not (frame.f_code.co_name == _CALLED and _package(frame) == "botocore"):
        frame = frame.f_back
    while frame is not None and _package(frame) in _SDK:
        frame = frame.f_back
    return frame


def _consumers(frame: FrameType | None, test: CodeType | None) -> Iterator[FrameType]:
    """Yield the consumer's frames from the innermost to the test."""
    while frame is not None:
        if not _is_installed(frame.f_code.co_filename):
            yield frame
        if frame.f_code is test:
            return
        frame = frame.f_back


@lru_cache(maxsize=4096)
def _is_installed(file: str) -> bool:
    return file.startswith(("<frozen", *_INSTALLED)) or "site-packages" in file or "dist-packages" in file


@lru_cache(maxsize=1024)
def _fingerprint(code: CodeType) -> bytes:
    names = repr((code.co_qualname, code.co_names, [one for one in code.co_consts if not isinstance(one, CodeType)]))
    return hashlib.sha256(code.co_code + names.encode("utf-8", "replace")).digest()


def _digest(frames: list[FrameType]) -> str:
    parts = (_fingerprint(frame.f_code) + str(frame.f_lasti).encode() for frame in frames)
    return hashlib.sha256(b"".join(parts)).hexdigest()[:16]


def told(code: CodeType, line: int, root: Path) -> str:
    """Return a place in code for a reader: file, line and function."""
    path = Path(code.co_filename)
    file = path.relative_to(root).as_posix() if path.is_relative_to(root) else code.co_filename
    return f"{file}:{line} in {code.co_name}"


def code_digest(code: CodeType) -> str:
    """Return a digest of a function's code, which is another when the code is."""
    inner = [one for one in code.co_consts if isinstance(one, CodeType)]
    return hashlib.sha256(b"".join(map(_fingerprint, [code, *inner]))).hexdigest()[:16]


def raised_by(error: BaseException) -> str:
    """Return the top-level package in which an exception was raised."""
    frames = [frame for frame, _ in walk_tb(error.__traceback__)]
    return _package(frames[-1]) if frames else ""


def lines_of(error: BaseException, root: Path) -> list[str]:
    """Return the lines of the consumer's code through which an exception came, outermost first, with their text."""
    found: list[str] = []
    for frame, line in walk_tb(error.__traceback__):
        file = frame.f_code.co_filename
        if _package(frame) == _OURS or _is_installed(file):
            continue
        text = linecache.getline(file, line).strip()
        found.append(f"{told(frame.f_code, line, root)}{f': {text}' if text else ''}")
    return found


def call_site(root: Path) -> str | None:
    """Return the consumer's line that makes the call which this thread is making; None when botoproof itself does.

    Args:
        root: Paths are told from here.
    """
    caller = _caller(sys._getframe(1))  # noqa: SLF001 - as above
    if caller is None or _package(caller) == _OURS:
        return None
    frame = next(_consumers(caller, None), caller)
    return told(frame.f_code, frame.f_lineno, root)
