"""Slices of v1.0: each has to work by itself and to be a part of the whole, line for line."""
