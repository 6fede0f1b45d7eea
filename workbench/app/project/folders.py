"""The user's own folders: never inside a project, never inside the program."""

import os
from pathlib import Path

import msgspec
import platformdirs

NAME = "tool-calling-workbench"


class UserFolders(msgspec.Struct, frozen=True):
    """`state` holds trust and window state, `config` the settings, `data` copies of the samples."""

    state: Path
    config: Path
    data: Path

    @classmethod
    def of_this_user(cls) -> "UserFolders":
        """The system's usual places, or below `WORKBENCH_HOME` where that is set."""
        if home := os.environ.get("WORKBENCH_HOME"):
            root = Path(home)
            return cls(root / "state", root / "config", root / "data")
        return cls(
            platformdirs.user_state_path(NAME), platformdirs.user_config_path(NAME), platformdirs.user_data_path(NAME)
        )

    @property
    def mcp_file(self) -> Path:
        """Where approvals of MCP servers are kept."""
        return self.state / "mcp.json"

    @property
    def trust_file(self) -> Path:
        """Where trusted digests are kept."""
        return self.state / "trust.json"

    @property
    def approval_file(self) -> Path:
        """Where the user's way of approving is kept."""
        return self.config / "approvals.json"

    @property
    def vector_file(self) -> Path:
        """Where vectors of texts are kept, so that they need not be made again."""
        return self.state / "vectors.sqlite"

    @property
    def grant_seal(self) -> Path:
        """This user's secret, which marks grants as the user's own."""
        return self.state / "grants.seal"

    @property
    def cluster_folder(self) -> Path:
        """Where a cluster on this machine leaves what its clients need to be let in."""
        return self.state / "cluster"

    @property
    def signer_file(self) -> Path:
        """Where the signers are listed whose evidence is accepted."""
        return self.config / "signers.json"
