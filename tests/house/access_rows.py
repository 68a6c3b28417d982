"""The rows of access_table.py about conversations and what lies in them; that file says how to read them."""

ROWS = """
#               stranger owner admin supervisor agent keeper observer looker elsewhere gone waiting

# What is read: by the mailbox's people, and if sensitive by the named.
attached-mail attached-mail-file attached-mail-html attachment attachment-named conversation conversation-head
conversation-messages conversation-panel draft-one drafts evidence joining ledger-mail ledger-raw mentionable message
message-files message-html message-raw preview recipients
    GET  own        in 200 200 200 200 200 200 200 404  in  in
    GET  other      in 404 404 404 404 404 404 404 200  in  in
    GET  sensitive  in 404 404 200 404 404 404 404 404  in  in

# For programs with a token; no session opens it (tests/faces/api/v1 asks with tokens).
api-closure api-conversation api-file api-messages api-notes api-owner api-replies
    GET  own        in  in  in  in  in  in  in  in  in  in  in
    GET  other      in  in  in  in  in  in  in  in  in  in  in
    GET  sensitive  in  in  in  in  in  in  in  in  in  in  in

# Read only by who could change it.
forwarding sensitivity
    GET  own        in 200 200 200 200 200 403 403 404  in  in
    GET  other      in 404 404 404 404 404 404 404 200  in  in
    GET  sensitive  in 404 404 200 404 404 404 404 404  in  in

# Its file is no PDF; tests/faces/web/reading/test_previews.py has one.
preview-page
    GET  own        in 404 404 404 404 404 404 404 404  in  in
    GET  other      in 404 404 404 404 404 404 404 404  in  in
    GET  sensitive  in 404 404 404 404 404 404 404 404  in  in

# Where it belongs: asked only of who may answer.
conversation-contact conversation-links conversation-mailbox conversation-merging conversation-split
    GET  own        in 200 200 200 200 200 403 403 404  in  in
    GET  other      in 404 404 404 404 404 404 404 200  in  in
    GET  sensitive  in 404 404 200 404 404 404 404 404  in  in

# Linked with a sensitive one, which only the supervisor sees.
conversation-link
    POST own        in 404 404 302 404 404 403 403 404  in  in
    POST other      in 404 404 404 404 404 404 404 404  in  in
    POST sensitive  in 404 404 302 404 404 404 404 404  in  in

# One's own bulk changes.
bulk
    GET  own        in 200 200 200 200 200 200 200 200  in  in

# Without a list there is nothing; with one tests/faces/web/inbox/test_bulk.py asks.
bulk-bar
    GET  own        in 404 404 404 404 404 404 404 404  in  in

# The agent's.
bulk-job
    GET  own        in 404 404 404 200 404 404 404 404  in  in

bulk-stop
    POST own        in 404 404 404 302 404 404 404 404  in  in

# Whose images are shown.
sender-images
    POST own        in 204 204 204 204 204 403 403 404  in  in
    POST other      in 404 404 404 404 404 404 404 204  in  in
    POST sensitive  in 404 404 204 404 404 404 404 404  in  in

# What answers and changes: not by who may only see.
assignment closure ledger-reading offer pending spam tag trash
    POST own        in 302 302 302 302 302 403 403 404  in  in
    POST other      in 404 404 404 404 404 404 404 302  in  in
    POST sensitive  in 404 404 302 404 404 404 404 404  in  in

ledger-conversation priority sending separation tags
    POST own        in 409 409 409 409 409 403 403 404  in  in
    POST other      in 404 404 404 404 404 404 404 409  in  in
    POST sensitive  in 404 404 409 404 404 404 404 404  in  in

# The mail of the scene is no note.
note note-versions
    GET  own        in 404 404 404 404 404 404 404 404  in  in
    GET  other      in 404 404 404 404 404 404 404 404  in  in
    GET  sensitive  in 404 404 404 404 404 404 404 404  in  in

# The mail of the scene is in no side thread.
beside
    GET  own        in 404 404 404 404 404 403 403 404  in  in
    GET  other      in 404 404 404 404 404 404 404 404  in  in
    GET  sensitive  in 404 404 404 404 404 404 404 404  in  in

# Merged into nothing.
merger
    POST own        in 404 404 404 404 404 403 403 404  in  in
    POST other      in 404 404 404 404 404 404 404 404  in  in
    POST sensitive  in 404 404 404 404 404 404 404 404  in  in

# No moment in an empty form.
scheduling snooze
    POST own        in 409 409 409 409 409 403 403 404  in  in
    POST other      in 404 404 404 404 404 404 404 409  in  in
    POST sensitive  in 404 404 409 404 404 404 404 404  in  in

# What notes: also by observers.
draft notes presence uploads
    POST own        in 422 422 422 422 422 422 422 404  in  in
    POST other      in 404 404 404 404 404 404 404 422  in  in
    POST sensitive  in 404 404 422 404 404 404 404 404  in  in

# Of somebody's shared draft.
draft-comments
    POST own        in 200 200 200 200 200 200 200 404  in  in
    POST other      in 404 404 404 404 404 404 404 200  in  in
    POST sensitive  in 404 404 200 404 404 404 404 404  in  in

draft-holder
    POST own        in 200 200 200 200 200 403 403 404  in  in
    POST other      in 404 404 404 404 404 404 404 200  in  in
    POST sensitive  in 404 404 200 404 404 404 404 404  in  in

# Only its holder changes anything; for others it is as it was.
draft-sharing
    POST own        in 409 409 200 409 409 409 409 404  in  in
    POST other      in 404 404 404 404 404 404 404 409  in  in
    POST sensitive  in 404 404 200 404 404 404 404 404  in  in

# One's own mark.
following reading
    POST own        in 302 302 302 302 302 302 302 404  in  in
    POST other      in 404 404 404 404 404 404 404 302  in  in
    POST sensitive  in 404 404 302 404 404 404 404 404  in  in

replies
    POST own        in 422 422 422 422 422 403 403 404  in  in
    POST other      in 404 404 404 404 404 404 404 422  in  in
    POST sensitive  in 404 404 422 404 404 404 404 404  in  in

# An upload is only taken away (DELETE).
upload
    POST own       405 405 405 405 405 405 405 405 405 405 405
    POST other     405 405 405 405 405 405 405 405 405 405 405
    POST sensitive 405 405 405 405 405 405 405 405 405 405 405
"""
