"""The demo bank: what the desk's generator invents, as a living house ending today."""
