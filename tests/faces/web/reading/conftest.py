from tests.faces.web.composer.conftest import room

__all__ = ["room"]
