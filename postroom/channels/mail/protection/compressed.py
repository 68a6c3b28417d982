"""Unpack S/MIME's CompressedData (RFC 3274)."""

import zlib

from asn1crypto import cms

from postroom.channels.mail.protection.verdict import TooLarge


def is_compressed(der: bytes) -> bool:
    """Tell whether the bytes are CompressedData."""
    return bool(cms.ContentInfo.load(der)["content_type"].native == "compressed_data")


def uncompressed(der: bytes, *, most: int) -> bytes:
    """Return the content; ValueError when it is damaged, TooLarge when it has more than `most` bytes."""
    packed = cms.ContentInfo.load(der)["content"]["encap_content_info"]["content"].native
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(bytes(packed), most)
    except zlib.error as broken:
        raise ValueError(str(broken)) from None
    if unpacker.unconsumed_tail:
        raise TooLarge("a compressed part is larger than any mail")
    return content
