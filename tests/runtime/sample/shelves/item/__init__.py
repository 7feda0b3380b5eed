"""Part of the sample client."""
