"""The example of RFC 8291 comes out byte by byte, and what is no key is refused."""

import base64

import pytest

from postroom.lib import web_push
from postroom.lib.web_push import Keys, NoSuchBrowser, encrypt

# RFC 8291, appendix A.
_TO = Keys(
    p256dh="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    auth="BTBZMqHH6r4Tts7J_aSIgg",
)
_OWN = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
_SALT = "DGv6ra1nlYgDCS1FRnbzlw"
_BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_the_standards_example_is_sealed_as_the_standard_has_it() -> None:
    message = b"When I grow up, I want to be a watermelon"
    body = encrypt(message, to=_TO, salt=_bytes(_SALT), own=web_push.private_key(_OWN))
    assert web_push.encoded(body) == _BODY


def test_no_two_messages_are_sealed_alike_and_none_is_longer_than_services_take() -> None:
    first, second = (encrypt(b"x" * 9000, to=_TO) for _ in range(2))
    assert first != second
    assert len(first) == 4096


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", ""),
        (_TO.p256dh, ""),
        (_TO.p256dh, "AAAA"),
        ("BCVxsr7N", _TO.auth),
        ("B" * 87, _TO.auth),
        ("ä" * 40, "ö" * 9),
    ],
)
def test_what_is_no_key_of_a_browser_is_refused(p256dh: str, auth: str) -> None:
    assert not web_push.are_good(Keys(p256dh, auth))
    with pytest.raises(NoSuchBrowser):
        encrypt(b"x", to=Keys(p256dh, auth))
