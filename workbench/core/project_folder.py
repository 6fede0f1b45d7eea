"""How the folder of a project is laid out."""

PROJECT_FILE = "workbench.toml"
TOOLS_FOLDER = "tools"
CODE_FOLDER = "python"
HISTORY_FOLDER = ".workbench"
