"""Debian's archive and the releases of Patroni in it, as the conformance tests know them."""
import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'conformance'))

from kit.reference import Unavailable, archive, reference  # noqa: E402

__all__ = ['Unavailable', 'archive', 'reference']
