"""The Patroni members of the lab: their configuration and their REST API."""
import os

from . import tutorial
from .layout import (ETCD, ETCD_PORT, ETCD_USER, MEMBERS, NAMESPACE, PG_PORT, PG_REPLICATOR, PG_SUPERUSER, REST_PORT,
                     REST_USER, SCOPE, postgres_bin, program)
from .process import spawn
from .roots import place
from .tls import Certificates

# Short times, so that a failover takes seconds; PostgreSQL without regard for power failures, so that all is quick.
MEMBER = """\
scope: {scope}
namespace: {namespace}
name: {name}

restapi:
  listen: {address}:{rest_port}
  connect_address: {address}:{rest_port}
{rest_security}
{dcs}
bootstrap:
  dcs:
    ttl: 10
    loop_wait: {loop_wait}
    retry_timeout: 3
    maximum_lag_on_failover: 1048576
    postgresql:
      use_pg_rewind: {rewind}
      use_slots: true
      parameters:
        wal_level: replica
        hot_standby: on
        max_connections: 40
        max_wal_senders: 8
        max_replication_slots: 8
        wal_log_hints: on
  initdb:
  - encoding: UTF8
  - locale: C.UTF-8
  - data-checksums
  - no-sync

postgresql:
  listen: {address}:{pg_port}
  connect_address: {address}:{pg_port}
  data_dir: {node_dir}/data
  bin_dir: {bin_dir}
  pgpass: {node_dir}/pgpass
  use_unix_socket: true
  use_unix_socket_repl: true
  authentication:
    superuser:
      username: {superuser[0]}
      password: {superuser[1]}
    replication:
      username: {replicator[0]}
      password: {replicator[1]}
{replicas}
  pg_hba:
{hba}
  parameters:
    unix_socket_directories: {node_dir}
    fsync: off
    shared_buffers: 16MB
    max_parallel_workers: 2
    wal_keep_size: 64MB
    wal_retrieve_retry_interval: 200ms
    min_wal_size: 32MB
    max_wal_size: 256MB
    log_min_messages: warning
{pg_security}
tags:
  nofailover: false
  noloadbalance: false
  clonefrom: false
  nosync: false
"""

REPLICAS = """\
  remove_data_directory_on_rewind_failure: true
  basebackup:
  - checkpoint: fast
  - no-sync
"""

# What a client adds to reach the members, beyond what Patroni itself reads.
CTL = """\
ctl:
  cacert: {ca}
  certfile: {client}
  keyfile: {client_key}
  authentication:
    username: {rest_user[0]}
    password: '{rest_user[1]}'
"""

REST_SECURITY = """\
  certfile: {server}
  keyfile: {server_key}
  cafile: {ca}
  verify_client: required
  authentication:
    username: {rest_user[0]}
    password: '{rest_user[1]}'
"""

DCS = """\
{api}:
  hosts: {hosts}
"""

DCS_SECURITY = """\
  protocol: https
  cacert: {ca}
  cert: {client}
  key: {client_key}
  username: {etcd_user[0]}
  password: '{etcd_user[1]}'
"""

PG_SECURITY = """\
    ssl: on
    ssl_cert_file: {server}
    ssl_key_file: {server_key}
    ssl_ca_file: {ca}
"""

HBA = ['local all all trust', 'local replication all trust',
       'host replication replicator 127.0.0.0/8 trust', 'host all all 127.0.0.0/8 trust']
HBA_SECURE = ['local all all trust', 'local replication all trust',
              'hostssl replication replicator 127.0.0.0/8 scram-sha-256', 'hostssl all all 127.0.0.0/8 scram-sha-256']


def _files(certificates: Certificates | None) -> dict:
    return {'rest_user': REST_USER, 'etcd_user': ETCD_USER, **(vars(certificates) if certificates else {})}


def dcs_section(api: str, certificates: Certificates | None) -> str:
    """Return the section that says where etcd is, for members and clients alike."""
    text = DCS + (DCS_SECURITY if certificates else '')
    return text.format(api=api, hosts=','.join(f'{address}:{ETCD_PORT}' for address in ETCD.values()),
                       **_files(certificates))


def client_configuration(api: str, certificates: Certificates | None) -> str:
    """Return a patroni.yml for clients alone."""
    return (f'scope: {SCOPE}\nnamespace: {NAMESPACE}\n\n' + dcs_section(api, certificates)
            + (CTL.format(**_files(certificates)) if certificates else ''))


def member_configuration(name: str, node_dir: str, api: str, certificates: Certificates | None, release: str) -> str:
    """Return the patroni.yml of a member whose programs are those of *release*, or of this machine if it is empty."""
    files = _files(certificates)
    return MEMBER.format(
        scope=SCOPE, namespace=NAMESPACE, name=name, address=MEMBERS[name], node_dir=node_dir,
        bin_dir=postgres_bin(place(release) if release else ''),
        rewind='false' if release == 'tutorial' else 'true',
        replicas=tutorial.REPLICAS if release == 'tutorial' else REPLICAS,
        rest_port=REST_PORT, pg_port=PG_PORT, superuser=PG_SUPERUSER, replicator=PG_REPLICATOR,
        dcs=dcs_section(api, certificates),
        # The v2 API hashes the password for each request. Labs of releases run beside others, and what a member schedules
        # it forgets after so many seconds.
        loop_wait=3 if certificates and api == 'etcd' else 2 if release else 1,
        hba='\n'.join('  - ' + line for line in (HBA_SECURE if certificates else HBA)),
        rest_security=REST_SECURITY.format(**files) if certificates else '',
        pg_security=PG_SECURITY.format(**files) if certificates else '')


def start(node_dir: str, root: str) -> None:
    """Start the member in *node_dir*, which starts its PostgreSQL."""
    spawn(node_dir, [program('patroni', root), os.path.join(node_dir, 'patroni.yml')], root)
