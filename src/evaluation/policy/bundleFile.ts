import type { z } from 'zod';
import { InputError } from '../../errors.js';
import type { ConfigFile } from '../configFile.js';
import { explainIssue } from './explainIssue.js';

/** Where something is in a bundle. */
export type Path = readonly PropertyKey[];

/** A file of policies, and how to say what is wrong with it: with its name, the line, and the word that the user wrote. */
export class BundleFile {
  readonly config: ConfigFile;
  /** Where the bundle is in the file: Anchore's API wraps it. */
  private readonly root: Path;
  /** How keys were written that have another name here. */
  private readonly written: ReadonlyMap<string, string>;

  constructor(config: ConfigFile, root: Path = [], written: ReadonlyMap<string, string> = new Map()) {
    this.config = config;
    this.root = root;
    this.written = written;
  }

  /** The value in the shape of a schema. Throws InputError. */
  parse<Schema extends z.ZodType>(schema: Schema, value: unknown, path: Path, prefix = ''): z.infer<Schema> {
    const result = schema.safeParse(value, { reportInput: true });
    if (result.success) return result.data;
    const issue = result.error.issues[0] as z.core.$ZodIssue;
    throw this.error([...path, ...issue.path], prefix + explainIssue(issue, schema));
  }

  /** What `run` gives; an Error that it throws gets the place. */
  attempt<Result>(path: Path, run: () => Result, prefix = ''): Result {
    try {
      return run();
    } catch (error) {
      throw error instanceof InputError ? error : this.error(path, prefix + (error as Error).message);
    }
  }

  /** Throws InputError where an id is there twice. */
  unique(ids: readonly string[], path: Path, noun: string): void {
    const at = ids.findIndex((id, index) => ids.indexOf(id) !== index);
    if (at >= 0) throw this.error([...path, at], `the ${noun} id ${JSON.stringify(ids[at])} is there twice`);
  }

  error(path: Path, message: string): InputError {
    const asWritten = [...this.root, ...path.map((key) => (typeof key === 'string' ? this.written.get(key) ?? key : key))];
    const text = /[.?]$/.test(message) ? message : `${message}.`;
    return new InputError(`${this.config.file}, line ${this.config.lineOf(asWritten)}: ${text}`);
  }
}
