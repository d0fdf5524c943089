import { linkDestination } from '../../analyzers/files/names.js';
import type { Analyzer, ReportSections } from '../../analyzers/analyzer.js';
import type { InstalledPackage } from '../../analyzers/package.js';
import { osPackageSections } from '../../analyzers/os/sections.js';
import { maskOf } from '../../analyzers/secrets/imageMask.js';
import { flattenOver } from '../../image/flatten.js';
import type { Image } from '../../image/image.js';
import type { Problem } from '../../image/layer.js';
import { byCodeUnits } from '../../text/order.js';
import { baseImageSections } from '../baseImage.js';
import { imageReport, type ImageReportOptions } from '../imageReport.js';
import { historyLayers, imageRows, INVENTORY, layersRows, packagesRows } from '../inventory.js';
import { layerInfoSections } from '../layerInfo.js';
import { licenseSections } from '../licenses.js';
import { isOsPackage, markOwned } from '../ownership.js';
import { otherPackageSections } from '../packages.js';
import type { WrittenReport } from '../written.js';
import { blockOf, jsonOf, LAYERS, metaOf, PACKAGES, type Foundation, type FoundationMeta, type KeptPart, type OutputName } from './foundation.js';
import { GroundTable } from './groundTable.js';
import { PathRows } from './rows.js';
import { NotKept, Standing } from './standing.js';
import { TextSections } from './textSections.js';
import type { Looked } from './watched.js';

/**
 * Writes the report of an image whose lower layers a foundation holds. Analyzers speak again where the layers above touch what they looked at; what the
 * others said is copied. The same bytes come of every foundation of the image's layers, however many it holds.
 * Undefined where only laying out all layers tells (see {@link flattenOver}).
 * @param image its upper layers with their facts; of the lower ones, sizes and digests are enough
 */
export function standOn(foundation: Foundation, image: Omit<Image, 'flattened'>, analyzers: readonly Analyzer[], options: ImageReportOptions): WrittenReport | undefined {
  const meta = metaOf(foundation);
  const ground = new GroundTable(foundation.get('nodes'), foundation.get('links'));
  const upper = image.layers.slice(meta.layers.length);
  const overlay = flattenOver(ground, upper.map(({ facts }) => facts.entries), meta.layers.length);
  if (overlay === undefined) return undefined;
  const standing = new Standing(foundation, ground, overlay, image, meta.layers.length, analyzers);
  try {
    return new Writing(foundation, meta, standing, analyzers).report(options);
  } catch (error) {
    if (error instanceof NotKept) return undefined;
    throw error;
  }
}

/** What an analyzer says now. */
interface Said {
  readonly packages: readonly InstalledPackage[];
  readonly isSame: boolean;
}

class Writing {
  private readonly foundation: Foundation;
  private readonly meta: FoundationMeta;
  private readonly standing: Standing;
  private readonly analyzers: readonly Analyzer[];
  private readonly sections = new TextSections();
  private readonly problems: Problem[];
  /** Analyzers whose facts came or went. */
  private readonly touched: ReadonlySet<string>;
  private readonly changedPaths: readonly string[];

  constructor(foundation: Foundation, meta: FoundationMeta, standing: Standing, analyzers: readonly Analyzer[]) {
    this.foundation = foundation;
    this.meta = meta;
    this.standing = standing;
    this.analyzers = analyzers;
    const upper = standing.image.layers.slice(meta.layers.length);
    this.problems = [...meta.problems, ...upper.flatMap(({ facts }) => facts.problems)];
    this.changedPaths = [...standing.changed.keys()];
    const places = new PathRows(foundation.get('places'));
    const lost = this.changedPaths.flatMap((path) => (places.get(path) ?? '').split(' ').filter((number) => number !== ''));
    this.touched = new Set([
      ...upper.flatMap(({ facts }) => Object.keys(facts.facts).filter((name) => facts.facts[name]?.length !== 0)),
      ...lost.map((number) => meta.parts[Number(number)]?.name ?? ''),
    ]);
  }

  report(options: ImageReportOptions): WrittenReport {
    const { image } = this.standing;
    const said = this.analyzers.map((analyzer, index) => this.part(analyzer, this.meta.parts[index]));
    this.packages(said);
    const mask = maskOf(image.config, options.mask);
    const history = historyLayers(image, mask);
    this.sections.maps(layerInfoSections(history));
    this.sections.maps(baseImageSections(image));
    this.layers();
    // last: whatever speaks may tell problems
    this.sections.maps(imageRows(image, history, this.problems));
    return {
      imageId: image.identity.imageId,
      sections: this.sections.assembled(),
      manifest: Object.fromEntries(this.analyzers.map(({ name, version }) => [name, { version }] as const).sort(([a], [b]) => byCodeUnits(a, b))),
      imageReport: imageReport(image, history, { ...options, mask }),
    };
  }

