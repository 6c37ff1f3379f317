import { createTheme, type Theme } from '@mui/material/styles';
import type {} from '@mui/x-data-grid/themeAugmentation';
import { i18n } from './i18n';
import { dark, light, type Tone } from './palette';

interface ConsoleColours {
  readonly rail: { main: string; ink: string; inkSoft: string; selected: string; accent: string };
  readonly tone: Record<'success' | 'warning' | 'error' | 'info' | 'neutral', Tone>;
  readonly primarySoft: string;
  readonly outline: string;
  readonly chart: Record<string, string>;
}

declare module '@mui/material/styles' {
  interface Palette {
    console: ConsoleColours;
  }
  interface PaletteOptions {
    console?: ConsoleColours;
  }
  interface CssVarsPalette {
    console: ConsoleColours;
  }
}

export type ToneName = keyof ConsoleColours['tone'];

function scheme(colours: typeof light) {
  return {
    palette: {
      primary: { main: colours.primary, dark: colours.primaryHover, contrastText: colours.onPrimary },
      success: { main: colours.success.ink },
      warning: { main: colours.warning.ink },
      error: { main: colours.error.ink },
      info: { main: colours.info.ink },
      background: { default: colours.page, paper: colours.surface },
      text: { primary: colours.ink, secondary: colours.inkSoft },
      divider: colours.line,
      // Of tables and of the data grid, which would derive one that is too faint in light and too heavy in dark.
      TableCell: { border: colours.line },
      Alert: {
        successStandardBg: colours.success.ground,
        successColor: colours.success.ink,
        warningStandardBg: colours.warning.ground,
        warningColor: colours.warning.ink,
        errorStandardBg: colours.error.ground,
        errorColor: colours.error.ink,
        infoStandardBg: colours.info.ground,
        infoColor: colours.info.ink,
      },
      Tooltip: { bg: colours === light ? '#26343a' : '#dfe7e8' },
      console: {
        rail: {
          main: colours.rail,
          ink: colours.railInk,
          inkSoft: colours.railInkSoft,
          selected: colours.railSelected,
          accent: colours.railAccent,
        },
        tone: {
          success: colours.success,
          warning: colours.warning,
          error: colours.error,
          info: colours.info,
          neutral: colours.neutral,
        },
        primarySoft: colours.primarySoft,
        outline: colours.outline,
        chart: Object.fromEntries(colours.chart.map((colour, index) => [String(index), colour])),
      },
    },
  };
}

const headings = { fontWeight: 650, letterSpacing: '-0.012em' };

