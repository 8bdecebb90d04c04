const pictures: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
}

/** The media type of a picture that a page may show; null for any other file. SVG is none: it can hold scripts. */
export function pictureType(path: string): string | null {
  return pictures[/\.(\w+)$/.exec(path)?.[1].toLowerCase() ?? ''] ?? null
}

/** Whether a file of a model is there to be read by everybody: pictures and documents, but no weights and no tokenizer. */
export function isOpenFile(path: string): boolean {
  return pictureType(path) !== null || /(^|\/)(LICEN[CS]E|NOTICE|README|USE_POLICY)(\.\w+)?$|\.md$/i.test(path)
}
