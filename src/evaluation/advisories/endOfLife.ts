/** When a release of a distribution stops getting security updates that cost nothing. */
export interface EndOfLife {
  /** Last day, `YYYY-MM-DD`. */
  readonly date: string;
  /** What the date is the end of. */
  readonly of: string;
}

/** When the table below was taken over; releases that came later are not in it. */
export const END_OF_LIFE_AS_OF = '2026-08-22';
export const END_OF_LIFE_SOURCE = 'https://endoflife.date';

interface Distribution {
  readonly of: string;
  /** Which part of a version names its release. */
  readonly release: (version: string) => string;
  readonly dates: Readonly<Record<string, string>>;
}

const major = (version: string): string => /^\d+/.exec(version)?.[0] ?? version;
const minor = (version: string): string => /^\d+\.\d+/.exec(version)?.[0] ?? version;

const ENTERPRISE = { '4': '2012-02-29', '5': '2017-03-31', '6': '2020-11-30', '7': '2024-06-30', '8': '2029-05-31', '9': '2032-05-31', '10': '2035-05-31' };

/** By `ID` of os-release. Debian counts with long-term support, which is free; Ubuntu without Pro, Red Hat and SUSE without extended support, which are not. */
const DISTRIBUTIONS: Readonly<Record<string, Distribution>> = {
  debian: {
    of: 'long-term support', release: major,
    dates: { '3': '2008-03-31', '4': '2010-02-15', '5': '2012-02-06', '6': '2016-02-29', '7': '2018-05-31', '8': '2020-06-30', '9': '2022-07-01', '10': '2024-06-30', '11': '2026-08-31', '12': '2028-06-30', '13': '2030-06-30' },
  },
  ubuntu: {
    of: 'standard support', release: minor,
    dates: {
      '10.04': '2013-05-09', '12.04': '2017-04-28', '14.04': '2019-04-02', '16.04': '2021-04-02', '18.04': '2023-05-31', '18.10': '2019-07-18', '19.04': '2020-01-23',
      '19.10': '2020-07-06', '20.04': '2025-05-31', '20.10': '2021-07-22', '21.04': '2022-01-20', '21.10': '2022-07-14', '22.04': '2027-04-01', '22.10': '2023-07-20',
      '23.04': '2024-01-20', '23.10': '2024-07-12', '24.04': '2029-05-31', '24.10': '2025-07-10', '25.04': '2026-01-17', '25.10': '2026-07-01', '26.04': '2031-04-30',
    },
  },
  alpine: {
    of: 'support', release: minor,
    dates: {
      '3.0': '2016-05-01', '3.1': '2016-11-01', '3.2': '2017-05-01', '3.3': '2017-11-01', '3.4': '2018-05-01', '3.5': '2018-11-01', '3.6': '2019-05-01', '3.7': '2019-11-01',
      '3.8': '2020-05-01', '3.9': '2020-11-01', '3.10': '2021-05-01', '3.11': '2021-11-01', '3.12': '2022-05-01', '3.13': '2022-11-01', '3.14': '2023-05-01', '3.15': '2023-11-01',
      '3.16': '2024-05-23', '3.17': '2024-11-22', '3.18': '2025-05-09', '3.19': '2025-11-01', '3.20': '2026-04-01', '3.21': '2026-11-01', '3.22': '2027-05-01', '3.23': '2027-11-01', '3.24': '2028-06-01',
    },
  },
  rhel: { of: 'maintenance support', release: major, dates: ENTERPRISE },
  almalinux: { of: 'security support', release: major, dates: { '8': '2029-05-31', '9': '2032-05-31', '10': '2035-05-31' } },
  rocky: { of: 'security support', release: major, dates: { '8': '2029-05-31', '9': '2032-05-31', '10': '2035-05-31' } },
  // Stream has no point releases: its 9 ends with full support, and CentOS Linux 8 with the year 2021
  centos: { of: 'support', release: major, dates: { '5': '2017-03-31', '6': '2020-11-30', '7': '2024-06-30', '8': '2021-12-31', '9': '2027-05-31', '10': '2030-05-31' } },
  ol: { of: 'premier support', release: major, dates: { '6': '2021-03-31', '7': '2024-12-31', '8': '2029-07-31', '9': '2032-06-30' } },
  amzn: { of: 'support', release: (version) => (version.startsWith('201') ? '1' : major(version)), dates: { '1': '2023-12-31', '2': '2026-06-30', '2023': '2029-06-30' } },
  fedora: {
    of: 'support', release: major,
    dates: {
      '28': '2019-05-28', '29': '2019-11-26', '30': '2020-05-26', '31': '2020-11-24', '32': '2021-05-25', '33': '2021-11-30', '34': '2022-06-07', '35': '2022-12-13', '36': '2023-05-16',
      '37': '2023-12-05', '38': '2024-05-21', '39': '2024-11-26', '40': '2025-05-13', '41': '2025-12-15', '42': '2026-05-27', '43': '2026-12-09', '44': '2027-06-02',
    },
  },
  sles: {
    of: 'general support', release: (version) => (version.includes('.') ? minor(version) : `${version}.0`),
    dates: { '11.4': '2019-03-31', '12.3': '2019-06-30', '12.4': '2020-06-30', '12.5': '2024-10-31', '15.0': '2019-12-31', '15.1': '2021-01-31', '15.2': '2021-12-31', '15.3': '2022-12-31', '15.4': '2023-12-31', '15.5': '2024-12-31', '15.6': '2025-12-31', '15.7': '2031-07-31', '16.0': '2027-11-30' },
  },
  'opensuse-leap': {
    of: 'support', release: minor,
    dates: { '42.3': '2019-07-01', '15.0': '2019-12-03', '15.1': '2021-02-02', '15.2': '2022-01-04', '15.3': '2022-12-31', '15.4': '2023-12-07', '15.5': '2024-12-31', '15.6': '2026-04-30', '16.0': '2027-10-31' },
  },
};

/** Other ids for the same releases. */
const SAME: Readonly<Record<string, string>> = { redhat: 'rhel', raspbian: 'debian', opensuse: 'opensuse-leap' };

/**
 * @param id `ID` of os-release, in any case
 * @param version its `VERSION_ID`
 * @returns null where it is not known (a rolling release, a distribution or release that is not in the table)
 */
export function endOfLife(id: string, version: string): EndOfLife | null {
  const lower = id.toLowerCase();
  const name = Object.hasOwn(SAME, lower) ? (SAME[lower] ?? lower) : lower;
  const distribution = Object.hasOwn(DISTRIBUTIONS, name) ? DISTRIBUTIONS[name] : undefined;
  if (distribution === undefined) return null;
  const release = distribution.release(version);
  const date = Object.hasOwn(distribution.dates, release) ? distribution.dates[release] : undefined;
  return date === undefined ? null : { date, of: distribution.of };
}