/** The one theme, light and dark as CSS variables: switching re-renders nothing. */
export const theme: Theme = createTheme({
  cssVariables: { colorSchemeSelector: 'data-theme' },
  colorSchemes: { light: scheme(light), dark: scheme(dark) },
  shape: { borderRadius: 8 },
  typography: {
    fontFamily: '"Inter Variable", system-ui, sans-serif',
    fontSize: 13.5,
    h1: { ...headings, fontSize: '1.5rem', lineHeight: 1.25 },
    h2: { ...headings, fontSize: '1.0625rem', lineHeight: 1.35, letterSpacing: '-0.006em' },
    h3: { ...headings, fontSize: '0.9375rem', lineHeight: 1.4, letterSpacing: 0 },
    body1: { fontSize: '0.9375rem', lineHeight: 1.55 },
    body2: { fontSize: '0.84375rem', lineHeight: 1.5 },
    caption: { fontSize: '0.78125rem', lineHeight: 1.45 },
    button: { textTransform: 'none', fontWeight: 600 },
    overline: { fontSize: '0.71875rem', fontWeight: 650, letterSpacing: '0.06em', lineHeight: 1.6 },
  },
  components: {
    MuiCssBaseline: {
      styleOverrides: {
        // What gets the focus is not left under the bar at the top (WCAG 2.4.11).
        html: { scrollPaddingTop: '64px' },
        body: { overflowY: 'scroll' },
        // Only where figures stand below each other: in running text Inter's tabular hyphens leave gaps.
        'td, time, meter, [role="meter"], .tabular, .MuiDataGrid-cell--textRight': {
          fontVariantNumeric: 'tabular-nums',
        },
        'h1:focus, main:focus': { outline: 'none' },
        code: { fontFamily: 'ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace', fontSize: '0.92em' },
        '@media print': {
          '[data-screen-only], .MuiSnackbar-root, .MuiPopover-root, .MuiTooltip-popper': {
            display: 'none !important',
          },
          '@page': { margin: '14mm' },
          body: { overflow: 'visible', backgroundColor: '#fff', printColorAdjust: 'exact' },
          // Drawn for the window, it is scaled to the sheet.
          '.recharts-responsive-container, .recharts-responsive-container > div, .recharts-wrapper, .recharts-wrapper > svg':
            {
              width: '100% !important',
              height: 'auto !important',
            },
          '.MuiPaper-root': { breakInside: 'avoid' },
        },
        '@media (prefers-reduced-motion: reduce)': {
          '*, *::before, *::after': {
            animationDuration: '0.01ms !important',
            // An endless animation of no length would flicker.
            animationIterationCount: '1 !important',
            scrollBehavior: 'auto !important',
            transitionDuration: '0.01ms !important',
          },
        },
      },
    },
    MuiButtonBase: {
      defaultProps: { disableRipple: true },
      styleOverrides: {
        root: ({ theme: { vars } }) => ({
          '&.Mui-focusVisible': { outline: `2px solid ${vars?.palette.primary.main}`, outlineOffset: 2 },
        }),
      },
    },
    MuiButton: { defaultProps: { disableElevation: true }, styleOverrides: { root: { borderRadius: 7 } } },
    MuiPaper: { defaultProps: { elevation: 0 }, styleOverrides: { root: { backgroundImage: 'none' } } },
    MuiTextField: { defaultProps: { size: 'small' } },
    MuiAutocomplete: {
      defaultProps: {
        size: 'small',
        // MUI's own names of its controls are English.
        openText: i18n.t('common.choices.open'),
        closeText: i18n.t('common.choices.close'),
        clearText: i18n.t('common.choices.clear'),
        noOptionsText: i18n.t('common.choices.none'),
        loadingText: i18n.t('common.loading'),
      },
      styleOverrides: {
        // Over a surface of the same colour its edge is all that tells the list from what is below it.
        paper: ({ theme: { vars } }) => ({
          border: `1px solid ${vars?.palette.divider}`,
          boxShadow: '0 6px 20px rgb(0 0 0 / 0.2)',
        }),
      },
    },
    MuiSelect: { defaultProps: { size: 'small' } },
    MuiFormControl: { defaultProps: { size: 'small' } },
    MuiOutlinedInput: {
      styleOverrides: {
        notchedOutline: ({ theme: { vars } }) => ({ borderColor: vars?.palette.console.outline }),
        root: ({ theme: { vars } }) => ({ backgroundColor: vars?.palette.background.paper }),
      },
    },
    MuiInputLabel: {
      styleOverrides: { root: ({ theme: { vars } }) => ({ color: vars?.palette.text.secondary }) },
    },
    MuiAlert: {
      defaultProps: { closeText: i18n.t('common.close') },
      styleOverrides: {
        root: { alignItems: 'flex-start', fontSize: '0.84375rem' },
        message: { overflowWrap: 'anywhere' },
      },
    },
    MuiTooltip: {
      defaultProps: { arrow: true, enterDelay: 300 },
      styleOverrides: {
        tooltip: ({ theme: { vars } }) => ({
          backgroundColor: vars?.palette.text.primary,
          color: vars?.palette.background.paper,
          fontSize: '0.78125rem',
          maxWidth: 420,
          overflowWrap: 'anywhere',
        }),
        arrow: ({ theme: { vars } }) => ({ color: vars?.palette.text.primary }),
      },
    },
    MuiTableRow: {
      styleOverrides: { root: { 'tbody > &:last-of-type > *': { borderBottom: 0 } } },
    },
    MuiTableCell: {
      styleOverrides: {
        root: { padding: '7px 12px', fontSize: '0.84375rem' },
        stickyHeader: ({ theme: { vars } }) => ({ backgroundColor: vars?.palette.background.paper }),
        head: ({ theme: { vars } }) => ({
          fontWeight: 600,
          color: vars?.palette.text.secondary,
          whiteSpace: 'nowrap',
        }),
      },
    },
    MuiToggleButton: {
      styleOverrides: {
        root: ({ theme: { vars } }) => ({
          color: vars?.palette.text.secondary,
          backgroundColor: vars?.palette.background.paper,
          borderColor: vars?.palette.divider,
          '&.Mui-selected, &.Mui-selected:hover': {
            color: vars?.palette.primary.main,
            backgroundColor: vars?.palette.console.primarySoft,
          },
        }),
      },
    },
    MuiLink: { defaultProps: { underline: 'hover' } },
    // Names and texts of others have no length of ours. Not `anywhere`: tables would break their words instead of scrolling.
    MuiDialog: {
      styleOverrides: {
        paper: {
          overflowWrap: 'break-word',
          // In a form too the title and the buttons stay in sight and what is between them scrolls, if there is room.
          '@media (min-height: 600px)': {
            '& > form': { display: 'flex', flexDirection: 'column', minHeight: 0 },
          },
        },
      },
    },
    MuiDialogTitle: { styleOverrides: { root: { fontSize: '1.0625rem', fontWeight: 650 } } },
    MuiLinearProgress: { styleOverrides: { root: { borderRadius: 4, height: 6 } } },
  },
});
