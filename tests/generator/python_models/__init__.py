"""Tests of literals, docstrings, imports and model lowering."""
