"""The one template environment of all our pages."""

from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined


def environment(**options: object) -> Environment:
    """Build the Jinja2 environment: strict names, gettext, static files and addresses."""
    environment = Environment(undefined=StrictUndefined, extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True, **options)
    environment.install_gettext_callables(translation.gettext, translation.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(static=static, url=reverse, language=translation.get_language)
    return environment
