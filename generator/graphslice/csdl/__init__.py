"""CSDL documents: read, looked up, resolved to the model of an API, and cut to what a slice needs."""
