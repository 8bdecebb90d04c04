import { Upload } from 'tus-js-client'
import { type Draft, draftSchema } from '../../lib/manifest/draft'
import type { FileEntry } from '../../lib/manifest/manifest'
import type { Session } from './sign-in'

export type LocalFile = FileEntry & { bytes: Buffer }

/** A signed-in creator: publishes over the same routes as the publish page. */
export type Creator = {
  draft(files: LocalFile[]): Promise<Draft>
  upload(draft: Draft, file: LocalFile): Promise<void>
  /** Lets visitors try the model in their browser. */
  finalize(draft: Draft): Promise<Draft>
}

export function creatorOf(site: string, { cookie, post }: Session): Creator {
  const postDraft = async (path: string, body: unknown) => draftSchema.parse(await (await post(path, body)).json())
  return {
    draft: (files) => postDraft('/api/drafts', { files: files.map(({ bytes: _, ...file }) => file) }),
    finalize: ({ id }) => postDraft(`/api/drafts/${id}/finalize`, { playground: true }),
    upload: ({ id }, { path, bytes }) =>
      new Promise((resolve, reject) =>
        new Upload(bytes, {
          endpoint: `${site}/api/uploads`,
          headers: { cookie },
          metadata: { draft: id, path },
          onSuccess: () => resolve(),
          onError: reject,
        }).start(),
      ),
  }
}
