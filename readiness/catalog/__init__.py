"""The only reader of `data/`: practices, services, prices, causes and scenarios, checked."""

from readiness.catalog.read import Catalog, Commitment, Price, data_folder, load_catalog

__all__ = ["Catalog", "Commitment", "Price", "data_folder", "load_catalog"]
