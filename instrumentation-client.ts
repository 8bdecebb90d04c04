import { survivePage } from '@/lib/browser/survive-page'

// Next runs this before everything else in a page.
survivePage()
