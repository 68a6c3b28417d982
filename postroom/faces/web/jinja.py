"""The Jinja2 environment of all pages."""

from collections.abc import Callable
from typing import Any

from django.templatetags.static import static
from django.utils.translation import get_language, get_language_bidi, gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from postroom.core.accounts import devices, permissions
from postroom.core.accounts.api_tokens import tokens_of
from postroom.core.accounts.second_factors import second_factors_of
from postroom.core.conversations.links import links_of
from postroom.core.conversations.state import State
from postroom.faces.web import (
    absences,
    alarms,
    audit_door,
    automatic_words,
    bodies,
    composing,
    demo,
    draft_strip,
    evidence,
    fates,
    files,
    first_steps,
    icons,
    loop_notice,
    mailbox_keys,
    open_sessions,
    preferences,
    protections,
    rights,
    role_words,
    script_nonces,
    senders,
    settings_tabs,
    sidebar_links,
    told,
    words,
)
from postroom.faces.web.drawing import assets
from postroom.faces.web.drawing.compiling import PageEnvironment
from postroom.faces.web.faces import avatar
from postroom.faces.web.follows import follows
from postroom.faces.web.naming_pages import address
from postroom.faces.web.sign_on import by_password
from postroom.faces.web.signing_in.due import reminder
from postroom.faces.web.still import still
from postroom.faces.web.time_in_pages import OF_THE_MINUTE, TIME_IN_PAGES


def said(sentence: str, **values: object) -> Markup:
    """Return a sentence in the reader's language; the values are escaped, the sentence is not: it is ours."""
    return Markup(gettext(sentence)) % values  # noqa: S704


# Functions of their arguments, the language and nothing else: worked out once where a template names no variable.
_PLAIN: dict[str, Callable[..., object]] = {
    "_": said,
    "url": address,
    "static": static,
    "icon": icons.icon,
    "avatar": avatar,
    "sidebar_link": sidebar_links.link,
    "sheet": assets.sheet_address,
    "script": assets.script_address,
}

# What else a kept part may show: the same for this minute, but for the language and the reader's time zone.
_FIXED: dict[str, object] = {
    "priority_words": words.PRIORITY_WORDS,
    "status_words": words.STATUS_WORDS,
    **OF_THE_MINUTE,
}


def environment(**options: Any) -> Environment:
    """Return the environment that Django's template backend asks for."""
    extensions = ["jinja2.ext.i18n", script_nonces.ScriptNonces]
    options.update(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, extensions=extensions)
    made = PageEnvironment(plain=_PLAIN, fixed=_FIXED, **options)
    made.policies["ext.i18n.trimmed"] = True
    made.add_extension("jinja2.ext.do")
    _speak(made)
    made.globals["_"] = said
    _offer(made)
    made.filters.update(_filters())
    return made


def _offer(made: Environment) -> None:
    made.globals.update(
        still=still,
        script_nonce=script_nonces.script_nonce,
        preferences=preferences.of,
        is_demo=demo.is_demo,
        first_steps=first_steps.first_steps,
        body_of=bodies.body,
        may=permissions.may,
        rights_here=rights.rights_here,
        writes_somewhere=rights.writes_somewhere,
        follows=follows,
        role_word=role_words.role_word,
        sign_on_providers=by_password.providers_with_buttons,
        sign_on_providers_of=by_password.providers_of,
        settings_tabs=settings_tabs.settings_tabs,
        protection_of=protections.lines,
        sender_of=senders.lines,
        file_address=files.address,
        keys_of=mailbox_keys.keys_of,
        fates_of=fates.fates,
        loop_of=loop_notice.loop_of,
        automatic_words=automatic_words.AUTOMATIC_WORDS,
        composing_of=composing.composing,
        state_of=State.of,
        absence_now=absences.absence_now,
        away_words=absences.away_words,
        drafts_beside=draft_strip.beside,
        draft_marks=draft_strip.listed,
        offer_of=evidence.offer,
        second_factors_of=second_factors_of,
        second_factor_reminder=reminder,
        alarm_title=alarms.title,
        alarm_view=alarms.view,
        may_audit=audit_door.may_audit,
        told_sentence=told.sentence,
        told_icons=told.ICONS,
        kind_words=told.KIND_WORDS,
        way_words=told.WAY_WORDS,
        links_of=links_of,
        open_sessions=open_sessions.open_sessions,
        api_tokens_of=tokens_of,
        device_words=devices.device_words,
        place_words=devices.place_words,
        language=get_language,
        right_to_left=get_language_bidi,
        **TIME_IN_PAGES,
    )


def _filters() -> dict[str, Callable[..., object]]:
    return {
        # A sentence that was stored in English, in the reader's language.
        "translated": gettext,
        "ago": words.ago,
        "exact": words.exact,
        "moment": words.moment,
        "clock": words.short_time,
        "until": words.until,
        "iso": words.iso,
        "day": words.calendar_day,
        "waits": words.waits,
        "size": words.size,
        "number": words.number,
        "short_day": words.short_day,
        "people": words.people,
        "addresses": words.addresses,
        "initials": words.initials,
        "hue": words.hue,
    }


def _speak(made: Environment) -> None:
    # newstyle: {{ _("Hello %(name)s", name=x) }} escapes the name and not the sentence.
    install: Any = made.install_gettext_callables  # type: ignore[attr-defined]
    install(gettext=gettext, ngettext=ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext)
