import pytest

from postroom.channels.mail.subjects import base_subject, is_forward_subject


@pytest.mark.parametrize(
    "subject",
    [
        "Lamp", "Re: Lamp", "RE: FW: Lamp", "AW: WG: Lamp", "TR : Lamp", "Re[2]: Lamp", "Re^3: Lamp", "SV: VS: Lamp",
        "Odp: Lamp",
        "Rif: R: Lamp", "回复：Lamp", "转发: Lamp", "Antw: Lamp", "ENC: RES: Lamp", "YNT: Lamp", "Lamp (fwd)",
        "[Fwd: Lamp]", "Ответ: Lamp", "Re:Re:Re: Lamp",
    ],
)  # fmt: skip
def test_the_marks_of_mail_programs_fall_away(subject: str) -> None:
    assert base_subject(subject) == "Lamp"


@pytest.mark.parametrize("subject", ["Reply wanted: lamp", "Order 12: lamp", "Tree: lamp", "Re lamp", "Area: lamp"])
def test_a_subject_that_only_looks_marked_stays(subject: str) -> None:
    assert base_subject(subject) == subject


def test_only_forward_marks_forward() -> None:
    assert is_forward_subject("Fwd: Lamp")
    assert is_forward_subject("WG: Lamp")
    assert not is_forward_subject("Re: Lamp")
