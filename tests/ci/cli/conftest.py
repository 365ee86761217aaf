"""The command as a test calls it: in this process, or as a process of its own; and peers that behave badly."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botoproof.ci.cli import main

COMMAND = (sys.executable, "-c", "import sys; from botoproof.ci.cli import main; sys.exit(main())")


@dataclass(frozen=True)
class Done:
    """What came of a command."""

    status: int
    out: str
    err: str

    @property
    def told(self) -> str:
        """The one paragraph that a refusal is."""
        [line] = self.err.splitlines()
        return line.removeprefix("botoproof: ")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def call(folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """The command, in this process and in an empty folder."""

    def run(*arguments: str) -> Done:
        capsys.readouterr()
        status = main(arguments)
        out, err = capsys.readouterr()
        return Done(status, out, err)

    return run


Start = Callable[..., AbstractContextManager[subprocess.Popen[str]]]


@pytest.fixture
def start(folder: Path) -> Start:
    """The command as a process of its own, which is dead when the context ends."""

    @contextmanager
    def started(*arguments: str) -> Iterator[subprocess.Popen[str]]:
        process = subprocess.Popen(
            (*COMMAND, *arguments),
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, "PYTHONUNBUFFERED": ""},
        )
        with process:
            try:
                yield process
            finally:
                process.kill()

    return started


def rest(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Return what is left to read of both streams; `communicate` forgets what a `readline` has buffered."""
    assert process.stdout is not None
    assert process.stderr is not None
    said = process.stdout.read(), process.stderr.read()
    process.wait(timeout=20)
    return said


def reports(path: Path) -> Any:
    """Return a JSON report."""
    return json.loads(path.read_text("utf-8"))


Behaviour = Callable[[socket.socket], None]


@contextmanager
def peer(behaviour: Behaviour) -> Iterator[str]:
    """Yield the URL of a TCP server that does with each connection what `behaviour` says."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        open_ones: list[socket.socket] = []
        thread = threading.Thread(target=_serve, args=(server, behaviour, open_ones))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            with contextlib.suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            thread.join()
            for connection in open_ones:
                connection.close()


def _serve(server: socket.socket, behaviour: Behaviour, open_ones: list[socket.socket]) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        open_ones.append(connection)
        with contextlib.suppress(OSError):
            behaviour(connection)


def hangs(_: socket.socket) -> None:
    """Accept, and say nothing ever after."""


def resets(connection: socket.socket) -> None:
    """Take the request and reset the connection."""
    connection.recv(65536)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def greets(connection: socket.socket) -> None:
    """Speak first, and not HTTP."""
    connection.sendall(b"220 ready\r\n")


def answers(head: str, body: bytes, *, length: int | None = None) -> Behaviour:
    """Return a peer that answers every request alike and closes."""
    size = len(body) if length is None else length
    reply = f"HTTP/1.1 {head}\r\nConnection: close\r\nContent-Length: {size}\r\n\r\n".encode() + body

    def behave(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(reply)
        connection.shutdown(socket.SHUT_WR)

    return behave
