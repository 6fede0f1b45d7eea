"""Show a dialog without blocking anything, and await its answer."""

import asyncio

from PySide6.QtWidgets import QDialog


async def ask(dialog: QDialog) -> int:
    """The dialog's result. Give the dialog a parent: a lonely one may end the program when it closes.

    A cancelled caller closes the dialog.
    """
    answered: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def answer(code: int) -> None:
        if not answered.done():
            answered.set_result(code)

    dialog.finished.connect(answer)
    dialog.open()
    try:
        return await answered
    finally:
        dialog.finished.disconnect(answer)
        dialog.close()
