"""Qt, and nothing but Qt."""

import os

os.environ["QT_API"] = "pyside6"  # qasync would take whatever binding this names, or finds first
