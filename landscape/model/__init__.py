"""Models as files: a network and its parameters, exchanged with classmates and other programs."""

from landscape.model.model import FORMATS, Model, format_of, load_model, read_model, save_model

__all__ = ["FORMATS", "Model", "format_of", "load_model", "read_model", "save_model"]
