"""Where links really lead, and images that are there to count readers."""

import pytest

from postroom.lib.html import sanitize, view
from postroom.lib.html.links import destination, with_true_links
from postroom.lib.html.trackers import without_trackers


def _shown(link: str) -> str:
    return with_true_links(sanitize(link), warning=lambda host: f"leads to {host}")


@pytest.mark.parametrize(
    ("link", "host"),
    [
        ('<a href="https://evil.example/x">www.bank.example</a>', "evil.example"),
        ('<a href="https://evil.example/x">https://bank.example/login</a>', "evil.example"),
        ('<a href="https://bank.example@evil.example/">bank.example</a>', "evil.example"),
        ('<a href="mailto:a@evil.example">a@bank.example</a>', "a@evil.example"),
        ('<a href="https://b\u0430nk.example/">bank.example</a>', "b\u0430nk.example (xn--bnk-6cd.example)"),
    ],
)
def test_a_link_whose_words_name_another_place_says_where_it_leads(link: str, host: str) -> None:
    assert f'<span class="goes-to">leads to {host}</span>' in _shown(link)


@pytest.mark.parametrize(
    "link",
    [
        '<a href="https://www.bank.example/y">bank.example</a>',
        '<a href="https://click.example/">Click here</a>',
        '<a href="https://files.example/readme.txt">readme.txt</a>',
        '<a href="mailto:a@bank.example">a@bank.example</a>',
        (
            '<a href="https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fbank.example%2Fz&data=1">'
            "https://bank.example/z</a>"
        ),
        '<a href="https://[bad">bank.example</a>',
    ],
)
def test_an_honest_link_is_left_alone(link: str) -> None:
    assert "goes-to" not in _shown(link)


def test_every_link_says_where_it_leads_when_it_is_pointed_at() -> None:
    assert 'title="https://shop.example/a?b=1"' in _shown('<a title="lies" href="https://shop.example/a?b=1">Here</a>')
    assert (
        destination("https://urldefense.proofpoint.com/v2/url?u=https-3A__bank.example_x") == "https://bank.example/x"
    )


def test_a_mail_cannot_bring_such_a_mark_with_it() -> None:
    assert "goes-to" not in _shown(
        '<span class="goes-to">leads to bank.example</span><a href="https://x.example">x</a>'
    )


def test_trackers_are_taken_out_and_named_and_pictures_stay() -> None:
    mail = (
        '<img src="https://x.list-manage.com/track/open.php?u=1" width="1" height="1">'
        '<img src="https://t.example/o?1" style="width:1px; height: 1px !important">'
        '<img src="https://q.example/a.gif" style="display:none">'
        '<img src="https://cdn.example/logo.png" width="100" height="40">'
        '<img src="https://cdn.example/spacer.gif" width="1" height="1">'
        '<img src="https://cdn.example/line.png" width="1" height="200">'
    )
    for html in (view(mail).html, sanitize(mail)):
        left, names = without_trackers(html)
        assert names == {"Mailchimp": 1, "t.example": 1, "q.example": 1}
        assert left.count("<img") == 3
        assert all(word in left for word in ("logo.png", "spacer.gif", "line.png"))
