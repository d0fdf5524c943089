import { getExecOutput } from '@actions/exec';

/** What the engine says of an image before it is saved. */
export interface EngineImage {
  readonly id: string;
  readonly diffIds: readonly string[];
}

/** Asks the engine for the image's layers, to find what is kept of them; undefined where it does not say: the scan itself tells why. */
export async function engineImage(name: string, engine: 'docker' | 'podman' | undefined): Promise<EngineImage | undefined> {
  for (const program of engine === undefined ? ['docker', 'podman'] : [engine]) {
    const found = await inspect(program, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function inspect(program: string, name: string): Promise<EngineImage | undefined> {
  try {
    const { exitCode, stdout } = await getExecOutput(program, ['image', 'inspect', '--', name], { silent: true, ignoreReturnCode: true });
    if (exitCode !== 0) return undefined;
    const [first] = JSON.parse(stdout) as { Id?: unknown; RootFS?: { Layers?: unknown } }[];
    const layers = first?.RootFS?.Layers;
    if (typeof first?.Id !== 'string' || !Array.isArray(layers)) return undefined;
    return { id: first.Id, diffIds: layers.filter((layer): layer is string => typeof layer === 'string') };
  } catch {
    // no such program, or an answer of another kind
    return undefined;
  }
}
