import { describe, expect, test } from '@jest/globals';
import { cron } from '../../../src/analyzers/os/cron.js';
import { readCrontab } from '../../../src/analyzers/os/services/crontab.js';
import { readUnit } from '../../../src/analyzers/os/services/unit.js';
import { units } from '../../../src/analyzers/os/units.js';
import type { Analyzer } from '../../../src/analyzers/analyzer.js';
import { look, type Layer } from './layers.js';

function section(analyzer: Analyzer, output: string, layer: Layer): Record<string, unknown> {
  const report = analyzer.report?.(look([analyzer], [layer]).view(analyzer)) ?? {};
  return Object.fromEntries(Object.entries(report['services']?.[output] ?? {}).map(([key, value]) => [key, JSON.parse(value)]));
}

describe('units', () => {
  test('what is enabled, by which target, with what its file says', () => {
    expect(section(units as Analyzer, 'systemd.units', {
      '/lib': { link: 'usr/lib' },
      '/usr/lib/systemd/system/ssh.service': '[Unit]\nDescription=OpenBSD Secure Shell server\n[Service]\nExecStartPre=/usr/sbin/sshd -t\nExecStart=/usr/sbin/sshd \\\n -D\nUser=root\n',
      '/usr/lib/systemd/system/idle.service': '[Service]\nExecStart=/bin/idle\n',
      '/usr/lib/systemd/system/sockets.target.wants/dbus.socket': { link: '../dbus.socket' },
      '/usr/lib/systemd/system/dbus.socket': '[Socket]\nListenStream=/run/dbus/system_bus_socket\n',
      '/etc/systemd/system/multi-user.target.wants/ssh.service': { link: '/lib/systemd/system/ssh.service' },
      '/etc/systemd/system/other.target.requires/ssh.service': { link: '/lib/systemd/system/ssh.service' },
      '/etc/systemd/system/multi-user.target.wants/gone.service': { link: '/lib/systemd/system/gone.service' },
      '/etc/systemd/system/timers.target.wants/x.timer': '[Timer]\nOnCalendar=daily\nOnBootSec=5min\n',
    })).toEqual({
      'ssh.service': { path: '/usr/lib/systemd/system/ssh.service', enabled_by: ['multi-user.target', 'other.target'], description: 'OpenBSD Secure Shell server', user: 'root', commands: ['/usr/sbin/sshd -t', '/usr/sbin/sshd   -D'], listens: [], times: [] },
      'dbus.socket': { path: '/usr/lib/systemd/system/dbus.socket', enabled_by: ['sockets.target'], description: '', user: '', commands: [], listens: ['/run/dbus/system_bus_socket'], times: [] },
      'gone.service': { path: '', enabled_by: ['multi-user.target'] },
      'x.timer': { path: '/etc/systemd/system/timers.target.wants/x.timer', enabled_by: ['timers.target'] },
    });
  });

  test('an empty value takes back those before it; comments are none', () => {
    expect(readUnit('#ExecStart=a\nExecStart=/bin/a\nExecStart=\nExecStart=/bin/b\n; x\nnonsense\n').commands).toEqual(['/bin/b']);
  });

  test('a unit of a million lines is bounded', () => {
    expect(readUnit('ExecStart=/bin/a\n'.repeat(1_000_000)).commands).toHaveLength(100);
  });
});

describe('cron', () => {
  test('crontabs, users\' crontabs, folders of scripts', () => {
    expect(section(cron as Analyzer, 'cron.jobs', {
      '/etc/crontab': 'SHELL=/bin/sh\n# m h\n17 *\t* * *\troot\tcd / && run-parts /etc/cron.hourly\n',
      '/etc/cron.d/e2scrub_all': '30 3 * * 0 root test -e /run/systemd/system || /usr/lib/e2scrub\n@reboot www-data /bin/x\n',
      '/var/spool/cron/crontabs/alice': '*/5 * * jan-mar mon,tue /home/alice/job\n',
      '/etc/crontabs/root': '*/15\t*\t*\t*\t*\trun-parts /etc/periodic/15min\n',
      '/etc/cron.d/empty': '# nothing\n',
      '/etc/cron.daily/.placeholder': '',
      '/etc/cron.daily/off': 'not executable',
      '/etc/cron.weekly/link': { link: '/usr/bin/job' },
    })).toEqual({
      '/etc/crontab': [{ line: 2, schedule: '17 * * * *', user: 'root', command: 'cd / && run-parts /etc/cron.hourly' }],
      '/etc/cron.d/e2scrub_all': [
        { line: 0, schedule: '30 3 * * 0', user: 'root', command: 'test -e /run/systemd/system || /usr/lib/e2scrub' },
        { line: 1, schedule: '@reboot', user: 'www-data', command: '/bin/x' },
      ],
      '/var/spool/cron/crontabs/alice': [{ line: 0, schedule: '*/5 * * jan-mar mon,tue', user: 'alice', command: '/home/alice/job' }],
      '/etc/crontabs/root': [{ line: 0, schedule: '*/15 * * * *', user: 'root', command: 'run-parts /etc/periodic/15min' }],
      '/etc/cron.weekly/link': [{ line: -1, schedule: '@weekly', user: 'root', command: '/etc/cron.weekly/link' }],
    });
  });

  test('a secret in a command is never shown', () => {
    const url = ['postgres://app:', 'Xk29vQz7LmP4', '@db.internal/app'].join('');
    const shown = JSON.stringify(section(cron as Analyzer, 'cron.jobs', { '/etc/cron.d/x': `@daily root psql ${url}\n` }));
    expect(shown).toContain('psql');
    expect(shown).not.toContain('Xk29vQz7LmP4');
  });

  test('lines that are no jobs', () => {
    expect(readCrontab(`a b c d e f\n1 2 3 4\nMAILTO=x\n${'* '.repeat(100_000)}`, false)).toEqual([]);
  });
});
