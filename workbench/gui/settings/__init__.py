"""Settings, as a page among the others: nothing is modal, and every change counts at once."""
