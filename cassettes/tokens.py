"""Reference tokens: what stands for a secret in a recording, so that equal values stay equal.

`<access-key:1>` is the key that signed the request. A service that compares the key in a parameter with it can thus
still be held to its answer. Numbers hold for one interaction, since the key of a request must not depend on others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .sensitive import ACCESS_KEY, SHORTEST_SECRET, STANDARD, TOKEN, ScrubRules

# Emulators take keys such as "test": only what is as long as AWS's own is looked for in the middle of other text.
SHORTEST_KEY = 16


@dataclass(slots=True)
class Tokens:
    """Gives tokens for the secrets of one interaction.

    Attributes:
        signer: The access key that signed the request, or None.
        rules: What counts as a secret.
        own: Secrets that the request itself bears, with their kind: a refusal may repeat its signature.
        known: Values to look for anywhere, with their kind, the longest first.
    """

    signer: str | None = None
    rules: ScrubRules = STANDARD
    own: Mapping[str, str] = field(default_factory=dict[str, str])
    known: tuple[tuple[str, str], ...] = field(init=False)
    _given: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    _taken: set[tuple[str, int]] = field(default_factory=set[tuple[str, int]])

    def __post_init__(self) -> None:
        known = {secret: "secret-key" for secret in self.rules.secrets if len(secret) >= SHORTEST_SECRET}
        known.update(self.own)
        if self.signer is not None:
            self._given[ACCESS_KEY, self.signer] = 1
            if len(self.signer) >= SHORTEST_KEY:
                known[self.signer] = ACCESS_KEY
        self.known = tuple(sorted(known.items(), key=lambda item: (-len(item[0]), item)))
        self._taken.add((ACCESS_KEY, 1))  # the signer's, whether he is known or not

    def respect(self, texts: Iterable[str]) -> None:
        """Let no number be given anew that a token in `texts` has already."""
        for text in texts:
            if ":" in text or "%3" in text:
                self._taken.update((kind.lower(), int(number[:9])) for kind, number in TOKEN.findall(text))

    def token(self, kind: str, value: str) -> str:
        """Return the token for `value`; what is a token already, or empty, stays."""
        if not value or TOKEN.fullmatch(value):
            return value
        number = self._given.get((kind, value))
        if number is None:
            number = next(n for n in range(1, 1_000_000_000) if (kind, n) not in self._taken)
            self._given[kind, value] = number
            self._taken.add((kind, number))
        return f"<{kind}:{number}>"
