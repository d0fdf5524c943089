import type { Dockerfile, Instruction } from '../dockerfile/instruction.js';
import type { Alignment } from '../dockerfile/origin.js';
import { readAligned } from '../dockerfile/read.js';
import type { DockerfileLines, EvaluatedImage, Finding, Location } from '../evaluation/evaluation.js';
import type { ScannedImage } from '../report/scanned.js';
import type { NamedDockerfile } from './locate.js';
import { settingOf, type Setting } from './settings.js';

type Lines = Pick<Location, 'dockerfile' | 'fromBase'>;

/** Finds the lines of one image's Dockerfile. */
export class LineFinder {
  private readonly file: string;
  private readonly whole: DockerfileLines;
  private readonly from: DockerfileLines;
  private readonly dockerfile: Dockerfile;
  private readonly alignment: Alignment;
  private readonly image: ScannedImage;
  /** Row of history of each layer. */
  private readonly rowOfLayer: readonly number[];
  /** The first layer that is the Dockerfile's own: none after it is the base's. */
  private readonly firstOwn: number;

  /** @throws InputError where the Dockerfile is none: see parseDockerfile. */
  constructor(image: ScannedImage, { path, text, target }: NamedDockerfile) {
    const layers = image.layers.filter(({ emptyLayer }) => !emptyLayer).length;
    const { dockerfile, alignment } = readAligned(text, image.history, layers, target);
    this.file = path;
    this.image = image;
    this.dockerfile = dockerfile;
    this.alignment = alignment;
    this.whole = { file: path, startLine: 1, endLine: Math.max(1, text.replace(/\r?\n$/, '').split('\n').length) };
    const first = dockerfile.leading[0]?.instructions[0];
    this.from = first === undefined ? this.whole : this.lines([first]);
    const rows = image.history.flatMap(({ emptyLayer }, row) => (emptyLayer ? [] : [row]));
    // Where history has more or fewer layers than the image, no layer is told by its row.
    this.rowOfLayer = rows.length === layers ? rows : [];
    const firstOwn = alignment.origins.findIndex(({ kind }, row) => kind === 'instructions' && image.history[row]?.emptyLayer === false);
    this.firstOwn = firstOwn === -1 ? Infinity : firstOwn;
  }

  locate(finding: Finding): Location {
    const location = finding.location ?? {};
    // An instruction of the Dockerfile itself is the application's.
    if (location.dockerfile !== undefined) return { fromBase: false, ...location };
    const setting = settingOf(finding);
    if (setting !== undefined) return { ...location, ...this.ofSetting(setting) };
    if (location.layer !== undefined) return { ...location, ...this.ofRow(this.rowOfLayer[location.layer.index]) };
    return { ...location, dockerfile: this.stage() };
  }

  /** The image with the lines of its layers, one for each row of history, and how far history bears the Dockerfile out. */
  withLines(image: EvaluatedImage): EvaluatedImage {
    const { agreement, confidence, origins } = this.alignment;
    const compared = { ...image, dockerfile: { file: this.file, agreement, confidence: Math.round(confidence * 100) / 100 } };
    if (image.layers.length !== origins.length) return compared;
    return { ...compared, layers: image.layers.map((layer, row) => {
      const told = this.ofRow(row);
      return told.dockerfile === this.whole ? layer : { ...layer, ...told };
    }) };
  }

  /** What a reader should know where not every finding is at its line. */
  notice(): string | undefined {
    const { agreement, confidence, origins } = this.alignment;
    if (this.image.history.length === 0) return `The image has no history, so findings point at ${this.file} as a whole.`;
    const share = `${Math.floor(confidence * 100)} %`;
    switch (agreement) {
      case 'none': return `${this.file} and the image's history agree too little to tell lines (${share}): it is another image's, or was changed a lot since. Findings point at it as a whole. Name the right one with dockerfile, and its stage with target.`;
      case 'part': return `${this.file} has changed since the image was built (${share} of its instructions agree with history): findings point at the lines that agree, the others at the file as a whole. Build the image anew.`;
      case 'within': return `The image's history goes on after ${this.file}'s last instruction (${share} agree): findings of what came later point at the file as a whole.`;
      case 'whole': return origins.some(({ kind }, row) => kind === 'unsure' && this.image.history[row]?.emptyLayer === false)
        ? `A layer of the image holds the base's files and those of ${this.file}'s instructions, as squashing leaves it: its findings point at the file as a whole.` : undefined;
    }
  }

  private ofRow(row: number | undefined): Lines {
    const origin = row === undefined ? undefined : this.alignment.origins[row];
    if (origin?.kind === 'base') return { dockerfile: this.from, fromBase: true };
    if (origin?.kind === 'instructions') return { dockerfile: this.lines(origin.instructions), fromBase: false };
    return { dockerfile: this.whole, ...(row !== undefined && row > this.firstOwn ? { fromBase: false } : {}) };
  }

  /** The last row that sets it; where history tells none, the base's, which is not the Dockerfile's to say. */
  private ofSetting(setting: Setting): Lines {
    const row = setting.rowIn(this.image.history);
    if (row !== undefined) return this.ofRow(row);
    if (this.alignment.agreement !== 'whole' || setting.otherwise === 'unknown') return { dockerfile: this.whole };
    // some builders write the rows of layers alone
    const own = this.dockerfile.leading.flatMap(({ instructions }) => instructions).findLast((instruction) => setting.isSetBy(instruction));
    if (own !== undefined) return { dockerfile: this.lines([own]), fromBase: false };
    return setting.otherwise === 'base' ? { dockerfile: this.from, fromBase: true } : { dockerfile: this.stage() };
  }

  /** The FROM of the stage that was built: for what is said of the image as a whole. */
  private stage(): DockerfileLines {
    const last = this.dockerfile.leading.at(-1)?.instructions[0];
    return last === undefined || this.alignment.agreement === 'none' ? this.whole : this.lines([last]);
  }

  private lines(instructions: readonly Instruction[]): DockerfileLines {
    const starts = instructions.map(({ startLine }) => startLine);
    const ends = instructions.map(({ endLine }) => endLine);
    return { file: this.file, startLine: Math.min(...starts), endLine: Math.max(...ends) };
  }
}
