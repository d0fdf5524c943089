import type { AdvisorySource } from '../evaluation/advisories/open.js';
import { explain, type EvaluationContext } from '../evaluation/evaluate.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import type { AdvisoryAnswer } from '../evaluation/vulnerability.js';
import type { Backend, Subject } from './backend.js';

export interface EmbeddedOptions extends Pick<EvaluationContext, 'bundles' | 'exceptions' | 'vex' | 'tool'> {
  /** null: the user wants none. */
  readonly advisories: AdvisorySource | null;
  readonly now: () => Date;
  /** Given the lines that say which mapping, policies, rules and exceptions applied. */
  readonly onExplained: (lines: readonly string[]) => void;
}

/** This process evaluates: policies, exceptions and advisories are at hand, and nothing is sent but what the advisories' source needs. */
export class EmbeddedBackend implements Backend {
  readonly name = 'embedded';
  private readonly options: EmbeddedOptions;

  constructor(options: EmbeddedOptions) {
    this.options = options;
  }

  async evaluate({ image, dockerfilePath, dockerfileTarget, baseLayers }: Subject): Promise<Evaluation> {
    const { bundles, exceptions, vex, tool, now, onExplained } = this.options;
    const { evaluation, lines } = explain(image, {
      bundles, exceptions, vex, tool, now: now(), advisories: await this.advisories(image),
      ...(dockerfilePath === undefined ? {} : { dockerfilePath }),
      ...(dockerfileTarget === undefined ? {} : { dockerfileTarget }),
      ...(baseLayers === undefined ? {} : { baseLayers }),
    });
    onExplained(lines);
    return evaluation;
  }

  private async advisories(image: Subject['image']): Promise<AdvisoryAnswer | { readonly unavailable: string }> {
    const { advisories } = this.options;
    return advisories === null ? { unavailable: 'advisories are switched off (advisories: none)' } : advisories.match(image.packages, image.distro);
  }
}
