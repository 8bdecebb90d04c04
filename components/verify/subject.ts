/** A key set that the user may test with: all keys of a model for its owner, or a copy's disclosed keys for its buyer. */
export type Subject =
  | { kind: 'model'; id: string; name: string }
  | { kind: 'copy'; id: string; name: string; modelId: string }

export function subjectKey(subject: Subject): string {
  return `${subject.kind}-${subject.id}`
}

export function keySetUrl(subject: Subject): string {
  return subject.kind === 'model' ? `/api/models/${subject.id}/fingerprints` : `/api/copies/${subject.id}/fingerprints`
}

/** Where a model's owner has the answers to its keys judged. */
export function traceUrl(model: string): string {
  return `/api/models/${model}/trace`
}

/** Where a model's owner has ordinary answers judged, or sees how far that is. */
export function listeningUrl(model: string, listening?: string): string {
  return `/api/models/${model}/listenings${listening ? `/${listening}` : ''}`
}
