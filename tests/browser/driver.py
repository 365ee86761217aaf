"""A browser as a test uses it: Chromium by its driver, over WebDriver's own JSON, on loopback."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, cast

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 30.0
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # WebDriver's own name for a reference
KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "Tab": "\ue004"}


class Refused(Exception):
    """The driver could not do it; the text holds its words."""


def found(names: tuple[str, ...]) -> str:
    """Return the path of the first program that is there; without any, the test fails with what to do."""
    path = next((path for name in names if (path := shutil.which(name))), None)
    if path is None:
        pytest.fail(f"there is no {names[0]} for this test; ci/borrowed installs it", pytrace=False)
    return path


class Browser:
    """A browser with one window."""

    def __init__(self, folder: Path) -> None:
        """Start it.

        Args:
            folder: An empty one, for its profile and its log.
        """
        binary = found(BROWSERS)
        log = folder / "driver.log"
        self._process = subprocess.Popen(
            [found(("chromedriver",)), "--port=0", f"--log-path={log}"], stdout=subprocess.PIPE, text=True
        )
        self._base = f"http://127.0.0.1:{self._port()}/session"
        options = {"binary": binary, "args": [*FLAGS, f"--user-data-dir={folder / 'profile'}"]}
        wish = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        session = self._call("POST", "", {"capabilities": {"alwaysMatch": wish}})
        self._base += f"/{session['sessionId']}"

    def _port(self) -> int:
        stdout = self._process.stdout
        assert stdout is not None
        for line in stdout:  # a driver that does not start closes it
            if port := re.search(r"started successfully on port (\d+)", line):
                return int(port[1])
        raise Refused("the driver did not start")

    def _call(self, method: str, path: str, data: Any = None) -> Any:
        body = None if method != "POST" else json.dumps(data or {}).encode()
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{self._base}{path}", body, {"Content-Type": "application/json"}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as reply:  # noqa: S310 - loopback
                return json.load(reply)["value"]
        except urllib.error.HTTPError as wrong:
            with wrong:
                raise Refused(json.load(wrong)["value"]["message"]) from None

    def close(self) -> None:
        """End it."""
        try:
            self._call("DELETE", "")
        finally:
            self._process.terminate()
            self._process.wait(PATIENCE)
            if self._process.stdout:
                self._process.stdout.close()

    def open(self, page: Path, fragment: str = "") -> None:
        """Open a page from disk, anew even where only its fragment differs."""
        self._call("POST", "/url", {"url": "about:blank"})
        self._call("POST", "/url", {"url": page.as_uri() + fragment})

    def run(self, script: str, *arguments: Any) -> Any:
        """Run a script and return what it returns."""
        return self._call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def wait_for(self, script: str, *arguments: Any) -> Any:
        """Run a script until it returns something true."""
        ends = time.monotonic() + PATIENCE
        while not (value := self.run(script, *arguments)):
            if time.monotonic() > ends:
                raise Refused(f"never true: {script}")
        return value

    def _element(self, selector: str) -> str:
        found_one = self._call("POST", "/element", {"using": "css selector", "value": selector})
        return cast("str", found_one[_ELEMENT])

    def click(self, selector: str) -> None:
        """Click as a mouse does: on what is seen there, and not on what lies below."""
        self._call("POST", f"/element/{self._element(selector)}/click")

    def type(self, selector: str, text: str) -> None:
        """Write into a field."""
        self._call("POST", f"/element/{self._element(selector)}/value", {"text": text})

    def press(self, key: str) -> None:
        """Press a key, wherever the focus is."""
        strokes = [{"type": kind, "value": KEYS[key]} for kind in ("keyDown", "keyUp")]
        self._call("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": strokes}]})

    def log(self) -> list[str]:
        """Return what the console has told since it was last asked."""
        return [entry["message"] for entry in self._call("POST", "/se/log", {"type": "browser"})]

    def tool(self, command: str, **parameters: Any) -> Any:
        """Ask the developer tools."""
        return self._call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def show(self, *, width: int = 1280, dark: bool = False, media: str = "screen") -> None:
        """Set the width of the window, the colours that its user prefers, and what it shows on."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.tool("Emulation.setDeviceMetricsOverride", **size)
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.tool("Emulation.setEmulatedMedia", media=media, features=features)

    def printed(self) -> bytes:
        """Return the page as PDF."""
        return base64.b64decode(self._call("POST", "/print"))
