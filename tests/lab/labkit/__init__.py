"""A real etcd, Patroni and PostgreSQL cluster on this machine, for trials and tests of pgha."""
from .lab import Lab, LabError

__all__ = ['Lab', 'LabError']
