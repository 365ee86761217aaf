"""The runs: what people and pipelines start."""
