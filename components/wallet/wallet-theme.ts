import { lightTheme, type Theme } from '@rainbow-me/rainbowkit'

const base = lightTheme({ borderRadius: 'medium', overlayBlur: 'small' })

/** RainbowKit's theme in our design tokens, which follow light and dark. */
export const walletTheme: Theme = {
  ...base,
  fonts: { body: 'var(--font-geist-sans), system-ui, sans-serif' },
  colors: {
    ...base.colors,
    accentColor: 'var(--accent)',
    accentColorForeground: 'var(--on-accent)',
    actionButtonBorder: 'var(--border)',
    actionButtonBorderMobile: 'var(--border)',
    actionButtonSecondaryBackground: 'var(--sunken)',
    closeButton: 'var(--text-muted)',
    closeButtonBackground: 'var(--sunken)',
    error: 'var(--danger)',
    generalBorder: 'var(--border)',
    generalBorderDim: 'var(--border)',
    menuItemBackground: 'var(--sunken)',
    modalBackdrop: 'rgb(0 0 0 / 0.5)',
    modalBackground: 'var(--surface)',
    modalBorder: 'var(--border)',
    modalText: 'var(--text)',
    modalTextDim: 'var(--text-muted)',
    modalTextSecondary: 'var(--text-muted)',
    profileAction: 'var(--sunken)',
    profileActionHover: 'var(--border)',
    profileForeground: 'var(--surface)',
    selectedOptionBorder: 'var(--accent)',
  },
}
