"""Signed and encrypted mail: S/MIME (RFC 8551) and OpenPGP (RFC 3156, RFC 9580).

The door is `opening.open_mail`. Nothing is imported here: the child process of this room starts without Django.
"""
