"""Whether a project's code may run: if this user trusts it as it is, or if it came with the program."""

from pathlib import Path

from workbench.core.errors import ProjectError
from workbench.store.project import Project
from workbench.store.trust import TrustStore, code_digest


class CodeTrust:
    """Looks up code in the user's trust store, and among code trusted until the program ends."""

    def __init__(self, store: TrustStore) -> None:
        self._store = store
        self._for_now = ""

    def counts(self, project: Project) -> bool:
        """Whether the code, as it is on disk now, is trusted."""
        try:
            return self.trusts(code_digest(project))
        except ProjectError:  # too much to check
            return False

    def trusts(self, digest: str) -> bool:
        """Whether code of this digest is trusted."""
        return digest == self._for_now or self._store.trusts(digest)

    def trust(self, project: Project, *, for_now: bool = False) -> None:
        """Trust the code as it is on disk now; `for_now` until the program ends. Raises `ProjectError`."""
        if for_now:
            self._for_now = code_digest(project)
        else:
            self._store.add(code_digest(project), project.folder)

    def carry_over(self, folder: Path, digest: str, new: str) -> None:
        """The person changed trusted code of `digest` themselves: trust the result for as long."""
        if digest == self._for_now and not self._store.trusts(digest):
            self._for_now = new
        else:
            self._store.add(new, folder)
