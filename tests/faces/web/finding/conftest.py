from tests.faces.web.inbox.conftest import inbox

__all__ = ["inbox"]
