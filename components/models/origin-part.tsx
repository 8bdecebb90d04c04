'use client'

import { lazyPart } from '@/components/ui/lazy-part'

/** What moves in the tab about a model’s origin, and asks the chain: loaded when the tab is opened. */
export const OriginPart = lazyPart(() => import('./origin-parts').then(({ OriginPart }) => OriginPart))
