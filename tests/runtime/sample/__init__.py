"""A small client in the shape of generated ones, put together with the runtime by conftest."""