  private part(analyzer: Analyzer, kept: KeptPart | undefined): Said {
    if (kept?.name !== analyzer.name) throw new Error(`The foundation is of other analyzers: ${kept?.name} where ${analyzer.name} is`);
    if (analyzer.rows !== undefined) return this.rowsByPath(analyzer, kept, analyzer.rows === 'by-path-with-links');
    if (!this.mustSpeak(analyzer, kept.looked)) {
      this.copy(kept.name, kept.outputs);
      this.problems.push(...kept.problems);
      return { packages: [], isSame: true };
    }
    const view = this.standing.view(analyzer.name, this.problems);
    const packages = analyzer.packages?.(view) ?? [];
    this.sections.maps(analyzer.report?.(view) ?? {});
    const before = this.foundation.get(blockOf.packages(analyzer.name));
    const isSame = packages.length === 0 ? before.length === 0 : before.equals(Buffer.from(JSON.stringify(packages)));
    return { packages, isSame };
  }

  /** Whether what an analyzer said may be said no more. */
  private mustSpeak(analyzer: Analyzer, looked: Looked): boolean {
    if (looked.image || this.touched.has(analyzer.name) || looked.of.some((name) => this.touched.has(name))) return true;
    if (this.changesAny(looked.paths)) return true;
    return looked.everything && (analyzer.goesThrough === undefined || this.changedPaths.some((path) => analyzer.goesThrough?.(path)));
  }

  private changesAny(paths: readonly string[]): boolean {
    return this.standing.changed.size > 0 && paths.some((path) => this.standing.changed.has(path));
  }

  /** The rows of the paths that changed are written anew, between all others as they were. */
  private rowsByPath(analyzer: Analyzer, { name, looked, outputs, problems: told }: KeptPart, withLinks: boolean): Said {
    if (this.changedPaths.length > 0 && (looked.image || looked.of.length > 0 || analyzer.packages !== undefined || this.changesAny(looked.paths))) throw new NotKept(`rows of ${name}`);
    const paths = withLinks ? this.changedWithTargets() : this.changedPaths;
    const problems: Problem[] = [];
    const now = paths.length === 0 ? {} : analyzer.report?.(this.standing.viewAt(paths, withLinks, name, problems)) ?? {};
    const concerned = new Set(paths);
    this.problems.push(...told.filter(({ path }) => !concerned.has(path)), ...problems.filter(({ path }) => concerned.has(path)));
    this.changeRows(name, outputs, now, paths);
    return { packages: [], isSame: true };
  }

  private layers(): void {
    const nodes = [...this.standing.changed.values()].filter((node) => node !== undefined);
    this.changeRows(LAYERS, [[INVENTORY, 'layers']], layersRows(nodes), this.changedPaths);
  }

  private changeRows(part: string, outputs: readonly OutputName[], now: ReportSections, paths: readonly string[]): void {
    const all = new Map<string, OutputName>([...outputs, ...outputNames(now)].map((name) => [name.join(' '), name]));
    for (const [analyzer, output] of all.values()) {
      const rows = new PathRows(this.foundation.get(blockOf.rows(part, [analyzer, output])));
      const base = now[analyzer]?.[output] ?? {};
      this.sections.text([analyzer, output], rows.changed(paths.map((path) => [path, Object.hasOwn(base, path) ? base[path] || 'none' : undefined])));
    }
  }

  /** Where symlinks that came or went lead, a row tells of them. */
  private changedWithTargets(): readonly string[] {
    const { changed, ground } = this.standing;
    const targets = this.changedPaths.flatMap((path) => [ground.get(path), changed.get(path)]).flatMap((node) => (node && linkDestination(node)) ?? []);
    return [...new Set([...this.changedPaths, ...targets])].sort(byCodeUnits);
  }

  private packages(said: readonly Said[]): void {
    const { image } = this.standing;
    if (said.every(({ isSame }) => isSame) && !this.changesAny(this.meta.ownership.paths)) {
      this.copy(PACKAGES, this.meta.packageOutputs);
      return;
    }
    const all = this.analyzers.map(({ name }, index) => (said[index]?.isSame === true ? jsonOf<readonly InstalledPackage[]>(this.foundation, blockOf.packages(name), []) : said[index]?.packages ?? []));
    const packages = all.flat();
    const catalogued = markOwned(packages, image.flattened);
    // files of operating systems' packages are the most of it
    const sameOs = all.every((own, index) => said[index]?.isSame === true || !own.some(isOsPackage)) && this.lostNoOsPackages(said);
    const osOutputs = new Set(outputNames(osPackageSections([])).map((name) => name.join(' ')));
    if (sameOs) this.copy(PACKAGES, this.meta.packageOutputs.filter((name) => osOutputs.has(name.join(' '))));
    else this.sections.maps(osPackageSections(packages.filter(isOsPackage)));
    this.sections.maps(otherPackageSections(packages));
    this.sections.maps(licenseSections(catalogued));
    this.sections.maps(packagesRows(catalogued));
  }

  private lostNoOsPackages(said: readonly Said[]): boolean {
    return this.analyzers.every(({ name }, index) => said[index]?.isSame === true || !jsonOf<readonly InstalledPackage[]>(this.foundation, blockOf.packages(name), []).some(isOsPackage));
  }

  private copy(part: string, outputs: readonly OutputName[]): void {
    for (const name of outputs) this.sections.text(name, [this.foundation.get(blockOf.rows(part, name))]);
  }
}

function outputNames(sections: ReportSections): OutputName[] {
  return Object.entries(sections).flatMap(([analyzer, outputs]) => Object.keys(outputs).map((output): OutputName => [analyzer, output]));
}
