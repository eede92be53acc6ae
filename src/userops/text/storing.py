"""Learned models as bytes and back: arrays and JSON, nothing that could run when it is read."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np

from userops.text.classifying import Learned, Plane, counting
from userops.text.embedding import Meaning
from userops.text.measuring import Measured, OfLabel, Surest
from userops.text.topics import TopicModel


def learned_to_bytes(learned: Learned) -> bytes:
    words = learned.vectorizer.get_feature_names_out().tolist()
    about = {"labels": learned.labels, "measured": learned.measured.as_dict(), "words": words}
    return _packed(
        about,
        idf=learned.vectorizer.idf_,
        weight=learned.plane.weight,
        constant=learned.plane.constant,
        slope=learned.slope,
        shift=learned.shift,
        **({} if learned.plane.square is None else {"square": learned.plane.square}),
    )


def learned_from_bytes(data: bytes) -> Learned:
    about, arrays = _unpacked(data)
    vectorizer = counting(vocabulary={word: at for at, word in enumerate(about["words"])})
    vectorizer.idf_ = arrays["idf"]
    plane = Plane(arrays["weight"], arrays["constant"], arrays.get("square"))
    measured = measured_from(about["measured"])
    labels = tuple(about["labels"])
    return Learned(labels, measured, vectorizer, plane, arrays["slope"], arrays["shift"])


def measured_from(about: dict[str, Any]) -> Measured:
    """What `Measured.as_dict` wrote."""
    given = {name: about[name] for name in Measured.__dataclass_fields__}
    given["auto"] = _surest(about["auto"]) if about["auto"] else None
    given["surest"] = tuple(map(_surest, about["surest"]))
    given["labels"] = tuple(OfLabel(**each) for each in about["labels"])
    given["confused"] = tuple((a, b, n) for a, b, n in about["confused"])
    return Measured(**given)


def _surest(about: dict[str, Any]) -> Surest:
    return Surest(**{name: about[name] for name in Surest.__dataclass_fields__})


def topics_to_bytes(model: TopicModel) -> bytes:
    meaning = model.meaning
    return _packed(
        {"words": list(meaning.vocabulary)},
        idf=meaning.idf,
        vectors=meaning.vectors.astype(np.float32),
        shared=meaning.shared,
        middles=model.middles.astype(np.float32),
    )


def topics_from_bytes(data: bytes) -> TopicModel:
    about, arrays = _unpacked(data)
    vocabulary = {word: at for at, word in enumerate(about["words"])}
    meaning = Meaning(vocabulary, arrays["idf"], arrays["vectors"], arrays["shared"])
    return TopicModel(meaning, arrays["middles"])


def _packed(about: dict[str, Any], **arrays: Any) -> bytes:
    buffer = io.BytesIO()
    written = np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), dtype=np.uint8)
    np.savez_compressed(buffer, about=written, **arrays)
    return buffer.getvalue()


def _unpacked(data: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    with np.load(io.BytesIO(data), allow_pickle=False) as found:
        arrays = {name: found[name] for name in found.files}
    return json.loads(arrays.pop("about").tobytes()), arrays
