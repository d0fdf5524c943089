import { LINES_FROM, type Origin } from '../dockerfile/align.js';
import type { Dockerfile, Instruction } from '../dockerfile/instruction.js';
import { readAligned } from '../dockerfile/read.js';
import { assignments } from '../dockerfile/scope.js';
import type { DockerfileLines, EvaluatedImage, Evaluation, Finding, LayerReference, Location } from '../evaluation/evaluation.js';
import type { PatternHit, ScannedImage } from '../report/scanned.js';

/** The workspace's Dockerfile. */
export interface NamedDockerfile {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
  /** The stage that was built, where it is not the last. */
  readonly target?: string | undefined;
}

/**
 * Gives every finding the lines of the Dockerfile that brought it in, and says whether it came with the base image.
 * Where history does not tell, the finding points at FROM or at the Dockerfile as a whole. Lines that a gate has given stay.
 * @throws InputError where the Dockerfile is none: see parseDockerfile.
 */
export function locate(evaluation: Evaluation, image: ScannedImage, dockerfile: NamedDockerfile | undefined): Evaluation {
  const layered = evaluation.findings.map((finding) => withLayer(finding, image));
  if (dockerfile === undefined) return { ...evaluation, findings: layered };
  const finder = new LineFinder(image, dockerfile);
  return { ...evaluation, image: finder.withLines(evaluation.image), findings: layered.map((finding) => ({ ...finding, location: finder.locate(finding) })) };
}

/** A package or a path knows its layer, even where the gate did not say. */
function withLayer(finding: Finding, image: ScannedImage): Finding {
  const { location = {}, vulnerability } = finding;
  const path = location.path ?? vulnerability?.package.path;
  const index = location.layer?.index ?? (path === undefined ? undefined : image.layerOf(path));
  const layer = location.layer ?? layerReference(index, image);
  if (layer === undefined && path === undefined) return finding;
  const hidden = finding.gate === 'secret_scans' && isHidden(path, layer?.index, image);
  return { ...finding, location: { ...location, ...(path === undefined ? {} : { path }), ...(layer === undefined ? {} : { layer }), ...(hidden ? { hidden } : {}) } };
}

/** A secret that only lower layers hold: nobody sees it in the running container, everybody in the image. */
function isHidden(path: string | undefined, layer: number | undefined, { secrets, hiddenSecrets }: ScannedImage): boolean {
  const isHere = (hit: PatternHit): boolean => hit.path === path && (layer === undefined || hit.layer === layer);
  return hiddenSecrets.some(isHere) && !secrets.some(isHere);
}

function layerReference(index: number | undefined, image: ScannedImage): LayerReference | undefined {
  const layer = index === undefined ? undefined : image.layers.find((one) => one.index === index);
  return layer === undefined ? undefined : { index: layer.index, diffId: layer.diffId, instruction: layer.createdBy };
}

class LineFinder {
  private readonly file: string;
  private readonly whole: DockerfileLines;
  private readonly from: DockerfileLines;
  private readonly dockerfile: Dockerfile;
  private readonly origins: readonly Origin[];
  private readonly isSure: boolean;
  /** Row of history of each layer. */
  private readonly rowOfLayer: readonly number[];
  private readonly own: readonly Instruction[];

  constructor(image: ScannedImage, { path, text, target }: NamedDockerfile) {
    const layers = image.layers.filter(({ emptyLayer }) => !emptyLayer).length;
    const { dockerfile, alignment } = readAligned(text, image.history, layers, target);
    this.file = path;
    this.dockerfile = dockerfile;
    this.origins = alignment.origins;
    this.isSure = alignment.confidence >= LINES_FROM;
    this.own = dockerfile.leading.flatMap((stage) => stage.instructions);
    this.whole = { file: path, startLine: 1, endLine: Math.max(1, text.replace(/\r?\n$/, '').split('\n').length) };
    const first = dockerfile.leading[0]?.instructions[0];
    this.from = first === undefined ? this.whole : this.lines([first]);
    const rows = image.history.flatMap(({ emptyLayer }, row) => (emptyLayer ? [] : [row]));
    // Where history has more or fewer layers than the image, no layer is told by its row.
    this.rowOfLayer = rows.length === layers ? rows : [];
  }

