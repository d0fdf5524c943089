import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import * as Serialize from '@cyclonedx/cyclonedx-library/Serialize';
import * as Spec from '@cyclonedx/cyclonedx-library/Spec';
import type { Evaluation, Finding } from '../evaluation/evaluation.js';
import type { ScannedImage } from '../report/scanned.js';
import { licenseOf } from './bom/licenses.js';
import { dependenciesOf, imagePurl, namedPackages, uuidOf, type NamedPackage } from './bom/packages.js';
import { vulnerabilitiesOf } from './bom/vulnerabilities.js';
import { shorten } from './describe.js';

/**
 * The bill of materials: CycloneDX 1.6 in JSON, with the vulnerabilities and what was decided about them.
 * The same bytes for the same image and evaluation.
 */
export function bom(evaluation: Evaluation, image: ScannedImage): string {
  const packages = namedPackages(image);
  const components = new Map(packages.map((named) => [named.ref, componentOf(named, image)]));
  const dependencies = dependenciesOf(packages);
  for (const named of packages) {
    for (const needed of dependencies(named)) {
      const component = components.get(needed.ref);
      if (component !== undefined && needed !== named) components.get(named.ref)?.dependencies.add(component.bomRef);
    }
  }
  const subject = container(image);
  const system = operatingSystem(image);
  for (const component of [...components.values(), ...system]) subject.dependencies.add(component.bomRef);
  const bill = new Models.Bom({
    serialNumber: `urn:uuid:${uuidOf(`${image.id} ${evaluation.evaluatedAt}`)}`,
    metadata: new Models.Metadata({
      timestamp: new Date(evaluation.evaluatedAt), component: subject,
      tools: new Models.Tools({ components: new Models.ComponentRepository([new Models.Component(Enums.ComponentType.Application, evaluation.tool.name, { version: evaluation.tool.version })]) }),
      lifecycles: new Models.LifecycleRepository([new Models.NamedLifecycle('container image scan')]),
    }),
    components: new Models.ComponentRepository([...system, ...components.values()]),
    vulnerabilities: new Models.Vulnerability.VulnerabilityRepository(vulnerabilitiesOf(evaluation, refsBy(packages, components))),
  });
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bill, { sortLists: true, space: 2 })}\n`;
}

function container(image: ScannedImage): Models.Component {
  const purl = imagePurl(image);
  const layers = image.layers.filter(({ emptyLayer }) => !emptyLayer);
  return new Models.Component(Enums.ComponentType.Container, image.name, {
    bomRef: `image-${image.id}`, ...(image.digest === '' ? {} : { version: image.digest }), ...(purl === '' ? {} : { purl }),
    properties: properties([
      ['inline-scan:image:id', image.id], ['inline-scan:image:architecture', image.architecture], ['inline-scan:image:os', image.os],
      ...layers.map(({ index, diffId }): [string, string] => [`inline-scan:layer:${index}:diffId`, diffId]),
      ...image.repoTags.map((tag, index): [string, string] => [`inline-scan:image:tag:${index}`, tag]),
    ]),
  });
}

/** Readers of the bill match packages by the distribution that it names. */
function operatingSystem({ distro }: ScannedImage): Models.Component[] {
  if (distro.id === '') return [];
  return [new Models.Component(Enums.ComponentType.OperatingSystem, distro.id, { bomRef: `os:${distro.id}@${distro.version}`, ...(distro.version === '' ? {} : { version: distro.version }) })];
}

/** The schema's limit; no real version comes near. */
const MAX_VERSION = 1024;
const APPLICATIONS = new Set(['binary', 'wordpress', 'jetbrains', 'vscode']);

function componentOf({ package: one, ref, sha256, sha1 }: NamedPackage, image: ScannedImage): Models.Component {
  const layer = image.layers.find(({ index, emptyLayer }) => !emptyLayer && index === one.layer);
  const hashes = new Models.HashDictionary();
  if (sha256 !== '') hashes.set(Enums.HashAlgorithm['SHA-256'], sha256);
  if (sha1 !== '') hashes.set(Enums.HashAlgorithm['SHA-1'], sha1);
  return new Models.Component(APPLICATIONS.has(one.type) ? Enums.ComponentType.Application : Enums.ComponentType.Library, one.name, {
    bomRef: ref, version: shorten(one.version, MAX_VERSION), ...(one.purl === '' ? {} : { purl: one.purl }), hashes, licenses: licenses(one.licenses),
    properties: properties([
      ['inline-scan:package:type', one.type], ['inline-scan:package:path', one.path], ['inline-scan:package:architecture', one.architecture],
      ['inline-scan:source:name', one.source.name], ['inline-scan:source:version', one.source.version],
      ['inline-scan:layer:index', layer === undefined ? '' : String(layer.index)], ['inline-scan:layer:diffId', layer?.diffId ?? ''],
    ]),
  });
}

function properties(pairs: readonly (readonly [string, string])[]): Models.PropertyRepository {
  return new Models.PropertyRepository(pairs.filter(([, value]) => value !== '').map(([name, value]) => new Models.Property(name, value)));
}

/** An expression stands alone in the schema; beside others it is a licence by name. */
function licenses(stated: readonly string[]): Models.LicenseRepository {
  const read = [...new Set(stated)].map(licenseOf).filter(({ text }) => text !== '');
  const [only] = read;
  if (read.length === 1 && only?.kind === 'expression') return new Models.LicenseRepository([new Models.LicenseExpression(only.text)]);
  return new Models.LicenseRepository(read.map(({ kind, text }) => (kind === 'id' ? new Models.SpdxLicense(text) : new Models.NamedLicense(text))));
}

/** Finds the components that a finding is about: by what it is and where it lies, else by what it is. */
function refsBy(packages: readonly NamedPackage[], components: ReadonlyMap<string, Models.Component>): (finding: Finding) => readonly Models.BomRef[] {
  const byPlace = new Map<string, Models.BomRef[]>();
  const add = (key: string, ref: Models.BomRef): void => { byPlace.set(key, [...(byPlace.get(key) ?? []), ref]); };
  for (const { package: { type, name, version, path }, ref } of packages) {
    const component = components.get(ref);
    if (component === undefined) continue;
    add(JSON.stringify([type, name, version, path]), component.bomRef);
    add(JSON.stringify([type, name, version]), component.bomRef);
  }
  return ({ vulnerability, location }) => {
    if (vulnerability === undefined) return [];
    const { type, name, version, path } = vulnerability.package;
    return byPlace.get(JSON.stringify([type, name, version, path ?? location?.path])) ?? byPlace.get(JSON.stringify([type, name, version])) ?? [];
  };
}
