"""What stands behind the generated names: plain modules, the same in every client."""
