"""From views to files: rendering, formatting, the gate, and the runtime that every client carries."""
