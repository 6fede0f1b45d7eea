"""The environment of a source tree: a virtual environment from the lock, and the system libraries that Qt needs."""
