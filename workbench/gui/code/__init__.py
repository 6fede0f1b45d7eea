"""The editor of code and of workbench.toml, and files of the project to read."""
