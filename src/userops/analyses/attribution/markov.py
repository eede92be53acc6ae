"""Data-driven attribution: the removal effect in an absorbing Markov chain.

Anderl, Becker, von Wangenheim and Schumann, “Mapping the customer journey”, IJRM 33 (2016), with chains of the
first order. States are a start, the channels, a conversion and a null state. Where a channel is removed,
everyone who would come to it is lost. That needs no second chain: whoever converts without the channel never
visits it, so the chance falls by P(visit) × P(convert | there), and P(visit) is N[start, c] / N[c, c] with the
fundamental matrix N = (I − Q)⁻¹.
"""

from __future__ import annotations

import numpy as np

from userops.analyses.timelines import Ints


def removal_effects(counts: Ints) -> Ints:
    """The share of all conversions that is lost without each channel.

    `counts[i, j]`: moves from state i to state j; state 0 is the start, then the channels, then conversion and
    null, of which no moves start. One effect per channel, from 0 to 1; all 0 where nothing converts.
    """
    channels = len(counts) - 3
    moves = counts[: channels + 1].astype(np.float64)
    leaving = moves.sum(axis=1, keepdims=True)
    chance = np.divide(moves, leaving, out=np.zeros_like(moves), where=leaving > 0)
    fundamental = np.linalg.inv(np.eye(channels + 1) - chance[:, : channels + 1])
    converts = fundamental @ chance[:, channels + 1]
    if channels == 0 or converts[0] <= 0:
        return np.zeros(channels)
    visits = fundamental[0, 1:] / np.diagonal(fundamental)[1:]
    effects: Ints = visits * converts[1:] / converts[0]
    return effects


def shares(counts: Ints) -> Ints:
    """The removal effects, scaled to add up to one; all 0 where nothing converts."""
    effects = removal_effects(counts)
    whole = effects.sum()
    result: Ints = effects / whole if whole > 0 else effects
    return result
