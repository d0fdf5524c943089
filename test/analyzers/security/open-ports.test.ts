import { describe, expect, test } from '@jest/globals';
import { isServiceFile, listenersOf } from '../../../src/analyzers/security/listeners.js';
import { openPorts } from '../../../src/analyzers/security/open-ports.js';
import { image, located, view } from '../sample-image.js';

describe('what a service’s file names', () => {
  test.each([
    ['/etc/ssh/sshd_config', '#Port 22\n', [['sshd', 22, '', 0]]],
    ['/etc/ssh/sshd_config', 'Port 2222\nport 22\n', [['sshd', 2222, '', 1], ['sshd', 22, '', 2]]],
    ['/etc/ssh/sshd_config.d/x.conf', '# none\n', []],
    ['/etc/nginx/conf.d/default.conf', 'server {\n    listen       80;\n    listen [::]:443 ssl;\n    listen 127.0.0.1:8080;\n    listen unix:/run/x;\n}', [['nginx', 80, '', 2], ['nginx', 443, '::', 3], ['nginx', 8080, '127.0.0.1', 4]]],
    ['/etc/apache2/ports.conf', 'Listen 80\n<IfModule ssl_module>\n\tListen 443\n</IfModule>\n', [['httpd', 80, '', 1], ['httpd', 443, '', 3]]],
    ['/etc/redis/redis.conf', 'bind 127.0.0.1\nport 6380\n', [['redis', 6380, '', 2]]],
    ['/etc/mysql/my.cnf', '[mysqld]\nport = 3307\n', [['mysql', 3307, '', 2]]],
    ['/var/lib/postgresql/data/postgresql.conf', '#port = 5432\n', [['postgres', 5432, '', 0]]],
    ['/usr/share/tomcat9/etc/server.xml', '<Connector port="8080" protocol="HTTP/1.1"\n', [['tomcat', 8080, '', 1]]],
    ['/usr/share/tomcat9/etc/server.xml', '<!--\n<Connector port="8443"/>\n-->\n<Connector port="8080"/><!-- <Connector port="1"/>', [['tomcat', 8080, '', 4]]],
    ['/etc/haproxy/haproxy.cfg', '  bind *:8443 ssl\n  bind :80\n', [['haproxy', 8443, '*', 1], ['haproxy', 80, '', 2]]],
    ['/etc/inetd.conf', '#<off># netbios\ntelnet stream tcp nowait root /usr/sbin/tcpd\n', [['inetd', 23, '', 2]]],
    ['/etc/inetd.conf', '__proto__ stream tcp x\n99999 stream tcp x\n', []],
    ['/etc/nginx/nginx.conf', 'http { server { listen 8080; listen [::]:8443 ssl; } } # listen 1;', [['nginx', 8080, '', 1], ['nginx', 8443, '::', 1]]],
    ['/etc/nginx/nginx.conf', 'listen 127.0.0.1;\nlisten [::1];\nlisten unix:/run/nginx.sock;', [['nginx', 80, '127.0.0.1', 1], ['nginx', 80, '::1', 2]]],
    ['/etc/redis/redis.conf', 'port 0\nunixsocket /run/redis.sock\n', []],
    ['/etc/mongod.conf', 'net:\n  port: 27018 # not the default\n', [['mongod', 27018, '', 2]]],
    ['/etc/ssh/sshd_config', 'ListenAddress 10.0.0.1:2200\nListenAddress [::1]:2201\n', [['sshd', 2200, '10.0.0.1', 1], ['sshd', 2201, '::1', 2]]],
    ['/etc/ssh/sshd_config', 'Port=2222\nListenAddress 10.0.0.1\n', [['sshd', 2222, '', 1]]],
    ['/usr/share/tomcat9/etc/server.xml', `<Connector port='8080'/><Connector port="8443"/>`, [['tomcat', 8080, '', 1], ['tomcat', 8443, '', 1]]],
    ['/etc/nginx/nginx.conf', 'listen 99999;\nlisten 0;\n', []],
  ])('%s %#', (path, text, expected) => {
    expect(isServiceFile(path)).toBe(true);
    expect(listenersOf(path, text).map(({ service, port, address, line }) => [service, port, address, line])).toEqual(expected);
  });

  test('lines of a megabyte end', () => {
    expect(listenersOf('/etc/nginx/nginx.conf', `listen ${'a.'.repeat(500_000)}`)).toEqual([]);
    expect(listenersOf('/usr/share/tomcat9/etc/server.xml', '<Connector '.repeat(90_000))).toEqual([]);
  });
});

test('exposed and configured ports are told apart', () => {
  const facts = [located('/etc/ssh/sshd_config', listenersOf('/etc/ssh/sshd_config', ''))];
  expect(openPorts().report?.(view(image([], { exposedPorts: ['22', '8080/tcp', '53/UDP', '9000-9002/tcp', '${PORT}'] }), facts))).toEqual({
    open_ports: {
      'ports.exposed': { '22/tcp': 'config', '8080/tcp': 'config', '53/udp': 'config', '9000/tcp': 'config', '9001/tcp': 'config', '9002/tcp': 'config', '${PORT}': 'config' },
      'ports.configured': { '22/tcp': '[{"service":"sshd","path":"/etc/ssh/sshd_config","line":0,"address":""}]' },
    },
  });
});
