"""A small sentence encoder that comes as a package, weights included: texts as vectors, without a key or a network."""
