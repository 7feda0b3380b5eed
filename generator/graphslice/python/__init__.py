"""From the API to Python: names, types, and the views that templates print."""
