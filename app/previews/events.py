"""What previews announce."""

from dataclasses import dataclass

from app.previews.models import Preview
from app.requests.models import ProductRequest


@dataclass(frozen=True)
class PreviewReady:
    """A preview answers at its address."""

    preview: Preview
    request: ProductRequest


@dataclass(frozen=True)
class PreviewFailed:
    """A preview could not be built or started, or stopped for good."""

    preview: Preview
    request: ProductRequest
