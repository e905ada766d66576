"""One text for one value: how values that came from YAML are stored and compared.

The text is JSON with sorted keys.  What JSON cannot hold (timestamps, keys that are not strings) is
put into a tagged list whose first item starts with NUL; a list that begins like one is tagged itself.
Two values have the same text exactly if they are equal and of the same types: 1 and 1.0 differ, as they
do for score-compose (case resources-27-shared-id-params-int-float).
"""

from __future__ import annotations

from doit_score.text.light import TYPE_CHECKING, sha256

if TYPE_CHECKING:
    from json import JSONEncoder

_TIME = "\0time"
_DATE = "\0date"
_MAP = "\0map"
_LIST = "\0list"

_encoder: JSONEncoder | None = None


def encode(value: object) -> str:
    """The canonical text of ``value``: None, bool, int, float, str, timestamps, lists and dicts of them.

    Raises TypeError for anything else: a value of another type has not come from YAML.
    """
    # `json` is not imported for what most values of an unchanged project are.
    if not value and isinstance(value, (dict, list, tuple)):
        return "{}" if isinstance(value, dict) else "[]"
    return _encoded(_pack(value))


def _encoded(packed: object) -> str:
    global _encoder
    if _encoder is None:
        import json

        _encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return _encoder.encode(packed)


def decode(text: str) -> object:
    """The value that :func:`encode` made ``text`` of."""
    if text in ("{}", "[]"):
        return {} if text == "{}" else []
    import json

    return _unpack(json.loads(text)) if "\\u0000" in text else json.loads(text)


def mapping(text: str) -> dict[str, object]:
    """As :func:`decode`, for a text that is known to be of a mapping with string keys."""
    value = decode(text)
    if not isinstance(value, dict):
        raise TypeError(f"expected a mapping, found {type(value).__name__}")
    return value


def items(text: str) -> list[object]:
    """As :func:`decode`, for a text that is known to be of a list."""
    value = decode(text)
    if not isinstance(value, list):
        raise TypeError(f"expected a list, found {type(value).__name__}")
    return value


def texts(text: str) -> tuple[str, ...]:
    """As :func:`decode`, for a text that is known to be of a list of texts."""
    return tuple(map(str, items(text)))


def digest(*parts: str) -> str:
    """A short name for a sequence of texts: different sequences have different names."""
    packed = "".join(f"{len(part)}:{part}" for part in parts)
    return sha256(packed.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _pack(value: object) -> object:
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, dict):
        if all(type(key) is str for key in value):
            return {key: item if type(item) is str else _pack(item) for key, item in value.items()}
        pairs = [[_pack(key), _pack(item)] for key, item in value.items()]
        return [_MAP, sorted(pairs, key=lambda pair: _encoded(pair[0]))]
    if isinstance(value, (list, tuple)):
        packed = [item if type(item) is str else _pack(item) for item in value]
        tagged = packed and isinstance(packed[0], str) and packed[0].startswith("\0")
        return [_LIST, packed] if tagged else packed
    import datetime

    if isinstance(value, datetime.datetime):
        return [_TIME, value.isoformat()]
    if isinstance(value, datetime.date):
        return [_DATE, value.isoformat()]
    raise TypeError(f"no canonical text for a value of type {type(value).__name__}")


def _unpack(value: object) -> object:
    if isinstance(value, dict):
        return {key: _unpack(item) for key, item in value.items()}
    if not isinstance(value, list):
        return value
    if len(value) == 2 and isinstance(value[0], str) and value[0].startswith("\0"):
        import datetime

        tag, inner = value
        if tag == _TIME:
            return datetime.datetime.fromisoformat(inner)
        if tag == _DATE:
            return datetime.date.fromisoformat(inner)
        if tag == _LIST:
            return [_unpack(item) for item in inner]
        return {_unpack(key): _unpack(item) for key, item in inner}
    return [_unpack(item) for item in value]
