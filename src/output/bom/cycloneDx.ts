import type { Serialize } from '@cyclonedx/cyclonedx-library';

/**
 * CycloneDX documents in JSON, as the official library's serializer writes them: its own types. They are put together here, since the library's way there
 * takes a tenth of a warm scan and sorts by the rules of the user's language, so that bytes differ from machine to machine.
 * A test holds both against each other, and the library validates what comes of it.
 */
export type Bom = Serialize.JSON.Types.Normalized.Bom;
export type Component = Serialize.JSON.Types.Normalized.Component;
export type Dependency = Serialize.JSON.Types.Normalized.Dependency;
export type License = Serialize.JSON.Types.Normalized.License;
export type Property = Serialize.JSON.Types.Normalized.Property;
export type Vulnerability = Serialize.JSON.Types.Normalized.Vulnerability;
export type Analysis = Serialize.JSON.Types.Normalized.Vulnerability.Analysis;
export type Affect = Serialize.JSON.Types.Normalized.Vulnerability.Affect;
