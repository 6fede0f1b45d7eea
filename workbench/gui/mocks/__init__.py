"""The page of mocks."""