  locate(finding: Finding): Location {
    const location = finding.location ?? {};
    // An instruction of the Dockerfile itself is the application's.
    if (location.dockerfile !== undefined) return { fromBase: false, ...location };
    if (location.path?.startsWith('config:') === true) return { ...location, ...this.ofConfig(location.path) };
    if (location.layer !== undefined) return { ...location, ...this.ofRow(this.rowOfLayer[location.layer.index]) };
    return { ...location, ...this.ofTheImage(finding) };
  }

  /** The image with the lines of its layers, one for each row of history. */
  withLines(image: EvaluatedImage): EvaluatedImage {
    if (image.layers.length !== this.origins.length) return image;
    return { ...image, layers: image.layers.map((layer, row) => {
      const told = this.ofRow(row);
      return told.fromBase === undefined ? layer : { ...layer, ...told };
    }) };
  }

  private ofRow(row: number | undefined): Pick<Location, 'dockerfile' | 'fromBase'> {
    const origin = row === undefined ? undefined : this.origins[row];
    // A Dockerfile of FROM alone has nothing to be sure by, and nowhere else to point.
    if (origin === undefined || (!this.isSure && this.own.length > 1)) return { dockerfile: this.whole };
    if (origin.kind === 'base') return { dockerfile: this.from, fromBase: true };
    if (origin.kind === 'instructions') return { dockerfile: this.lines(origin.instructions), fromBase: false };
    return { dockerfile: this.whole };
  }

  /** `config:env:NAME` and its kin: the last instruction that sets it, else what was there before. */
  private ofConfig(path: string): Pick<Location, 'dockerfile' | 'fromBase'> {
    const [, kind = '', ...rest] = path.split(':');
    const name = rest.join(':');
    if (kind === 'history') return this.ofRow(Number(name));
    const keywords = CONFIG_KEYWORDS[kind];
    if (keywords === undefined) return { dockerfile: this.whole };
    const setting = this.own.findLast(({ keyword, args }) => keywords.includes(keyword) && (name === '' || assignments(keyword, args, '\\').some((one) => one.name === name)));
    if (setting !== undefined) return { dockerfile: this.lines([setting]), fromBase: false };
    return this.isSure ? { dockerfile: this.from, fromBase: true } : { dockerfile: this.whole };
  }

  /** What is said of the image as a whole: of its user at the last USER, of its ports at EXPOSE, else at the FROM of the stage that was built. */
  private ofTheImage({ trigger, message }: Finding): Pick<Location, 'dockerfile' | 'fromBase'> {
    const keyword = trigger === 'effective_user' ? 'USER' : trigger === 'exposed_ports' ? 'EXPOSE' : undefined;
    const port = /\((\d{1,5})/.exec(message)?.[1];
    const said = keyword === undefined ? undefined : this.own.findLast((instruction) => instruction.keyword === keyword
      && (keyword !== 'EXPOSE' || port === undefined || instruction.resolved.split(/\s+/).some((token) => token.split('/')[0] === port)));
    const last = this.dockerfile.leading.at(-1)?.instructions[0];
    if (said !== undefined) return { dockerfile: this.lines([said]), fromBase: false };
    return { dockerfile: last === undefined ? this.whole : this.lines([last]) };
  }

  private lines(instructions: readonly Instruction[]): DockerfileLines {
    const starts = instructions.map(({ startLine }) => startLine);
    const ends = instructions.map(({ endLine }) => endLine);
    return { file: this.file, startLine: Math.min(...starts), endLine: Math.max(...ends) };
  }
}

const CONFIG_KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  env: ['ENV', 'ARG'], arg: ['ARG'], label: ['LABEL'], cmd: ['CMD'], entrypoint: ['ENTRYPOINT'], healthcheck: ['HEALTHCHECK'], author: ['MAINTAINER'], user: ['USER'],
};
