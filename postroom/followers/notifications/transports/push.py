"""Tell browsers through the push services of their makers (RFC 8030)."""

from datetime import timedelta

from postroom.core.outbox.patience import wait_before
from postroom.followers.notifications import claiming
from postroom.followers.notifications.models import TRIAL, PushDevice, Telling
from postroom.followers.notifications.push_key import contact, private_key
from postroom.followers.notifications.pushed import Push, pushed
from postroom.followers.notifications.quiet import next_moment
from postroom.followers.notifications.read import still_news
from postroom.followers.notifications.tell import choices_of
from postroom.lib import clock
from postroom.lib.http import Answer, Unreachable, post_bytes
from postroom.lib.killpoint import killpoint
from postroom.lib.sealing import SealBroken
from postroom.lib.web_push import Keys, NoSuchBrowser, authorization, encrypt

# How long a push service keeps it for a browser that is switched off.
_KEPT = timedelta(hours=12)
_GONE = (404, 410)


def push_next() -> bool:
    """Send the next push that is due; False when there is none. The network is used outside any transaction."""
    first = claiming.claim(by_push=True)
    if first is None:
        return False
    killpoint("after_push_lease")
    tellings = [first, *claiming.claim_others(first)]
    user, device, now = first.notification.user, first.device, clock.now()
    fresh = [one for one in tellings if still_news(one.notification)]
    claiming.over([one for one in tellings if one not in fresh])
    if not fresh or device is None or device.session.expire_date <= now:
        claiming.over(fresh)
        return True
    choices = choices_of(user)
    # A trial is asked for by somebody who waits for it.
    is_trial = any(one.notification.reason == TRIAL for one in fresh)
    moment = now if is_trial else next_moment(user, choices, now=now)
    if moment is None:
        claiming.over(fresh)
    elif moment > now:
        claiming.wait_until(fresh, moment)
    else:
        _send(device, pushed([one.notification for one in fresh], choices), fresh)
    return True


def _send(device: PushDevice, push: Push, tellings: list[Telling]) -> None:
    try:
        answer = _post(device, push)
    except Unreachable as trouble:
        _failed(device, tellings, f"The push service did not answer. {trouble}")
        return
    except (SealBroken, NoSuchBrowser) as trouble:
        claiming.told(device, problem=str(trouble))
        claiming.over(tellings)
        return
    killpoint("after_push")
    if answer.status in _GONE:
        # The browser let go of it: its row, and with it what was on its way, is no use any more.
        device.delete()
    elif 200 <= answer.status < 300:
        claiming.told(device, problem="")
        claiming.over(tellings)
    elif answer.status == 429 or answer.status >= 500:
        _failed(device, tellings, f"The push service is busy ({answer.status}).", seconds=answer.retry_after)
    else:
        # Asking again would end the same way.
        claiming.told(device, problem=f"The push service refused it ({answer.status}). {answer.text[:200]}".strip())
        claiming.over(tellings)


def _post(device: PushDevice, push: Push) -> Answer:
    headers = {
        "Authorization": authorization(device.endpoint, private=private_key(), contact=contact(), now=clock.now()),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(_KEPT.total_seconds())),
        "Topic": push.topic,
        "Urgency": "normal",
    }
    body = encrypt(push.message, to=Keys(device.p256dh, device.auth))
    return post_bytes(device.endpoint, body=body, headers=headers)


def _failed(device: PushDevice, tellings: list[Telling], problem: str, *, seconds: int = 0) -> None:
    claiming.told(device, problem=problem)
    wait = wait_before(max(one.tries for one in tellings) + 1)
    claiming.put_off(tellings, wait=max(wait, timedelta(seconds=seconds)) if wait else None)
