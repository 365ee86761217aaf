"""The control channel of a server of faults: JSON over HTTP on a port of its own, on loopback, for who holds the token.

It has its own port since the server's may be closed or full on purpose, and since any path may be the endpoint's.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import math
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import parse_qs

import h11

from ..codec.reply_bytes import write_reply
from ..errors import BadPlan, ToolkitError, close_names
from ..faults.journal import timeline
from ..interaction import Reply, Request
from .wire import WireServer
from .wire_http import RequestReader, TooLarge
from .wire_plans import PlanInForce
from .wire_port import Port

SCHEMA = "botoproof/control/1"
ROOT = "/_botoproof"

TTL = 900.0
"""Seconds after which a plan ends that was set here without saying when."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_KEYS: Mapping[str, tuple[type, ...]] = {"plan": (str,), "seed": (int,), "ttl": (int, float), "max_strikes": (int,)}


class Control:
    """The control channel of one server. Use it as a context manager, within that of the server."""

    def __init__(self, server: WireServer, *, host: str = "127.0.0.1", port: int = 0) -> None:
        """Bind the port; it answers once entered.

        Args:
            server: What is controlled.
            host: A loopback address.
            port: The port, or 0 for any free one.

        Raises:
            TargetUnusable: The address is not loopback, or the port is taken.
        """
        self._server = server
        self._port = Port(host, port)
        self._listening: asyncio.Server | None = None
        self.url = f"http://{self._port.place}{ROOT}"
        self.token = secrets.token_urlsafe(18)
        self._routes: dict[str, dict[str, Callable[[Request, str], Awaitable[Reply]]]] = {
            "health": {"GET": self._health},
            "plans": {"GET": self._plans, "DELETE": self._clear},
            "plans/NAME": {"GET": self._plan, "PUT": self._set, "DELETE": self._clear},
            "journal": {"GET": self._journal, "DELETE": self._forget},
        }

    def __enter__(self) -> Self:
        """Begin to answer."""
        self._server.do(self._open())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self._server.do(self._close())

    async def _open(self) -> None:
        self._listening = await asyncio.start_server(self._serve, sock=self._port.socket)

    async def _close(self) -> None:
        if self._listening is not None:
            self._listening.close()
        self._port.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the one request of a connection."""
        try:
            async with asyncio.timeout(_PATIENCE):
                request = await RequestReader(reader, writer, "http").next()
            if request is not None:
                writer.write(write_reply(await self.answer(request), head_only=request.method == "HEAD"))
                await writer.drain()
        except (OSError, TimeoutError, h11.RemoteProtocolError, TooLarge):
            pass  # nobody is left to tell, or nobody who speaks HTTP
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def answer(self, request: Request) -> Reply:
        """Return the answer to a request; mistakes are answers too."""
        given = (request.header("authorization") or "").removeprefix("Bearer ").strip()
        if not hmac.compare_digest(given.encode("utf-8", "replace"), self.token.encode("ascii")):
            return _refused(401, "send the token that was printed at the start: Authorization: Bearer TOKEN")
        path = request.path.rstrip("/")
        place, _, name = path.removeprefix(f"{ROOT}/").partition("/")
        key = "plans/NAME" if place == "plans" and name else place
        if not path.startswith(f"{ROOT}/"):
            return _refused(404, f"there is nothing at {request.path}; {ROOT}/ has {', '.join(self._routes)}")
        if key not in self._routes or (name and place != "plans"):
            near = close_names(f"/{place}", [f"/{known}" for known in self._routes if "/" not in known])
            return _refused(404, f"there is no {path.removeprefix(ROOT)}; {near}")
        if request.method not in self._routes[key]:
            return _refused(405, f"{path} takes {', '.join(self._routes[key])}, not {request.method}")
        if name and not _NAME.fullmatch(name):
            return _refused(400, f"a plan's name is up to 64 letters, digits, dots, dashes, underscores, got {name!r}")
        try:
            return await self._routes[key][request.method](request, name)
        except ToolkitError as wrong:
            return _refused(400, str(wrong))

    async def _health(self, _: Request, __: str) -> Reply:
        server = self._server
        return _said(
            {
                "status": "ok",
                "service": server.service,
                "endpoint": server.url,
                "behind": server.behind.name,
                "plans": len(server.plans.in_force()),
                "calls": sum(server.journal.counts().values()),
            }
        )

    async def _plans(self, _: Request, __: str) -> Reply:
        plans = self._server.plans
        in_force = plans.in_force()  # which moves those that are over
        return _said({"plans": [self._told(one) for one in in_force], "over": [self._told(one) for one in plans.over]})

    async def _plan(self, _: Request, name: str) -> Reply:
        names = [one.name for one in self._server.plans.in_force()]
        found = next((one for one in self._server.plans.in_force() if one.name == name), None)
        return (
            _refused(404, f"no plan {name!r} is in force; {close_names(name, names)}")
            if found is None
            else _said(self._told(found))
        )

    async def _set(self, request: Request, name: str) -> Reply:
        wanted = _read(request.body)
        made = await self._server.setting(
            wanted["plan"],
            name=name,
            seed=wanted.get("seed"),
            ttl=float(wanted.get("ttl", TTL)),
            max_strikes=wanted.get("max_strikes"),
        )
        return _said(self._told(made))

    async def _clear(self, _: Request, name: str) -> Reply:
        cleared = await self._server.clearing(name or None)
        if name and not cleared:
            return _refused(404, f"no plan {name!r} is in force")
        return _said({"cleared": list(cleared)})

    async def _journal(self, request: Request, _: str) -> Reply:
        form = parse_qs(request.query).get("format", ["json"])[-1]
        if form == "json":
            return _said(self._server.journal.data())
        if form != "text":
            return _refused(400, f"format is json or text, got {form!r}")
        body = (timeline(self._server.calls()) + "\n").encode()
        return Reply(200, (("Content-Type", "text/plain; charset=utf-8"), ("Connection", "close")), body)

    async def _forget(self, _: Request, __: str) -> Reply:
        self._server.journal.clear()
        return _said({"forgotten": True})

    def _told(self, one: PlanInForce) -> dict[str, Any]:
        left = one.ends - self._server.clock()
        return {
            "name": one.name,
            "plan": str(one.plan),
            "strikes": one.strikes,
            "max_strikes": one.max_strikes,
            "ends_in": None if one.ended or left == math.inf else round(max(0.0, left), 3),
            "ended": one.ended or None,
            "idle": [str(rule) for rule in one.idle],
        }


_PATIENCE = 10.0


def _read(body: bytes) -> dict[str, Any]:
    """Return what a request to set a plan asks for.

    Raises:
        BadPlan: It is no such request.
    """
    try:
        found = json.loads(body)
    except ValueError as wrong:
        raise BadPlan(f'the body must be JSON such as {{"plan": "*=status(503)"}}: {wrong}') from None
    if not isinstance(found, dict) or "plan" not in found:
        raise BadPlan('the body must be an object with a plan, such as {"plan": "*=status(503)"}')
    wanted = cast("dict[str, Any]", found)
    for key, value in wanted.items():
        if key not in _KEYS:
            raise BadPlan(f"unknown key {key!r}; {close_names(key, _KEYS)}")
        if isinstance(value, bool) or not isinstance(value, _KEYS[key]):
            raise BadPlan(f"{key} must be {'text' if key == 'plan' else 'a number'}, got {value!r}")
    return wanted


def _said(data: dict[str, Any], status: int = 200) -> Reply:
    body = (json.dumps({"schema": SCHEMA} | data, indent=2) + "\n").encode()
    return Reply(status, (("Content-Type", "application/json"), ("Connection", "close")), body)


def _refused(status: int, text: str) -> Reply:
    return _said({"error": text}, status)
