import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import * as Serialize from '@cyclonedx/cyclonedx-library/Serialize';
import * as Spec from '@cyclonedx/cyclonedx-library/Spec';
import type { Bom, Component, Vulnerability } from '../../src/output/bom/cycloneDx.js';

/**
 * What CycloneDX's official library writes of a bill: it goes through the library's models, and its normalizer and serializer for 1.6.
 * Whatever they would leave out, change or write in another way differs.
 */
export function asTheLibraryWrites(text: string): string {
  const read = JSON.parse(text) as Required<Bom>;
  const refs = new Map<string, Models.Component>();
  const component = (one: Component): Models.Component => {
    const made = componentOf(one);
    refs.set(one['bom-ref'] ?? '', made);
    return made;
  };
  const subject = component(read.metadata.component as Component);
  const components = read.components.map(component);
  for (const { ref, dependsOn = [] } of read.dependencies) {
    for (const needed of dependsOn) refs.get(ref)?.dependencies.add((refs.get(needed) as Models.Component).bomRef);
  }
  const [tool] = (read.metadata.tools as { components: Component[] }).components;
  const bill = new Models.Bom({
    serialNumber: read.serialNumber, version: read.version,
    metadata: new Models.Metadata({
      timestamp: new Date(read.metadata.timestamp ?? ''), component: subject,
      tools: new Models.Tools({ components: new Models.ComponentRepository([componentOf(tool as Component)]) }),
      lifecycles: new Models.LifecycleRepository((read.metadata.lifecycles ?? []).map((one) => new Models.NamedLifecycle((one as { name: string }).name))),
    }),
    components: new Models.ComponentRepository(components),
    vulnerabilities: new Models.Vulnerability.VulnerabilityRepository((read.vulnerabilities ?? []).map((one) => vulnerabilityOf(one, refs))),
  });
  return `${new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6)).serialize(bill, { sortLists: false, space: 2 })}\n`;
}

function componentOf(one: Component): Models.Component {
  return new Models.Component(one.type, one.name, {
    ...(one['bom-ref'] === undefined ? {} : { bomRef: one['bom-ref'] }), ...(one.version === undefined ? {} : { version: one.version }), ...(one.purl === undefined ? {} : { purl: one.purl }),
    hashes: new Models.HashDictionary((one.hashes ?? []).map(({ alg, content }) => [alg, content])),
    licenses: new Models.LicenseRepository((one.licenses ?? []).map((license) => {
      if ('expression' in license) return new Models.LicenseExpression(license.expression);
      return 'id' in license.license ? new Models.SpdxLicense(license.license.id) : new Models.NamedLicense(license.license.name);
    })),
    properties: new Models.PropertyRepository((one.properties ?? []).map(({ name = '', value = '' }) => new Models.Property(name, value))),
  });
}

function vulnerabilityOf(one: Vulnerability, refs: ReadonlyMap<string, Models.Component>): Models.Vulnerability.Vulnerability {
  const { Advisory, AdvisoryRepository, Affect, AffectRepository, AffectedSingleVersion, AffectedVersionRepository, Analysis, Rating, RatingRepository, Reference, ReferenceRepository, Source } = Models.Vulnerability;
  const { response = [], ...analysis } = one.analysis ?? {};
  return new Models.Vulnerability.Vulnerability({
    bomRef: one['bom-ref'] ?? '', id: one.id ?? '', source: new Source(one.source),
    references: new ReferenceRepository((one.references ?? []).map(({ id, source }) => new Reference(id, new Source(source)))),
    ratings: new RatingRepository((one.ratings ?? []).map(({ score, severity, method, vector }) => new Rating({ score, severity, method, vector } as ConstructorParameters<typeof Rating>[0]))),
    ...(one.description === undefined ? {} : { description: one.description }), recommendation: one.recommendation ?? '',
    advisories: new AdvisoryRepository((one.advisories ?? []).map(({ url }) => new Advisory(url))),
    ...(one.published === undefined ? {} : { published: new Date(one.published) }),
    analysis: new Analysis({ ...analysis, response: new Enums.Vulnerability.AnalysisResponseRepository(response) }),
    affects: new AffectRepository((one.affects ?? []).map(({ ref, versions = [] }) => new Affect((refs.get(ref) as Models.Component).bomRef, {
      versions: new AffectedVersionRepository(versions.map((version) => new AffectedSingleVersion((version as { version: string }).version, { status: version.status as Enums.Vulnerability.AffectStatus }))),
    }))),
  });
}
