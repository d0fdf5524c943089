import { ComponentType, HashAlgorithm } from '@cyclonedx/cyclonedx-library/Enums';
import type { Evaluation } from '../evaluation/evaluation.js';
import type { ScannedImage } from '../report/scanned.js';
import type { Bom, Component, Dependency, License, Property } from './bom/cycloneDx.js';
import { readableJson } from './bom/json.js';
import { licenseOf } from './bom/licenses.js';
import { imagePurl, namedPackages, uuidOf, type NamedPackage } from './bom/packages.js';
import { vulnerabilitiesOf } from './bom/vulnerabilities.js';
import { shorten } from './describe.js';

/**
 * The bill of materials: CycloneDX 1.6 in JSON, with the vulnerabilities and what was decided about them.
 * The same bytes for the same image and evaluation.
 */
export function bom(evaluation: Evaluation, image: ScannedImage, packages: readonly NamedPackage[] = namedPackages(image)): string {
  const subject = container(image);
  const system = operatingSystem(image);
  const components = [...system, ...packages.map((named) => componentOf(named, image))];
  const vulnerabilities = vulnerabilitiesOf(evaluation, packages);
  const bill: Bom = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    serialNumber: `urn:uuid:${uuidOf(`${image.id} ${evaluation.evaluatedAt}`)}`,
    metadata: {
      timestamp: new Date(evaluation.evaluatedAt).toISOString(),
      lifecycles: [{ name: 'container image scan' }],
      tools: { components: [{ type: ComponentType.Application, name: evaluation.tool.name, version: evaluation.tool.version }] },
      component: subject,
    },
    components,
    dependencies: [
      dependsOn(subject['bom-ref'], components.map((component) => component['bom-ref'])),
      ...system.map((one) => dependsOn(one['bom-ref'], [])),
      ...packages.map(({ ref, needs }) => dependsOn(ref, needs.map((needed) => needed.ref))),
    ],
    ...(vulnerabilities.length === 0 ? {} : { vulnerabilities }),
  };
  return `${readableJson(bill)}\n`;
}

interface Named extends Component {
  readonly 'bom-ref': string;
}

function dependsOn(ref: string, needed: readonly string[]): Dependency {
  return needed.length === 0 ? { ref } : { ref, dependsOn: [...needed] };
}

function container(image: ScannedImage): Named {
  const purl = imagePurl(image);
  const layers = image.layers.filter(({ emptyLayer }) => !emptyLayer);
  return {
    type: ComponentType.Container, name: image.name, ...(image.digest === '' ? {} : { version: image.digest }), 'bom-ref': `image-${image.id}`, ...(purl === '' ? {} : { purl }),
    ...properties([
      ['inline-scan:image:id', image.id], ['inline-scan:image:architecture', image.architecture], ['inline-scan:image:os', image.os],
      ...layers.map(({ index, diffId }): [string, string] => [`inline-scan:layer:${index}:diffId`, diffId]),
      ...image.repoTags.map((tag, index): [string, string] => [`inline-scan:image:tag:${index}`, tag]),
    ]),
  };
}

/** Readers of the bill match packages by the distribution that it names. */
function operatingSystem({ distro: { id, version } }: ScannedImage): Named[] {
  if (id === '') return [];
  return [{ type: ComponentType.OperatingSystem, name: id, ...(version === '' ? {} : { version }), 'bom-ref': `os:${id}@${version}` }];
}

/** The schema's limit; no real version comes near. */
const MAX_VERSION = 1024;
const APPLICATIONS = new Set(['binary', 'wordpress', 'jetbrains', 'vscode']);

function componentOf({ package: one, ref, sha256, sha1 }: NamedPackage, image: ScannedImage): Named {
  const layer = image.layers.find(({ index, emptyLayer }) => !emptyLayer && index === one.layer);
  const hashes = [
    ...(sha1 === '' ? [] : [{ alg: HashAlgorithm['SHA-1'], content: sha1 }]),
    ...(sha256 === '' ? [] : [{ alg: HashAlgorithm['SHA-256'], content: sha256 }]),
  ];
  const stated = licenses(one.licenses);
  return {
    type: APPLICATIONS.has(one.type) ? ComponentType.Application : ComponentType.Library,
    name: one.name, ...(one.version === '' ? {} : { version: shorten(one.version, MAX_VERSION) }), 'bom-ref': ref,
    ...(hashes.length === 0 ? {} : { hashes }), ...(stated.length === 0 ? {} : { licenses: stated }), ...(one.purl === '' ? {} : { purl: one.purl }),
    ...properties([
      ['inline-scan:layer:diffId', layer?.diffId ?? ''], ['inline-scan:layer:index', layer === undefined ? '' : String(layer.index)],
      ['inline-scan:package:architecture', one.architecture], ['inline-scan:package:path', one.path], ['inline-scan:package:type', one.type],
      ['inline-scan:source:name', one.source.name], ['inline-scan:source:version', one.source.version],
    ]),
  };
}

function properties(pairs: readonly (readonly [name: string, value: string])[]): { properties?: Property[] } {
  const said = pairs.filter(([, value]) => value !== '').map(([name, value]) => ({ name, value }));
  return said.length === 0 ? {} : { properties: said };
}

/** An expression stands alone in the schema; beside others it is a licence by name. */
function licenses(stated: readonly string[]): License[] {
  const read = [...new Set(stated)].map(licenseOf).filter(({ text }) => text !== '');
  const [only] = read;
  if (read.length === 1 && only?.kind === 'expression') return [{ expression: only.text }];
  return read.map(({ kind, text }) => (kind === 'id' ? { license: { id: text } } : { license: { name: text } }));
}
