import type { ApiScope } from '@/lib/api/scopes'

/** What each scope of a token allows, in words. */
export const scopeNames: Record<ApiScope, string> = {
  'copies:read': 'Download your copies',
  'copies:order': 'Ask minters for quotes',
  'models:publish': 'Upload drafts of models',
  'models:trace': 'Name copies of your models by their answers',
  webhooks: 'Manage your webhooks',
}
