import { anywhere, near, type Classifier } from './classifier.js';

/** Servers: web, proxies, databases, queues, and what runs beside them. */

const REDIS = [
  near('buildkitsandbox-', /[^\d](?<version>\d+\.\d+\.\d+)buildkitsandbox-\d+/),
  near('-1', /[^\d](?<version>\d+\.\d+\.\d+)\w{12}-1\d{9,}/),
  near('Redis version ', /Redis version (?<version>\d+\.\d+\.\d+)/),
  // Reproducible builds (Debian's): no host's name, and the time of the sources in nanoseconds.
  near('000000000\0%llx', /[^\d.](?<version>\d+\.\d+\.\d{1,2})1\d{9}0{9}\0%llx/),
  // Built on a host of any name: the first version that stands alone is its own, those of formats come later.
  anywhere(/\0(?<version>[2-9]\.\d{1,2}\.\d{1,3})\0/),
];
const NDB = [near('-ndb-', /\d-ndb-(?<version>\d+\.\d+\.\d+)/), near('/mysql-cluster-gpl-', /\/mysql-cluster-gpl-(?<version>\d+(?:\.\d+){1,2}(?:(?:alpha|beta|rc)\d)?)\//)];
const MYSQL_CPES = ['a:oracle:mysql', 'a:oracle:mysql_server'];
const BEATS = ['filebeat', 'metricbeat', 'heartbeat', 'packetbeat', 'auditbeat'];
const BEAT = [near('Test ', /Test (?<version>\d+\.\d+\.\d+)[a-z%]/), near('plugin', /plugin(?:output)?(?<version>\d+\.\d+\.\d+)[-a-z]/), near('5m.rate', /5m\.rate(?<version>\d+\.\d+\.\d+)-/)];
/** Envoy's version stands in front of, or behind, whatever the linker put beside it. */
const ENVOY = [
  near('\0' + '1.3', /^\0(?<version>1\.3\d\.\d+(?:-dev)?)\0[^]{0,1000}(?:envoy[._/:]|envoy_(?:reloadable_features|quic)|TLS )/, { before: 0, after: 1100 }),
  near('envoy_quic_', /envoy_quic_[^]{0,1000}?\0(?<version>1\.2\d\.\d+(?:-dev)?)\0/, { before: 0, after: 1100 }),
  near('\0' + '1.', /^\0(?<version>1\.[12]\d\.\d+(?:-dev)?)\0[^]{0,1000}(?:Unable to|ValidationError|envoy[./_])/, { before: 0, after: 1100 }),
  near('[source/', /\[source\/[^]{0,200}?\0(?<version>1\.1\d\.\d+(?:-dev)?)\0/, { before: 0, after: 300 }),
  near('\0' + '1.', /^\0(?<version>1\.\d\.\d+(?:-dev)?)\0[^]{0,20}RELEASE/, { before: 0 }),
];
const ISTIO = [
  anywhere(/\d\0{1,16}(?<version>\d+\.\d+\.\d+(?:-(?:alpha|beta|rc)\.\d+|-dev)?)\0/),
  anywhere(/(?:Clean|Modified)\0{1,16}(?<version>\d+\.\d+(?:\.\d+)?(?:-dev)?)\0/),
  near('=v<y5', /(?<version>\d+\.\d+\.\d+)\0[^]{1,100}?=v<y5/, { before: 130 }),
];
const GRAFANA = [
  near('\0release-', /\0release-(?<version>\d{2}\.\d+\.\d+)/),
  anywhere(/\0(?<version>(?:[6-9]|1\d)\.\d{1,2}\.\d{1,2}(?:-beta\d|-preview|-test|-\d{6,12})?)(?:\+security-\d+)?\0/),
  anywhere(/(?<![\d.])(?<version>(?:[6-9]|1\d)\.\d{1,2}\.\d{1,2}(?:-beta\d|-preview|-test)?)(?:\+security-\d+)?\0/),
];
const INGRESS = [
  anywhere(/v(?<version>\d+\.\d+\.\d+(?:-(?:alpha|beta)\.\d+)?)\0\0/),
  near('S=v<y5', /\0v?(?<version>\d+\.\d+\.\d+(?:-(?:alpha|beta)\.\d)?)\0[^]{0,100}?S=v<y5/, { before: 130 }),
  near('$a', /\0v(?<version>\d+\.\d+\.\d+)\0[^]{0,800}?\$a/, { before: 830 }),
];
const KUBERNETES = ['kubectl', 'kubelet', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy', 'kubeadm'];

export const SERVERS: readonly Classifier[] = [
  { product: 'redis', purl: 'generic', cpes: ['a:redislabs:redis', 'a:redis:redis'], file: /^redis-(?:server|check-rdb)$/, versions: REDIS },
  { product: 'valkey', purl: 'generic', cpes: ['a:lfprojects:valkey', 'a:linuxfoundation:valkey'], file: /^valkey-(?:server|check-rdb)$/, versions: [...REDIS.slice(0, 2), ...REDIS.slice(3)] },
  {
    product: 'haproxy', purl: 'generic', cpes: ['a:haproxy:haproxy'], file: 'haproxy',
    versions: [near(', released 20', /version (?<version>\d+\.\d+(?:\.|-dev|-rc)\d+)(?:-[-+.~\w]{1,40})?, released 20/), near('HA-Proxy version ', /HA-Proxy version (?<version>\d+\.\d+(?:\.|-dev)\d+)/), near('HAProxy version', /(?<version>\d+\.\d+(?:\.|-dev)\d+)-[0-9a-zA-Z]{7}[^\n]{1,60}HAProxy version/, { before: 100 })],
  },
  { product: 'httpd', purl: 'generic', cpes: ['a:apache:http_server'], file: /^(?:httpd|apache2)$/, versions: [near('Apache/', /Apache\/(?<version>\d+\.\d+\.\d+)/)] },
  { product: 'nginx', purl: 'generic', cpes: ['a:f5:nginx', 'a:nginx:nginx'], file: /^nginx(?:-debug)?$/, versions: [near('nginx version: ', /nginx version: [^/\s]{1,30}\/(?<version>\d+\.\d+\.\d+)/)] },
  { product: 'lighttpd', purl: 'generic', cpes: ['a:lighttpd:lighttpd'], file: 'lighttpd', versions: [near('lighttpd/', /lighttpd\/(?<version>\d+\.\d+\.\d+)\0/)] },
  { product: 'traefik', purl: 'generic', cpes: ['a:traefik:traefik'], file: 'traefik', versions: [anywhere(/(?:\0v?|[\x80-\xff].?)(?<version>\d+\.\d+\.\d+(?:-(?:alpha|beta|rc)\d)?)\0/)] },
  { product: 'envoy', purl: 'generic', cpes: ['a:envoyproxy:envoy'], file: 'envoy', versions: ENVOY },
  { product: 'varnish', purl: 'generic', cpes: ['a:varnish-software:varnish_cache'], file: 'varnishd', versions: [near('varnish-', /varnish-(?<version>\d+\.\d+\.\d+)/)] },
  { product: 'memcached', purl: 'generic', cpes: ['a:memcached:memcached'], file: 'memcached', versions: [near('memcached ', /memcached (?<version>\d+\.\d+\.\d+)/)] },
  { product: 'postgresql', purl: 'generic', cpes: ['a:postgresql:postgresql'], file: 'postgres', versions: [near('PostgreSQL ', /[\0?]PostgreSQL (?<version>\d+(?:\.\d+){0,2}(?:(?:alpha|beta|rc)\d)?)/)] },
  { product: 'percona-server', purl: 'generic', cpes: ['a:oracle:mysql', 'a:percona:percona_server'], file: 'mysql', versions: [near('/percona-server-', /\/percona-server-(?<version>\d+\.\d+\.\d+)/)] },
  { product: 'percona-xtradb-cluster', purl: 'generic', cpes: ['a:oracle:mysql', 'a:percona:xtradb_cluster'], file: 'mysql', versions: [near('/Percona-XtraDB-Cluster-', /\/Percona-XtraDB-Cluster-(?<version>\d+\.\d+\.\d+)/)] },
  { product: 'mysql', purl: 'generic', cpes: ['a:oracle:mysql'], file: 'mysql', versions: [near('/mysql-', /\/mysql-(?<version>\d+\.\d+\.\d+)/), near('\0mysql_', /\0(?<version>\d+\.\d+\.\d+)\0{1,16}mysql_/)] },
  { product: 'mysql-server', purl: 'generic', cpes: MYSQL_CPES, file: 'mysqld', versions: [near('-ndb-', /(?<version>\d+\.\d+\.\d+)-ndb-\d/), near('/mysql-', /\/mysql-(?<version>\d+\.\d+\.\d+)/)] },
  { product: 'mysql-cluster', purl: 'generic', cpes: ['a:oracle:mysql_cluster'], file: /^(?:mysqld|ndbd|ndbmtd|ndb_mgmd)$/, versions: NDB },
  { product: 'percona-xtrabackup', purl: 'generic', cpes: ['a:percona:xtrabackup'], file: 'xtrabackup', versions: [near('/percona-xtrabackup-', /\/percona-xtrabackup-(?<version>\d+\.\d+\.\d+)/)] },
  { product: 'mariadb', purl: 'generic', cpes: ['a:mariadb:mariadb'], file: /^(?:mariadbd?|mysqld?)$/, versions: [near('-MariaDB', /(?<version>\d+\.\d+\.\d+)-MariaDB/), near('mariadb-', /[/\0\n]mariadb-(?<version>\d+\.\d+\.\d+)-/)] },
  { product: 'mongodb', purl: 'generic', cpes: ['a:mongodb:mongodb'], file: 'mongod', versions: ['tcmalloc', 'heap_size', 'cppdefines'].map((word) => near(word, new RegExp(`(?<version>\\d+\\.\\d+\\.\\d+)\\0{1,16}${word}`))) },
  { product: 'arangodb', purl: 'generic', cpes: ['a:arangodb:arangodb'], file: 'arangosh', versions: [near('[linux]', /(?<version>\d+\.\d+\.\d+(?:-\d+)?)\s(?:enterprise\s)?\[linux\]/)] },
  { product: 'sqlcipher', purl: 'generic', cpes: ['a:zetetic:sqlcipher'], file: 'sqlcipher', versions: [near('\0' + '4.', /[^\d]\0(?<version>4\.\d+\.\d+)\0/)] },
  { product: 'sqlite', purl: 'generic', cpes: ['a:sqlite:sqlite'], file: /^(?:sqlite3|libsqlite3\.so.*)$/, versions: [near('\0' + '3.', /\0(?<version>3\.\d+\.\d+)\0/)] },
  { product: 'consul', purl: 'golang/github.com/hashicorp', cpes: ['a:hashicorp:consul'], file: 'consul', versions: [near('CONSUL_VERSION: ', /CONSUL_VERSION: (?<version>\d+\.\d+\.\d+)/), near('GitDescribe=', /GitDescribe=v?(?<version>\d+\.\d+\.\d+)"/), near('\0v', /\0v(?<version>\d+\.\d+\.\d+)\0/)] },
  {
    product: 'vault', purl: 'golang/github.com/hashicorp', cpes: ['a:hashicorp:vault'], file: 'vault',
    versions: [near('revoke1.', /revoke(?<version>1\.\d+\.\d+)/), near('state1.', /state(?<version>1\.\d+\.\d+-rc\d)/), near('016x1.', /016x(?<version>1\.1[134]\.\d{1,2})/), near('\0' + '1.', /\0(?<version>1\.\d{1,2}\.\d+)\0/)],
  },
  { product: 'etcd', purl: 'generic', cpes: ['a:etcd:etcd'], file: /^(?:etcd|etcdctl)$/, versions: [near('etcdserver: ', /etcdserver: v?(?<version>3\.\d+\.\d+)/)] },
  ...KUBERNETES.map((file): Classifier => ({ product: 'kubernetes', purl: 'golang/k8s.io', cpes: ['a:kubernetes:kubernetes'], file, versions: [near('\0v1.', /\0v(?<version>1\.\d{1,2}\.\d+)\0/), near('\0v1.', /v(?<version>1\.\d{1,2}\.\d+)\0\0/)] })),
  { product: 'istio', purl: 'generic', cpes: ['a:istio:istio'], file: /^pilot-(?:agent|discovery)$/, versions: ISTIO },
  { product: 'grafana', purl: 'generic', cpes: ['a:grafana:grafana'], file: /^grafana(?:-server)?$/, versions: GRAFANA },
  { product: 'nginx-ingress-controller', purl: 'generic', cpes: ['a:kubernetes:ingress-nginx'], file: 'nginx-ingress-controller', versions: INGRESS },
  { product: 'fluent-bit', purl: 'github/fluent', cpes: ['a:treasuredata:fluent_bit'], file: 'fluent-bit', versions: [near('Fluent', /\0(?<version>\d+\.\d+\.\d+)\0(?:\x1b\[1m\0|\0{1,2})?(?:%s)?Fluent/)] },
  ...BEATS.map((file): Classifier => ({ product: file, purl: 'generic', cpes: [`a:elastic:${file}`], file, versions: BEAT })),
  { product: 'elastic-agent', purl: 'generic', cpes: ['a:elastic:elastic_agent'], file: 'elastic-agent', versions: [near('enroll', /enroll(?:: true)?(?<version>\d+\.\d+\.\d+)-?header/), near('PM', /PM(?<version>\d+\.\d+\.\d+):https/)] },
  { product: 'proftpd', purl: 'generic', cpes: ['a:proftpd:proftpd'], file: 'proftpd', versions: [near('ProFTPD Version ', /ProFTPD Version (?<version>\d+\.\d+\.\d+[a-z]?)\0/)] },
];
