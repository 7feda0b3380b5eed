"""What stands around a client: a project for another slice, a wheel."""
