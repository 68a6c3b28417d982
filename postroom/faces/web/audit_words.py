"""Each action of the audit log as a sentence. An action that has none is shown as its code.

`%(who)s` did it, `%(name)s` is whom or what it was done to, `%(mailbox)s` the mailbox's address.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

READINGS: Mapping[str, str | Promise] = {
    "conversation.read": _("%(who)s opened the conversation %(name)s."),
    "conversation.fetched_ahead": _("%(who)s’s browser fetched the conversation %(name)s ahead."),
    "attachment.read": _("%(who)s opened a file of the conversation %(name)s."),
    "attached_mail.read": _("%(who)s opened a mail that is attached in the conversation %(name)s."),
    "raw_mail.read": _("%(who)s took out an original mail of the conversation %(name)s."),
    "ledger_mail.read": _("%(who)s opened a mail in the ledger of %(mailbox)s."),
    "audit.read": _("%(who)s looked into the audit log."),
    "audit.exported": _("%(who)s exported the audit log."),
    "mailbox.exported": _("%(who)s exported everything that %(name)s holds."),
    "history.imported": _("%(who)s brought old mail into %(mailbox)s."),
    "sensitive.glass_broken": _("%(who)s opened the sensitive conversation %(name)s without being named in it."),
}
SIGNING_IN: Mapping[str, str | Promise] = {
    "sign_in.done": _("%(who)s signed in."),
    "sign_in.refused": _("A sign-in as %(name)s was refused."),
    "sign_in.proven": _("%(who)s showed again who they are."),
    "sign_in.break_glass": _("%(who)s signed in with a password that is kept for emergencies."),
    "sign_in.linked": _("%(who)s linked the sign-in of another provider with %(name)s."),
    "sign_in.unlinked": _("%(who)s ended the link of another provider’s sign-in with %(name)s."),
    "sign_in.provider_added": _("%(who)s added the single sign-on %(name)s."),
    "sign_in.provider_changed": _("%(who)s changed the single sign-on %(name)s."),
    "sign_in.provider_removed": _("%(who)s removed the single sign-on %(name)s."),
    "sign_out.done": _("%(who)s signed out."),
    "second_factor.added": _("%(who)s added a second factor for %(name)s."),
    "second_factor.removed": _("%(who)s removed a second factor of %(name)s."),
    "second_factor.renamed": _("%(who)s renamed a second factor of %(name)s."),
    "second_factor.refused": _("A second factor of %(name)s was refused."),
    "second_factor.reset": _("%(who)s took away all second factors of %(name)s."),
    "recovery_code.used": _("%(who)s used a recovery code."),
    "recovery_codes.made": _("%(who)s made new recovery codes."),
    "sessions.ended": _("%(who)s ended sessions of %(name)s."),
}
PEOPLE: Mapping[str, str | Promise] = {
    "person.added": _("%(who)s added %(name)s."),
    "person.invited": _("%(who)s invited %(name)s."),
    "person.invitation_withdrawn": _("%(who)s withdrew the invitation of %(name)s."),
    "person.joined": _("%(name)s accepted their invitation."),
    "person.deactivated": _("%(who)s deactivated %(name)s."),
    "person.reactivated": _("%(who)s reactivated %(name)s."),
    "person.away": _("%(who)s said that %(name)s is away."),
    "person.back": _("%(who)s said that %(name)s is back."),
    "person.profile": _("%(who)s changed the profile of %(name)s."),
    "person.password": _("%(who)s changed the password of %(name)s."),
    "person.photo": _("%(who)s changed the photo of %(name)s."),
    "person.signature": _("%(who)s changed how %(name)s signs in %(mailbox)s."),
    "person.directory": _("%(who)s changed %(name)s as the directory of people says."),
    "team.directory": _("%(who)s noted what the directory of people calls the team %(name)s."),
    "directory.token_made": _("%(who)s let the directory %(name)s in."),
    "directory.token_ended": _("%(who)s lets the directory %(name)s in no longer."),
    "api_token.made": _("%(who)s made the API token %(name)s."),
    "api_token.ended": _("%(who)s ended the API token %(name)s."),
    "role.added": _("%(who)s made the role %(name)s."),
    "role.changed": _("%(who)s gave %(name)s another role."),
    "role.redefined": _("%(who)s changed what the role %(name)s allows."),
    "role.deleted": _("%(who)s deleted the role %(name)s."),
    "team.added": _("%(who)s made the team %(name)s."),
    "team.renamed": _("%(who)s renamed the team %(name)s."),
    "team.members": _("%(who)s changed who is in the team %(name)s."),
    "team.deleted": _("%(who)s deleted the team %(name)s."),
    "mailbox.access": _("%(who)s changed what %(name)s may do in %(mailbox)s."),
}
SECURITY: Mapping[str, str | Promise] = {
    "security.changed": _("%(who)s changed how people sign in."),
    "security.hosts": _("%(who)s changed which hosts inside the network may be asked."),
    "security.password_sign_in": _("%(who)s changed whether people sign in with a password."),
    "security.break_glass": _("%(who)s changed whether %(name)s may sign in with a password in an emergency."),
    "secrets.change_begun": _("%(who)s began to change the key that seals the secrets."),
    "secrets.changed": _("%(who)s changed the key that seals the secrets."),
    "sensitive.marked": _("%(who)s marked the conversation %(name)s as sensitive."),
    "sensitive.unmarked": _("%(who)s marked the conversation %(name)s as not sensitive any more."),
    "sensitive.named": _("%(who)s changed who is named in the sensitive conversation %(name)s."),
    "mailbox.naming": _("%(who)s changed who is named in new conversations of %(name)s."),
    "audit.head_renewed": _("%(who)s let the audit log begin anew from the end of the present database."),
    "audit.erased": _("%(who)s took personal values out of old entries."),
}
MAILBOXES: Mapping[str, str | Promise] = {
    "setup.done": _("%(who)s set up this Postroom."),
    "demo.made": _("%(who)s made the demo team."),
    "letters.mailbox": _("%(who)s changed which mailbox sends Postroom’s own letters."),
    "mailbox.added": _("%(who)s added the mailbox %(name)s."),
    "mailbox.changed": _("%(who)s changed the mailbox %(name)s."),
    "mailbox.fetching": _("%(who)s changed how the mail of %(mailbox)s is fetched."),
    "mailbox.fetching_stopped": _("%(who)s stopped fetching the mail of %(mailbox)s."),
    "mailbox.outgoing": _("%(who)s changed the server that sends for %(mailbox)s."),
    "mailbox.outgoing_stopped": _("%(who)s let the replies of %(mailbox)s wait."),
    "mailbox.sending_rules": _("%(who)s changed how much %(mailbox)s sends, and what is kept of it."),
    "mailbox.spare_removed": _("%(who)s removed the spare server of %(mailbox)s."),
    "mailbox.signing": _("%(who)s changed whether the mail of %(mailbox)s is signed."),
    "mailbox.signing_key_made": _("%(who)s made a signing key for %(mailbox)s."),
    "mailbox.signing_key_removed": _("%(who)s removed the signing key of %(mailbox)s."),
    "mailbox.sign_in": _("%(who)s let %(mailbox)s sign in at a mail provider."),
    "mailbox.compared": _("%(who)s had the servers of %(mailbox)s counted."),
    "mail_key.added": _("%(who)s added a key to %(mailbox)s: %(name)s."),
    "mail_key.removed": _("%(who)s removed a key of %(mailbox)s: %(name)s."),
    "mail_provider.added": _("%(who)s added the mail provider %(name)s."),
    "mail_provider.changed": _("%(who)s changed the mail provider %(name)s."),
    "mail_provider.removed": _("%(who)s removed the mail provider %(name)s."),
    "ledger_mail.read_again": _("%(who)s had a mail of %(mailbox)s read again."),
    "ledger_mail.filed": _("%(who)s filed a mail of %(mailbox)s by hand."),
    "ledger_mail.taken_back": _("%(who)s put a mail of %(mailbox)s aside again."),
    "ledger_mail.fetched_again": _("%(who)s asked the server of %(mailbox)s again for a mail it did not give."),
    "history.brought": _("%(who)s brought old mail for %(mailbox)s, to be counted first."),
    "history.paused": _("%(who)s paused taking old mail into %(mailbox)s."),
    "history.gone_on": _("%(who)s went on taking old mail into %(mailbox)s."),
    "history.dropped": _("%(who)s dropped old mail that was brought for %(mailbox)s."),
}
VIEWS: Mapping[str, str | Promise] = {
    "trash.emptied": _("%(who)s deleted conversations in the trash of %(name)s for good."),
    "trash.rule_changed": _("%(who)s changed when the trash of %(name)s is emptied."),
    "view.shared": _("%(who)s shared the view %(name)s."),
    "view.unshared": _("%(who)s shares the view %(name)s no longer."),
    "view.changed": _("%(who)s changed the shared view %(name)s."),
    "view.deleted": _("%(who)s deleted the shared view %(name)s."),
}
SENTENCES: Mapping[str, str | Promise] = {**READINGS, **SIGNING_IN, **PEOPLE, **SECURITY, **MAILBOXES, **VIEWS}

KIND_WORDS: Mapping[str, str | Promise] = {
    "reading": _("Everything that was opened"),
    "moving": _("Everything taken out or brought in"),
    "signing_in": _("Everything about signing in"),
    "changing": _("Every change of settings and people"),
}

# Of what a change tells; what is not here is shown by its own name.
FIELD_WORDS: Mapping[str, str | Promise] = {
    "access_level": _("Level"),
    "account": _("Account"),
    "active": _("Active"),
    "address": _("Address"),
    "allow_list": _("Allowed networks"),
    "allowed_hosts": _("Hosts in your own network"),
    "answers": _("May answer"),
    "answers_by_mail": _("People may answer customers by mail"),
    "api_tokens": _("People may make API tokens"),
    "archive": _("File"),
    "columns": _("Shown beside the usual"),
    "condition": _("Condition"),
    "count": _("How many"),
    "density": _("Density"),
    "device": _("Device"),
    "devices": _("Device"),
    "email": _("Address"),
    "expires_at": _("Good until"),
    "external_id": _("Id in the directory"),
    "folder": _("Folder"),
    "for_all": _("For everybody"),
    "format": _("Form"),
    "from": _("Network address"),
    "from_name": _("Name before the address"),
    "given_to": _("Given to"),
    "host": _("Server"),
    "how": _("By what"),
    "kind": _("Kind"),
    "kinds": _("Kind"),
    "language": _("Language"),
    "level": _("Level"),
    "members": _("Members"),
    "minute": _("Minute (UTC)"),
    "name": _("Name"),
    "on": _("On"),
    "open_conversations": _("Open conversations"),
    "own": _("Own signature"),
    "password": _("Password"),
    "people": _("People"),
    "person": _("Person"),
    "permissions": _("Permissions"),
    "port": _("Port"),
    "provider": _("Provider"),
    "role": _("Role"),
    "second_factor": _("Second factor"),
    "second_factor_by": _("From this day on"),
    "session_days": _("Days at most"),
    "session_idle_minutes": _("Minutes idle"),
    "signature": _("Signature"),
    "sort": _("Order"),
    "team": _("Team"),
    "time_zone": _("Time zone"),
    "tries": _("Tries"),
    "until": _("Until"),
    "username": _("User name"),
    "why": _("Reason"),
    "words_in_letters": _("Letters say what the customer wrote"),
}

# By what somebody signed in: parts of it, joined with a plus. A provider stands there by its own name.
HOW_WORDS: Mapping[str, str | Promise] = {
    "code": _("code of the app"),
    "demo": _("demo"),
    "invitation": _("invitation"),
    "passkey": _("passkey"),
    "password": _("password"),
    "recovery code": _("recovery code"),
    "setup": _("set-up link"),
}


def plain(action: str) -> str:
    """Return what an action is called in a list to choose from, without who and what."""
    sentence = SENTENCES.get(action)
    if sentence is None:
        return action
    return str(sentence) % {"who": "…", "name": "…", "mailbox": "…"}
