"""The projects below are a consumer's: they are run as such, and not collected with our own tests."""

collect_ignore = ["shipping"]
