"""Unpack S/MIME's CompressedData (RFC 3274)."""

import zlib

from asn1crypto import cms

# No mail says more in its text and files together; beyond it is a bomb.
_MAX_SIZE = 64 * 1024 * 1024


def is_compressed(der: bytes) -> bool:
    """Tell whether the bytes are CompressedData."""
    return bool(cms.ContentInfo.load(der)["content_type"].native == "compressed_data")


def uncompressed(der: bytes) -> bytes:
    """Return the content; ValueError when it is damaged or larger than any mail."""
    packed = cms.ContentInfo.load(der)["content"]["encap_content_info"]["content"].native
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(bytes(packed), _MAX_SIZE)
    except zlib.error as broken:
        raise ValueError(str(broken)) from None
    if unpacker.unconsumed_tail:
        raise ValueError("too large")
    return content
