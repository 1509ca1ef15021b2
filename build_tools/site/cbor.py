"""Just as much of CBOR (RFC 8949) as Pagefind's files are made of: counts, texts, lists, simple values."""

from __future__ import annotations

from typing import Any

_COUNT, _TEXT, _LIST, _SIMPLE = 0, 3, 4, 7
_WIDTHS = {24: 1, 25: 2, 26: 4, 27: 8}


def decode(data: bytes) -> Any:
    """The one item of the data: an int, str or list; a simple value or float as its own bytes.

    Raises ValueError for anything else.
    """
    item, end = _item(data, 0)
    if end != len(data):
        raise ValueError("more than one CBOR item")
    return item


def _item(data: bytes, at: int) -> tuple[Any, int]:
    if at >= len(data):
        raise ValueError("CBOR that ends too early")
    kind, short = data[at] >> 5, data[at] & 31
    width = _WIDTHS.get(short, 0)
    if kind not in (_COUNT, _TEXT, _LIST, _SIMPLE) or short > 27:
        raise ValueError("CBOR of a kind that is not known here")
    end = at + 1 + width
    if kind == _SIMPLE:
        return data[at:end], end
    number = int.from_bytes(data[at + 1 : end], "big") if width else short
    if kind == _TEXT:
        return data[end : end + number].decode(), end + number
    if kind == _COUNT:
        return number, end
    items = []
    for _ in range(number):
        item, end = _item(data, end)
        items.append(item)
    return items, end


def encode(item: Any) -> bytes:
    """The item as its shortest CBOR."""
    if isinstance(item, bytes):
        return item
    if isinstance(item, str):
        data = item.encode()
        return _head(_TEXT, len(data)) + data
    if isinstance(item, list):
        return _head(_LIST, len(item)) + b"".join(map(encode, item))
    return _head(_COUNT, item)


def _head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes([kind << 5 | number])
    short, width = next((short, width) for short, width in _WIDTHS.items() if number < 1 << 8 * width)
    return bytes([kind << 5 | short]) + number.to_bytes(width, "big")
