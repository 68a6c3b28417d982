"""A password is long and not the first that somebody would try; how it is spelt is no concern."""

import pytest
from django.contrib.auth.hashers import make_password

from postroom.core.accounts.actions.people import PersonRefused, check_password
from postroom.core.accounts.models import Mailbox, User


@pytest.mark.parametrize(
    "password",
    [
        "short one",
        "password123!",
        "Football2024!!",
        "1234567890",
        "qwertyuiop",
        "aaaaaaaaaaaaaaaa",
        "abababababab",
        "PostRoom-2026!",
        "alice.peeters",
        "AlicePeeters1999",
        "support@velo.example",
        "velosupport2026",
        "p" * 1001,
        # Full-width letters are the same letters.
        "ｐａｓｓｗｏｒｄ１２３",
    ],
)
def test_what_somebody_would_try_first_is_refused(mailbox: Mailbox, password: str) -> None:
    person = User(name="Alice Peeters", email="alice@team.example")
    with pytest.raises(PersonRefused) as refused:
        check_password(password, person=person)
    assert str(refused.value)


@pytest.mark.parametrize(
    "password",
    [
        "a long enough password",
        "four yellow bicycles",
        "83920174650193",
        "correcthorsebattery",
        "Postroom eats biscuits",
        "пять жёлтых велосипедов",
        "五台黄色的自行车在雨中骑行",
        "éàüöß ñandú œuvre",
        "x" * 3 + "y" * 300 + "zw",
    ],
)
def test_length_is_what_counts(mailbox: Mailbox, password: str) -> None:
    check_password(password, person=User(name="Alice Peeters", email="alice@team.example"))


def test_a_password_is_the_same_from_every_keyboard_and_older_hashes_still_hold(alice: User) -> None:
    composed, decomposed = "caf\u00e9 au lait \ufb01n", "cafe\u0301 au lait fin"
    alice.set_password(composed)
    assert alice.check_password(decomposed)
    assert alice.check_password(composed)
    assert not alice.check_password("cafe au lait fin")
    # As an older version kept it: as it was typed.
    alice.password = make_password(decomposed)
    assert alice.check_password(decomposed)
    alice.password = make_password(composed)
    assert alice.check_password(composed)
