"""`workbench signer`: keys to sign evidence with, and whose signatures are accepted."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path

from workbench.app.exports.signers import Signer, Signers, read_key_file
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal
from workbench.store.keys import KeyStore
from workbench.store.redaction import Redactor


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments and its function."""
    actions = parser.add_subparsers(metavar="ACTION", required=True)

    def action(name: str, about: str, do: Callable[[Namespace, Terminal], int]) -> ArgumentParser:
        added: ArgumentParser = actions.add_parser(name, help=about)
        added.set_defaults(do=do)
        return added

    def named(name: str, about: str, do: Callable[[Namespace, Terminal], int]) -> ArgumentParser:
        added = action(name, about, do)
        added.add_argument("name", metavar="NAME")
        return added

    action("list", "list the signers whose evidence is accepted", _list)
    named("new", "make a key pair: the private key goes to the keyring", _new)
    named("show", "print a signer's public key, for others to trust", _show)
    trust = named("trust", "accept evidence that is signed with this public key", _trust)
    trust.add_argument("file", type=Path, metavar="FILE", help="the public key in PEM")
    named("forget", "stop accepting a signer; if it is your own, its private key is deleted", _forget)


def _list(_: Namespace, terminal: Terminal) -> int:
    found = _signers().all()
    for signer in found:
        terminal.say(_line(signer))
    if not found:
        terminal.say("No signers. Make one with `workbench signer new NAME`.", "dim")
    return ExitCode.ANSWERED


def _new(parsed: Namespace, terminal: Terminal) -> int:
    signer = _signers().create(parsed.name)
    terminal.say(_line(signer), "good")
    terminal.complain("The private key is in the keyring. Others need the public key:", "dim")
    terminal.say(signer.pem.rstrip())
    return ExitCode.ANSWERED


def _show(parsed: Namespace, terminal: Terminal) -> int:
    signer = _signers().named(parsed.name)
    terminal.complain(_line(signer), "dim")
    terminal.say(signer.pem.rstrip())
    return ExitCode.ANSWERED


def _trust(parsed: Namespace, terminal: Terminal) -> int:
    terminal.say(_line(_signers().trust(parsed.name, read_key_file(parsed.file))), "good")
    return ExitCode.ANSWERED


def _forget(parsed: Namespace, terminal: Terminal) -> int:
    signer = _signers().forget(parsed.name)
    terminal.say(f"{signer.name} is no longer accepted.", "good")
    return ExitCode.ANSWERED


def _signers() -> Signers:
    return Signers(KeyStore(Redactor()))


def _line(signer: Signer) -> str:
    whose = "your own" if signer.is_own else "trusted"
    return f"{signer.name}  {whose}  key {signer.key_id[:16]}"
