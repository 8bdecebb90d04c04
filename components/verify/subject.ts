/** Whose keys a suspect can be asked: a model's, all of them, by its owner; or one copy's disclosed ones, by its buyer. */
export type Subject =
  | { kind: 'model'; id: string; name: string }
  | { kind: 'copy'; id: string; name: string; modelId: string }

export function subjectKey(subject: Subject): string {
  return `${subject.kind}-${subject.id}`
}

export function keySetUrl(subject: Subject): string {
  return subject.kind === 'model' ? `/api/models/${subject.id}/fingerprints` : `/api/copies/${subject.id}/fingerprints`
}
