"""Pages about what may happen: rules, permissions, servers, mocks."""
