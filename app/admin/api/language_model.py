"""The language model of the installation, for programs of its admin; its key is never given back."""

from app.admin.api.base import blueprint
from app.language_models import operations
from app.language_models.models import model_settings
from app.language_models.schemas import ModelChange, ModelOut, TestOut
from app.web.api import endpoint
from app.web.guards import me


@endpoint(
    blueprint,
    "GET",
    "/admin/language-model",
    operation="Get language model",
    family="admin",
    answer=ModelOut,
    scope="admin",
    errors=(403,),
)
def get_language_model() -> ModelOut:
    """Return the language model there is and how its last test went; prices are for a million tokens."""
    operations.may_set_up(me())
    return ModelOut.of(model_settings())


@endpoint(
    blueprint,
    "PUT",
    "/admin/language-model",
    operation="Update language model",
    family="admin",
    body=ModelChange,
    answer=ModelOut,
    scope="admin",
    errors=(403, 409),
)
def update_language_model(body: ModelChange) -> ModelOut:
    """Say where the language model answers; what is missing stays. `isOn` alone switches it on or off."""
    operations.may_set_up(me())  # who may not see it is not told what stands in it
    operations.change(by=me(), said=body.over(model_settings()), is_on=body.is_on)
    return ModelOut.of(model_settings())


@endpoint(
    blueprint,
    "DELETE",
    "/admin/language-model",
    operation="Delete language model",
    family="admin",
    answer=ModelOut,
    scope="admin",
    errors=(403,),
)
def delete_language_model() -> ModelOut:
    """Take away what was said, with the key; what the settings of the environment name is asked again."""
    operations.forget(by=me())
    return ModelOut.of(model_settings())


@endpoint(
    blueprint,
    "POST",
    "/admin/language-model/test",
    operation="Test language model",
    family="admin",
    answer=TestOut,
    scope="admin",
    errors=(403, 409),
)
def test_language_model() -> operations.Outcome:
    """Ask the model something tiny. `code` is `works`, or what went wrong; it takes at most 45 seconds."""
    return operations.test(by=me())
