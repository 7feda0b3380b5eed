"""The API as its client shows it, and what both readers need to cut it: selection, closure, naming, the URL tree."""
