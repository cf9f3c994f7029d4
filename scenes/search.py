"""The cheapest way over cells from one to another: first among blocks of cells, then among the cells near it.

A hierarchical search (Botea et al. 2004): Dijkstra over blocks from both ends says through which blocks any good way
leads; only their cells are searched one by one, so that a house costs no more than a room. A way close to walls costs
more, so people walk in the middle of a passage where there is room.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components, dijkstra

from scenes.walkable import STEPS, Walkable

Array = NDArray[np.floating]
Indices = NDArray[np.int64]

#: Cells along each side of a block, and most cells that are searched one by one.
BLOCK, MOST_CELLS = 8, 6000

#: Blocks whose way is up to so much longer than the best are searched too.
_DETOUR = 1.15

#: Clearance in metres that people like, and by how much a metre right at the limit is dearer.
_LIKED, _DEARER = 0.4, 0.15


@dataclass(frozen=True)
class Blocks:
    """Connected free cells of one square each, and the ways between them.

    Attributes:
        of: (N,) the block of each cell, -1 for none.
        cells: (M,) the free cells, sorted by block.
        begins: (B + 1,) where the cells of each block begin.
        graph: (B, B) m between the middles of neighbouring blocks.
    """

    of: Indices
    cells: Indices
    begins: Indices
    graph: sparse.csr_matrix


@dataclass(frozen=True)
class Search:
    """Ready to search one walkable ground.

    Attributes:
        walkable: the ground.
        blocks: its cells taken together.
    """

    walkable: Walkable
    blocks: Blocks

    def cells(self, start: int, goal: int) -> Indices | None:
        """The cells (K,) of the cheapest way between two free cells, both included; None where there is none."""
        areas = self.walkable.areas
        if areas[start] < 0 or areas[start] != areas[goal]:
            return None
        corridor = self._corridor(start, goal)
        graph, cells = self._graph(corridor)
        row = np.searchsorted(cells, [start, goal])
        _, before = dijkstra(graph, indices=row[0], return_predecessors=True)
        way = [int(row[1])]
        while way[-1] != row[0]:
            way.append(int(before[way[-1]]))
            if way[-1] < 0:
                return None
        return cells[way[::-1]]

    def _corridor(self, start: int, goal: int) -> Indices:
        """The cells (M,), ascending, of the blocks through which a way that is not much longer than the best leads."""
        block, graph = self.blocks.of, self.blocks.graph
        ends = dijkstra(graph, directed=False, indices=[block[start], block[goal]])
        through = ends.sum(axis=0)
        best = through[block[goal]]
        order = np.argsort(through, kind="stable")
        cells, begins = self.blocks.cells, self.blocks.begins
        sizes = np.diff(begins)[order]
        near = through[order] <= _DETOUR * best + 4 * BLOCK * self.walkable.spans.cell
        least = through[order] <= 1.02 * best + 1e-6
        chosen = order[near & (least | (np.cumsum(sizes) <= MOST_CELLS))]
        around = graph[chosen].indices if len(chosen) < 400 else chosen  # their neighbours, so that nothing is cut
        taken = np.union1d(chosen, around)
        return np.sort(np.concatenate([cells[begins[one] : begins[one + 1]] for one in taken]))

    def _graph(self, cells: Indices) -> tuple[sparse.csr_matrix, Indices]:
        """The graph among some ascending cells (M,) with what each step costs."""
        walkable = self.walkable
        row = np.full(len(walkable.areas) + 1, -1, dtype=np.int32)  # the last one: no neighbour
        row[cells] = np.arange(len(cells))
        ends = row[walkable.links[cells]]
        there = ends >= 0
        step = walkable.spans.cell * np.linalg.norm(STEPS, axis=-1)
        radius = walkable.agent.radius
        tight = np.clip((_LIKED - walkable.clearance_of(cells)) / max(_LIKED - radius, 0.05), 0.0, 1.0)
        cost = step * (1 + _DEARER * tight[:, None])
        pointers = np.concatenate([[0], np.cumsum(there.sum(axis=1))])
        shape = (len(cells), len(cells))
        return sparse.csr_matrix((cost[there], ends[there], pointers), shape=shape), cells


def make_search(walkable: Walkable) -> Search:
    """Take the cells of a ground together, ready for searching; a third of a second for 2,000 m²."""
    spans = walkable.spans
    i, j = np.divmod(spans.columns, spans.shape[1])
    square = (i // BLOCK) * (spans.shape[1] // BLOCK + 1) + j // BLOCK
    start, end = _pairs(walkable)
    inner = square[start] == square[end]
    count = len(square)
    within = sparse.coo_matrix((np.ones(int(inner.sum()), bool), (start[inner], end[inner])), shape=(count, count))
    _, label = connected_components(within, directed=False)
    free = walkable.free
    numbers, block = np.unique(label[free], return_inverse=True)
    blocks = len(numbers)
    of = np.full(count, -1)
    of[free] = block
    sizes = np.bincount(block, minlength=blocks)
    middle = np.stack([np.bincount(block, column, blocks) / sizes for column in spans.place_of(free).T], axis=-1)
    a, b = np.divmod(np.unique(of[start[~inner]] * blocks + of[end[~inner]]), blocks)
    graph = sparse.csr_matrix((np.linalg.norm(middle[a] - middle[b], axis=-1) + 1e-6, (a, b)), shape=(blocks, blocks))
    begins = np.concatenate([[0], np.cumsum(sizes)])
    return Search(walkable, Blocks(of, free[np.argsort(block, kind="stable")], begins, graph))


def _pairs(walkable: Walkable) -> tuple[Indices, Indices]:
    """Linked free cells."""
    free = walkable.areas >= 0
    start, direction = np.nonzero((walkable.links >= 0) & free[:, None])
    end = walkable.links[start, direction]
    return start[free[end]], end[free[end]]


def geodesic(walkable: Walkable, start: int, goals: Indices) -> Array:
    """(G,) m: length of the shortest way over cells to each goal, walls' nearness not counted; infinite: none.

    What a route is compared with; it searches every cell.
    """
    start_cells, ends = _pairs(walkable)
    apart = np.linalg.norm(walkable.spans.places[start_cells] - walkable.spans.places[ends], axis=-1)
    count = len(walkable.areas)
    graph = sparse.csr_matrix((apart, (start_cells, ends)), shape=(count, count))
    found: Array = dijkstra(graph, indices=start)[goals]
    return found
