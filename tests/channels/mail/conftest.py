from tests.channels.mail.answering import conversation

__all__ = ["conversation"]
