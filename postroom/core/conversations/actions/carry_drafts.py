from postroom.core.conversations.models import Conversation, Draft


def carry_drafts(source: Conversation, *, into: Conversation) -> None:
    """Take the drafts along when a conversation is merged, as a part of that.

    Where somebody has a draft in both, the two texts become one; a second shared one becomes its holder's own.
    """
    for draft in Draft.objects.filter(conversation=source).order_by("pk"):
        there = Draft.objects.filter(conversation=into)
        shared = draft.shared and not there.filter(shared=True).exists()
        own = there.filter(shared=False, author=draft.author_id, mode=draft.mode, about=draft.about).first()
        if own is None or shared:
            Draft.objects.filter(pk=draft.pk).update(conversation=into, mailbox_id=into.mailbox_id, shared=shared)
            continue
        own.untrusted_html += f"<div><br></div>{draft.untrusted_html}"
        own.files = [*own.files, *draft.files]
        own.version += 1
        own.save(update_fields=["untrusted_html", "files", "version"])
        draft.delete()
