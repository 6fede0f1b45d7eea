"""The tools of a project: create, copy, rename and delete them, and what runs each."""
