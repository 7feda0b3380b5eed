"""Shows differences and models to people and machines: text, Markdown, JSON, and pages that need no network."""
